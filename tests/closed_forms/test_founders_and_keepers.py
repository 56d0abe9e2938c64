"""Steps of bots by themselves: a founder pledges once, and a keeper holds a peg that is covered in full."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.club_founders import ClubFounder
from agents.peg_keepers import PegKeeper
from model.actions import Status
from model.ledger import USD_ASSET
from model.mechanisms.farms import MintPeg, RedeemPeg, peg
from model.units import TOKEN, USD

RECEIPTS, PEG_TOKEN, TOKENS = 5, 6, 7
MINTER, BACKING = 1, 2


@pytest.mark.parametrize(("receipts", "held", "pledges"), [(-1, 0, 1), (RECEIPTS, 0, 1), (RECEIPTS, 100 * TOKEN, 0)])
def test_a_founder_pledges_to_his_club_once(receipts: int, held: int, pledges: int) -> None:
    has = {USD_ASSET: 1_000 * USD, RECEIPTS: held}
    agent = SimpleNamespace(account=3, pledge=0.2, held=has.__getitem__)
    offerings = SimpleNamespace(price=[2.0], left=[10_000 * TOKEN])
    market: Any = SimpleNamespace(offerings=offerings, vaults=SimpleNamespace(receipts=np.array([receipts])))
    rows = list(ClubFounder._pledge(None, agent, market, 0))  # type: ignore[arg-type]
    assert [row.values[2] for row in rows] == [100 * TOKEN] * pledges


def farms(price: float, ratio: float, token_mean: float = 0.1) -> Any:
    """A pool of the peg with 100,000 pegged dollars at a price, and one of the token with as many dollars."""
    depth = 100_000 * USD
    return SimpleNamespace(
        peg_usd=int(depth * price), peg_depth=depth, peg_fee=0.005, peg_ratio=ratio, peg_cash=10 * depth, fee=0.003,
        token_mean=token_mean, token_usd=depth, token_depth=int(depth / max(token_mean, 1e-6)),
    )  # fmt: skip


@pytest.mark.parametrize("ratio", [0.75, 1.0])
def test_a_keeper_redeems_what_is_too_cheap_and_makes_what_is_too_dear(ratio: float) -> None:
    """Below a dollar and above it, however much of it is covered; where all is, no token is bought or sold."""
    keeper: Any = PegKeeper(None)  # type: ignore[arg-type]
    parts = 2 if ratio == 1.0 else 3
    gain, actions = keeper._redeemed(SimpleNamespace(farms=farms(0.8, ratio)), 1_000 * USD)
    assert gain > 0.0 and len(actions) == parts and actions[1][0] is RedeemPeg
    gain, actions = keeper._made(SimpleNamespace(farms=farms(1.2, ratio)), 1_000 * USD)
    assert gain > 0.0 and len(actions) == parts and actions[-2][0] is MintPeg
    assert keeper._redeemed(SimpleNamespace(farms=farms(1.0, ratio)), 1_000 * USD)[0] < 0.0


@pytest.mark.parametrize(("ratio", "status"), [(0.5, Status.CLOSED), (1.0, Status.DONE)])
def test_a_peg_covered_in_full_needs_no_token(ratio: float, status: Status) -> None:
    """The token is worth nothing any more: half a dollar of it stops all, none of it nothing, and a dollar costs a dollar."""
    paid: list[tuple[int, int, int, int]] = []
    ledger = SimpleNamespace(
        balance=lambda asset, account: 100 * USD, outstanding=lambda asset: 0,
        pay=lambda asset, giver, taker, amount, why: paid.append((asset, giver, taker, amount)),
    )  # fmt: skip
    house: Any = SimpleNamespace(
        params=SimpleNamespace(peg=SimpleNamespace(ratio=ratio, least_price=0.001, fee_bps=50)), ledger=ledger, token=TOKENS,
        peg=PEG_TOKEN, issuer=0, peg_issuer=MINTER, backing=BACKING, minted_for_peg=np.zeros(1, np.int64),
        pools=SimpleNamespace(table=SimpleNamespace(twap=np.zeros(2))),
    )  # fmt: skip
    assert peg.mint(house, 9, 10 * USD)[0] is status
    assert peg.redeem(house, 9, 10 * USD, 0)[0] is status
    moved = [row for row in paid if row[3] > 0]
    fee = 10 * USD * 50 // 10_000
    expected = [
        (USD_ASSET, 9, BACKING, 10 * USD), (PEG_TOKEN, MINTER, 9, 10 * USD), (PEG_TOKEN, 9, MINTER, 10 * USD),
        (USD_ASSET, BACKING, 9, 10 * USD - fee),
    ]  # fmt: skip
    assert moved == (expected if status is Status.DONE else [])


@pytest.mark.parametrize(("fetched", "founds"), [(26.3, 0), (26.5, 1)])
def test_a_founder_asks_for_rigs_sites_and_a_reserve_where_fractions_fetch_his_advantage_more(
    fetched: float, founds: int
) -> None:
    """A TH costs 15 + 5 USD and a tenth for what may come: 22, and 26.4 with an advantage of a fifth."""
    offerings = SimpleNamespace(least_ghs=500_000, supplies=np.full(20, 1_000))
    market: Any = SimpleNamespace(offerings=offerings, rigs=SimpleNamespace(price=15.0, site_cost=5.0))
    founders: Any = SimpleNamespace(reserve=np.array([0.1]), advantage=np.array([0.2]), account=np.array([3]))
    batches = list(ClubFounder.founded(SimpleNamespace(fetched=fetched), founders, market))  # type: ignore[arg-type]
    assert len(batches) == founds
    for batch in batches:
        row = batch.rows[0]
        assert (row["account"], row["ghs"], row["price"]) == (3, 500_000, 22 * 500 * USD // 1_000)


@pytest.mark.parametrize(("here", "coming"), [(0.5, 0.0), (0.0, 0.5), (0.2, 0.3)])
def test_a_founder_opens_the_pool_at_what_its_rigs_fetch_those_on_order_too(here: float, coming: float) -> None:
    """Half of 100 fractions of half a TH at 40 USD a TH need 1,000 USD, which is half of his cash."""
    vaults = SimpleNamespace(fraction=np.array([1]), th_per_fraction=np.array([here]), th_coming=np.array([coming]))
    balances = np.array([[0], [100 * TOKEN]])
    market: Any = SimpleNamespace(amm=SimpleNamespace(share=np.array([-1])), vaults=vaults, balances=balances)
    agent: Any = SimpleNamespace(account=0, daily_sale=0.05, held={USD_ASSET: 2_000 * USD}.__getitem__)
    (row,) = ClubFounder._market(SimpleNamespace(fetched=40.0), agent, market, 0)  # type: ignore[arg-type]
    assert row.values[2:4] == (1_000 * USD, 50 * TOKEN)
