"""Laws of NFTs: every dollar of rent, royalty and sale has a payer and a payee; owners alone act."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Marketplace, Scenario
from model.actions import Status
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow
from model.ledger import PAYABLE_ASSET, USD_ASSET
from model.mechanisms.nfts import MintNft, Nfts, SellNft
from model.nft_kind import WITH_NFT, NftKind
from model.units import USD

KINDS = sorted(WITH_NFT)
WORLD = {"clock": {"ticks": 1_000}, "bitcoin": {"process": "constant", "price": 20_000}}


class Gallery:
    """A market with NFTs alone; the rigs and the rest of the network are given by the test."""

    def __init__(self, hours: int = 24, **params: Any) -> None:
        tables = {**WORLD, "clock": {"ticks": 1_000, "hours_per_tick": hours}, "nfts": params}
        self.market = Marketplace(Scenario.from_tables(tables, "gallery"))
        self.ledger = self.market.ledger
        self.nfts: Nfts = self.market.mechanisms["nfts"]
        self.people = [int(a) for a in self.ledger.open_accounts("platform", 3)]
        for account in self.people:
            self.ledger.pay(USD_ASSET, self.ledger.world, account, 10**6 * USD, Flow.ENDOWMENT)
        self.rest = self.ledger.open_account("rest_of_network", "rest")
        self.ledger.pay(USD_ASSET, self.ledger.world, self.rest, 100 * USD, Flow.ENDOWMENT)
        self.nfts.rigs = SimpleNamespace(hashprice=60.0, shipping=25.0, rest=self.rest)
        self.ledger.drain()

    def step(self) -> None:
        """One tick of NFTs alone, with all laws."""
        self.market.clock.tick += 1
        self.nfts.move_appraisals()
        self.nfts.pay_incomes()
        self.check()

    def check(self) -> None:
        self.ledger.check()
        self.nfts.check()

    def act(self, *actions: Any) -> None:
        for action in actions:
            self.market.settlement.submit(action)
        for _, _, settle in self.market.settlement.lines():
            settle()
        self.check()

    def cash(self, account: int) -> int:
        return self.ledger.balance(USD_ASSET, account)

    def flows(self) -> dict[Flow, int]:
        """USD moved since the last call, by kind."""
        found: dict[Flow, int] = {}
        for kind, group, _, _, amount in self.ledger.drain():
            if group == USD_ASSET:
                found[Flow(int(kind))] = found.get(Flow(int(kind)), 0) + int(amount)
        return found


@settings(max_examples=15, deadline=None)
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=8), values=st.floats(1.0, 1e7),
    hours=st.sampled_from([1, 4, 6, 12, 24]), ticks=st.integers(1, 12), taken=st.floats(0, 1), shipping=st.floats(5, 120),
)  # fmt: skip
def test_every_dollar_of_income_has_payer_and_payee(
    kinds: list[NftKind], values: float, hours: int, ticks: int, taken: float, shipping: float
) -> None:
    g = Gallery(hours, take_or_pay=taken)
    g.nfts.rigs.shipping = shipping
    for i, kind in enumerate(kinds):
        assert g.nfts.mint(g.people[i % 3], kind, values) == i
    for _ in range(ticks):
        before = [g.cash(a) for a in (*g.people, g.rest, g.ledger.world)]
        owed = g.ledger.balance(PAYABLE_ASSET, g.people[0])
        g.step()
        earned = [int(g.nfts.income[: g.nfts.n][(g.nfts.owner[: g.nfts.n] == a)].clip(0).sum()) for a in g.people]
        after = [g.cash(a) for a in (*g.people, g.rest, g.ledger.world)]
        assert [a - b for a, b in zip(after, before, strict=True)][:3] == earned
        assert sum(after) == sum(before)
        assert g.flows().get(Flow.RENT, 0) == g.nfts.rent == sum(earned)
        assert g.ledger.balance(PAYABLE_ASSET, g.people[0]) >= owed
        assert (g.nfts.appraisal[: g.nfts.n] >= 0).all()


def test_miners_pay_for_rights_while_they_can() -> None:
    g = Gallery(weekly_sd=0.0, anchor_sd=0.0)
    n = g.nfts.mint(g.people[0], NftKind.MINING_RIGHT, 50_000.0)
    per_day = 24 * g.nfts.base[n] * 0.5 * (60.0 / (24 * 25.0) - 0.045)
    assert g.nfts.appraised(n) == pytest.approx(50_000.0)
    world = g.cash(g.ledger.world)
    g.step()
    assert g.nfts.income[n] == pytest.approx(per_day * USD, abs=1)
    assert g.cash(g.rest) == 100 * USD - g.nfts.income[n]
    g.step()
    g.step()  # the purse of 100 USD is empty on the third day
    assert g.cash(g.rest) == 100 * USD - 2 * int(per_day * USD)
    assert g.cash(g.ledger.world) == world - int(per_day * USD)


def test_a_right_without_use_costs_its_holder() -> None:
    g = Gallery(take_or_pay=0.8)
    g.nfts.rigs.shipping = 100.0  # break-even .025 USD/kWh, contract .045
    n = g.nfts.mint(g.people[0], NftKind.MINING_RIGHT, 1_000.0)
    assert g.nfts.base[n] == 10.0  # kW at 100 USD
    assert g.nfts.appraised(n) == 0.0
    g.step()
    assert g.nfts.income[n] == pytest.approx(-24 * 10.0 * 0.8 * 0.02 * USD, abs=1)
    assert g.ledger.balance(PAYABLE_ASSET, g.people[0]) == g.nfts.charges == -g.nfts.income[n]


def test_a_term_ends() -> None:
    g = Gallery(term_days=3.0, infrastructure="usage")
    n = g.nfts.mint(g.people[0], NftKind.INFRASTRUCTURE, 1_000.0)
    paid = []
    for _ in range(5):
        g.step()
        paid.append(int(g.nfts.income[n]))
    assert min(paid[:3]) > 0
    assert paid[3:] == [0, 0]
    assert g.nfts.appraised(n) == 0.0


def test_minting_is_paid_for_and_bounded() -> None:
    g = Gallery(capacity=1, making={"art": 0.1})
    a, b = g.people[:2]
    poor = MintNft(a, kind=int(NftKind.ART), appraisal=10**8 * USD)
    wrong = MintNft(a, kind=int(NftKind.RIG), appraisal=USD)
    nothing = MintNft(a, kind=int(NftKind.ART), appraisal=0)
    g.act(poor, wrong, nothing)
    good = MintNft(a, kind=int(NftKind.ART), appraisal=1_000 * USD)
    g.act(good)
    late = MintNft(b, kind=int(NftKind.ART), appraisal=USD)
    g.act(late)
    status = [x.rows["status"][0] for x in (poor, wrong, nothing, good, late)]
    assert status == [Status.FUNDS, Status.UNKNOWN, Status.AMOUNT, Status.DONE, Status.DEPTH]
    assert g.cash(a) == (10**6 - 50 - 100) * USD
    assert (g.nfts.owner[0], g.nfts.artist[0]) == (a, a)


def test_sales_to_the_world_pay_the_artist() -> None:
    g = Gallery(haircut=0.2, royalty_low=0.10, royalty_high=0.10)
    artist, buyer, other = g.people
    n = g.nfts.mint(artist, NftKind.ART, 1_000_000.0)
    g.nfts.transfer(n, buyer)
    foreign, dear = SellNft(other, nft=n, limit=1), SellNft(buyer, nft=n, limit=720_001 * USD)
    none = SellNft(buyer, nft=7, limit=1)
    g.act(foreign, dear, none)
    assert [x.rows["status"][0] for x in (foreign, dear, none)] == [Status.FUNDS, Status.LIMIT, Status.UNKNOWN]
    g.flows()
    sale = SellNft(buyer, nft=n, limit=720_000 * USD)
    g.act(sale)
    assert (sale.rows["status"][0], sale.rows["filled"][0]) == (Status.DONE, 720_000 * USD)
    assert g.flows() == {Flow.TRADE: 800_000 * USD, Flow.ROYALTY: 80_000 * USD}
    assert g.cash(artist) == (10**6 + 80_000) * USD
    assert g.nfts.owner[n] == -1
    again = SellNft(buyer, nft=n, limit=1)
    g.act(again)
    assert again.rows["status"][0] == Status.FUNDS
    g.step()
    assert g.nfts.income[n] == 0
    assert g.nfts.real_assets()["nfts"]["platform"] == 0.0


def test_an_artist_owes_himself_no_royalty() -> None:
    g = Gallery(haircut=0.1)
    n = g.nfts.mint(g.people[0], NftKind.COLLECTIBLE, 1_000.0)
    assert g.nfts.sell(n) == 900 * USD
    assert Flow.ROYALTY not in g.flows()


@given(low=st.floats(0.0, 0.5), width=st.floats(0.0, 0.5))
@settings(max_examples=10, deadline=None)
def test_royalties_and_licences_lie_in_their_ranges(low: float, width: float) -> None:
    high = min(0.5, low + width)
    g = Gallery(royalty_low=low, royalty_high=high)
    for _ in range(20):
        g.nfts.mint(g.people[0], NftKind.ART, 1.0)
    royalty = g.nfts.royalty[:20] / 10_000
    assert royalty.min() >= low - 1e-4
    assert royalty.max() <= high + 1e-4
    assert (g.nfts.rate[:20] <= 0.02).all()
    assert np.unique(g.nfts.rate[:20]).size == 20


def test_shocks_reach_what_they_name() -> None:
    sure: dict[str, Any] = {
        "weekly_sd": 0.0,
        "anchor_sd": 0.0,
        "usage_sd": 0.0,
        "usage_anchor_sd": 0.0,
        "game_decay": 0.0,
    }
    g = Gallery(**sure)
    art, land = (g.nfts.mint(g.people[0], kind, 1_000.0) for kind in (NftKind.ART, NftKind.METAVERSE_LAND))
    g.step()
    assert g.nfts.appraisal[[art, land]] == pytest.approx([1_000.0, 1_000.0])
    g.market.shocks._today = {"nft_price": 0.5}
    g.step()
    assert g.nfts.appraisal[[art, land]] == pytest.approx([500.0, 1_000.0])
    g.market.shocks._today = {"usage": 0.2}
    g.step()
    assert g.nfts.appraisal[[art, land]] == pytest.approx([1_000.0, 200.0])
    assert g.nfts.income[land] == pytest.approx(0.2 * 1_000 * 0.06 / 365 * USD, abs=1)


def test_laws_are_checked() -> None:
    g = Gallery()
    n = g.nfts.mint(g.people[0], NftKind.ART, 1_000.0)
    g.step()
    g.nfts.income[n] += 1
    with pytest.raises(InvariantViolated, match="nfts: earned"):
        g.nfts.check()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"anchor_sd": 0.5}, "anchor_sd = 0.5 is above weekly_sd"),
        ({"making": {"paintings": 0.1}}, "no such kind of NFT"),
        ({"making": {"art": -1.0}}, "allowed 0 to 10"),
        ({"infrastructure": "luck"}, "infrastructure"),
    ],
)
def test_bad_parameters_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Scenario.from_tables({**WORLD, "nfts": wrong}, "wrong")
