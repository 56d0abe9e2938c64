"""The world is closed: four months of the baseline, every payer by name, every matrix to the last unit."""

from collections.abc import Iterator

import pytest

from model import Marketplace
from model.journal import CHANGE_IN_HOLDINGS

TICKS = 120
AGENTS = ("miner", "retail_investor", "liquidity_provider", "arbitrageur")
INVESTORS = AGENTS[1:]
FLOWS = {  # who pays whom for what: asset, kind of flow, payers, receivers; each pair must occur
    "new coins": ("btc", "subsidy", ("protocol",), ("mining_pools", "rest_of_network")),
    "fees of the coin's network": ("btc", "network fees", ("world",), ("mining_pools", "rest_of_network")),
    "pools pay members": ("btc", "payout", ("mining_pools",), ("miner", "vaults")),
    "power is invoiced": ("payable", "power", ("utilities",), ("miner", "vaults", "rest_of_network")),
    "power is paid": ("usd", "power", ("miner", "vaults", "rest_of_network"), ("utilities",)),
    "sites": ("usd", "site", ("miner", "rest_of_network"), ("utilities",)),
    "rigs": ("usd", "rigs", ("miner", "rest_of_network"), ("manufacturers",)),
    "outside capital": ("usd", "capital", ("world",), ("miner",)),
    "profit and idle cash leave": ("usd", "departure", ("miner", "rest_of_network"), ("world",)),
    "coins sold": ("btc", "coin trade", ("miner", "rest_of_network", "vaults"), ("world",)),
    "dollars for coins": ("usd", "coin trade", ("world",), ("miner", "rest_of_network", "vaults")),
    "cash at the start": ("usd", "endowment", ("world",), (*AGENTS, "rest_of_network")),
    "operators' fee": ("usd", "service fee", ("vaults",), ("platform",)),
    "income of fractions": ("btc", "income", ("vaults",), (*AGENTS, "venues")),
    "income of providers": ("btc", "income", ("venues",), ("liquidity_provider",)),
    "subscriptions": ("usd", "offering", ("retail_investor",), ("platform",)),
    "proceeds of offerings": ("usd", "offering", ("platform",), ("miner",)),
    "refunds": ("usd", "refund", ("platform",), ("retail_investor",)),
    "fractions bought": ("usd", "trade", INVESTORS, ("venues",)),
    "fractions sold": ("usd", "trade", ("venues",), AGENTS),
    "liquidity": ("usd", "liquidity", ("liquidity_provider", "miner"), ("venues",)),
    "market fee": ("usd", "market fee", ("miner",), ("platform",)),
    "transaction fee": ("usd", "transaction fee", (*AGENTS, "rest_of_network"), ("world",)),
    "suppliers' surplus": ("usd", "surplus", ("manufacturers", "utilities", "platform"), ("world",)),
}
USD_PAYERS = {  # nobody else pays dollars
    "endowment": {"world"},
    "capital": {"world"},
    "departure": {"miner", "rest_of_network"},
    "power": {"miner", "vaults", "rest_of_network", *INVESTORS},
    "site": {"miner", "rest_of_network", "vaults"},  # vaults of clubs
    "surplus": {"manufacturers", "utilities", "platform"},
    "service fee": {"vaults"},
    "transaction fee": {*AGENTS, "rest_of_network"},
}


@pytest.fixture(scope="module")
def market() -> Iterator[Marketplace]:
    with Marketplace("baseline", rng=44, clock__ticks=TICKS) as ran:
        yield ran.run()


@pytest.mark.parametrize("asset", ["usd", "btc", "fraction", "share", "payable", "receipt", "debt"])
def test_rows_and_columns_close(market: Marketplace, asset: str) -> None:
    for tick in (None, 0, TICKS // 2, TICKS - 1):
        matrix = market.flows(tick, asset)
        assert (matrix.sum(axis=1) == 0).all()
        assert (matrix.drop(index=CHANGE_IN_HOLDINGS).sum() == matrix.loc[CHANGE_IN_HOLDINGS]).all()


@pytest.mark.parametrize("what", FLOWS)
def test_every_payer_pays(market: Marketplace, what: str) -> None:
    asset, kind, payers, receivers = FLOWS[what]
    table = market.journal.flow_table()
    table = table[(table["asset"] == asset) & (table["kind"] == kind) & (table["amount"] > 0)]
    found = set(zip(table["from"], table["to"], strict=True))
    assert {(payer, receiver) for payer in payers for receiver in receivers} <= found


def test_nobody_else_pays(market: Marketplace) -> None:
    table = market.journal.flow_table()
    for kind, payers in USD_PAYERS.items():
        assert set(table[(table["asset"] == "usd") & (table["kind"] == kind)]["from"]) <= payers, kind


def test_balance_sheet_closes(market: Marketplace) -> None:
    sheet = market.balance_sheet()
    scale = sheet.abs().to_numpy().max()
    financial = sheet.drop(index=["net worth", "rigs"])
    assert financial["sum"].abs().max() <= 1e-12 * scale
    assert sheet.sum(axis=0).abs().max() <= 1e-12 * scale
    assert sheet.loc["rigs", "sum"] == pytest.approx(-sheet.loc["net worth", "sum"])
