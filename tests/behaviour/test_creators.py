"""What creators do, and what their works are worth to others."""

from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest

from agents.creators import Artist
from agents.creators.works import works_made
from agents.sheet import COST, INCOME, LIFE, NAV, SALVAGE
from agents.vault_sheet import sheet_of
from model import Marketplace, Scenario
from model.ledger import USD_ASSET
from model.nft_kind import NftKind
from model.units import TOKEN, USD

QUIET = {"weekly_sd": 0.0, "anchor_sd": 0.0, "usage_sd": 0.0, "usage_anchor_sd": 0.0, "game_decay": 0.0}
KEYS = ("network", "power", "rigs", "payout", "amm", "fees")


def market(creators: dict[str, Any], ticks: int = 40, retail: int = 0, **tables: Any) -> Marketplace:
    """A market of NFTs alone, whose creators look every day."""
    base: dict[str, Any] = {
        "clock": {"ticks": ticks},
        "bitcoin": {"process": "constant", "price": 20_000},
        **{key: {} for key in KEYS},
        "vaults": {"supply": 1_000, "redemption": "whole"},
        "offerings": {"initial": 0, "days": 3.0},
        "nfts": QUIET,
        "agents": {"creator": {"count": 1, "attention": 1.0, "cash": 100_000.0, **creators}},
    }
    if retail:
        base["agents"]["retail_investor"] = {"count": retail, "cash": 5_000.0, "attention": 0.3}
    for key, table in tables.items():
        base[key] = {**base.get(key, {}), **table}
    return Marketplace(Scenario.from_tables(base, "creators"), rng=2)


def test_a_creator_lowers_the_price_after_each_failure_and_sells_at_last() -> None:
    idle = {"artworks": 0.0, "keep": 0.25, "markup": 1.0, "cut": 0.2, "patience": 3.0}
    with market(idle, ticks=24) as m:
        nfts, artist = m.mechanisms["nfts"], int(m.populations["creator"].account[0])
        n = nfts.mint(artist, NftKind.ART, 50_000.0)
        before = m.populations["creator"].agents[0].cash
        m.run()
        events = m.events()
        asked = events[events["kind"] == "offering"]["amount"].tolist()
        assert asked == pytest.approx([50.0, 40.0, 32.0])  # USD a piece of 1,000
        assert (events["kind"] == "nft sale").sum() == 1
        assert nfts.owner[n] == -1
        paid = m.populations["creator"].agents[0].cash - before
        assert paid == pytest.approx(50_000 * 0.85, rel=0.01)  # the world's haircut; no royalty to himself
        m.check()


def test_a_work_worth_more_than_the_books_hold_is_not_sold() -> None:
    dear = {"artworks": 365.0, "artwork_value": 1e9, "spread": 0.0, "markup": 10.0, "patience": 1.0}
    free = {**QUIET, "mint_cost": 0.0, "making": {"art": 0.0}}
    heap = {"channel": "nft_price", "size": 1_000.0, "day": 8.0, "source": "x"}
    with market(dear, ticks=12, vaults={"supply": 1}, nfts=free) as m:
        m.run()
        assert m.mechanisms["nfts"].n > 3
    scenario = m.scenario.override({"shocks": [heap]})
    with Marketplace(scenario, rng=2) as m:
        m.run()
        assert m.mechanisms["nfts"].table.appraisal.max() > 1e11
        m.check()


@pytest.mark.parametrize(
    ("strategy", "traits", "kinds"),
    [
        ("artist", {"artworks": 60.0, "artwork_value": 5_000.0}, {NftKind.ART}),
        (
            "studio",
            {"items": 60.0, "item_value": 3_000.0, "collectibles": 60.0, "collectible_value": 3_000.0},
            {NftKind.GAME_ITEM, NftKind.COLLECTIBLE},
        ),
        ("land_owner", {"plots": 60.0, "plot_value": 3_000.0}, {NftKind.METAVERSE_LAND}),
        (
            "site_owner",
            {"rights": 60.0, "right_value": 5_000.0, "nodes": 60.0, "node_value": 5_000.0},
            {NftKind.MINING_RIGHT, NftKind.INFRASTRUCTURE},
        ),
    ],
)
def test_works_are_made_sold_in_pieces_and_traded(strategy: str, traits: dict[str, Any], kinds: set[NftKind]) -> None:
    with market({"count": 3, "strategy": strategy, **traits, "spread": 0.2}, ticks=45, retail=120) as m:
        m.run()
        nfts, vaults = m.mechanisms["nfts"], m.mechanisms["vaults"]
        assert {NftKind(int(k)) for k in nfts.kind[: nfts.n]} == kinds
        sold = np.flatnonzero(vaults.live[: vaults.n])
        assert sold.size >= 1
        assert all(vaults.nft[v] >= 0 and nfts.vault[vaults.nft[v]] == v for v in sold)
        assert m.summary()["amm.trades"] > 20
        rent = m.flows().loc["rent"].to_dict()
        assert rent["vaults"] > 0  # the world pays the vaults, they pass it on
        assert sum(rent.values()) == 0
        kept = m.ledger.balance(int(vaults.fraction[sold[0]]), int(vaults.creator[sold[0]]))
        assert kept > 0
        m.check()


def test_a_creator_does_not_make_what_he_cannot_pay() -> None:
    with market({"artworks": 365.0, "artwork_value": 1e6, "spread": 0.0, "cash": 1_000.0}, ticks=10) as m:
        m.run()
        assert m.mechanisms["nfts"].n == 0


def test_fractions_of_a_work_of_a_million() -> None:
    """10,000 pieces of .01 %: value 100 USD each, all of it in what the work is appraised at, income beside it."""
    with market({"artworks": 0.0}, vaults={"supply": 10_000}) as m:
        nfts, vaults, artist = m.mechanisms["nfts"], m.mechanisms["vaults"], int(m.populations["creator"].account[0])
        works = [nfts.mint(artist, kind, 1_000_000.0) for kind in (NftKind.ART, NftKind.METAVERSE_LAND)]
        held = [vaults.create(artist, 0, kind=NftKind(int(nfts.kind[n])), nft=n) for n in works]
        for _ in range(3):
            m.step()
        facts = sheet_of(m).look().facts
        for v, n in zip(held, works, strict=True):
            assert facts[NAV, v] == facts[SALVAGE, v] == pytest.approx(100.0)
            assert facts[LIFE, v] == facts[COST, v] == 0.0
            assert facts[INCOME, v] == pytest.approx(nfts.smoothed[n] / 10_000, rel=1e-3)
        for v in held:
            m.ledger.collect(int(vaults.fraction[v]), np.array([artist]))
        earned = m.populations["creator"].agents[0].cash - 100_000
        assert earned * 365 / 3 == pytest.approx(1_000_000 * (0.06 + nfts.rate[works[0]]), rel=0.02)
        assert vaults.supply[held[0]] == 10_000 * TOKEN


def test_equal_runs_are_equal_at_any_tick() -> None:
    prints = []
    for hours in (24, 24, 6):
        tables: dict[str, Any] = {"clock": {"ticks": 240 // hours * 2, "hours_per_tick": hours}}
        with market({"count": 2, "artworks": 30.0, "artwork_value": 5_000.0}, retail=40, **tables) as m:
            m.run()
            m.check()
            prints.append((hours, m.fingerprint()))
    assert prints[0] == prints[1]


@pytest.mark.parametrize("name", ["art_market", "land_rent", "game_items", "mining_rights"])
def test_scenarios_trade(name: str) -> None:
    with Marketplace(name, clock__ticks=15) as m:
        m.run()
        m.check()
        nfts = m.mechanisms["nfts"]
        assert nfts.n >= 9
        assert m.summary()["amm.trades"] > 100
        assert m.summary()["nfts.rent"] > 0
        assert 0.3 < np.exp(m.summary()["fractions.premium"]) < 3.0
        assert m.balance_sheet().loc["nfts", "vaults"] == pytest.approx(m.summary()["nfts.appraisal"], rel=0.5)


@pytest.mark.parametrize("mean", [0.02, 1.0, 8.0])
def test_as_many_works_are_made_as_the_rate_says(mean: float) -> None:
    draws = (np.arange(20_000) + 0.5) / 20_000
    made = np.array([works_made(mean, float(draw), 100) for draw in draws])
    assert made.mean() == pytest.approx(mean, rel=0.01)
    assert made.var() == pytest.approx(mean, rel=0.02)


def test_who_looks_seldom_makes_several_works_at_once() -> None:
    with market({"artworks": 365.0, "artwork_value": 100.0, "spread": 0.0, "attention": 0.2}, ticks=60) as m:
        m.run()
        assert m.mechanisms["nfts"].n > 30  # one at each look would be about 12


@pytest.mark.parametrize(("markup", "sold"), [(1.0, True), (1.01, False)])
def test_he_sells_a_whole_nft_for_what_the_world_bids_and_not_below_his_markup(markup: float, sold: bool) -> None:
    """The world bids what it is appraised at, less its haircut."""
    with market({"artworks": 0.0, "markup": markup, "cut": 0.0, "patience": 1.0}, ticks=10) as m:
        nfts, artist = m.mechanisms["nfts"], int(m.populations["creator"].account[0])
        n = nfts.mint(artist, NftKind.ART, 50_000.0)
        m.run()
        assert bool(nfts.owner[n] != artist) is sold


def test_a_creator_offers_all_but_what_he_keeps_and_what_seeds_the_pool() -> None:
    with market({"artworks": 0.0, "keep": 0.25}, ticks=2) as m:
        artist = int(m.populations["creator"].account[0])
        m.mechanisms["nfts"].mint(artist, NftKind.ART, 50_000.0)
        m.run()
        assert m.view.offerings.left[0] * 1.2 == 750 * TOKEN


def test_works_are_made_while_cash_pays_for_their_making() -> None:
    """Ten days of a work a day and more, each for 10 USD and half of the 1,000 that it is worth."""
    nfts = Made(mint_cost=10.0, room=100, making={NftKind.ART: 0.5})
    artist = Made(slot=0, account=0, artworks=3_650.0, artwork_value=1_000.0, spread=0.0)
    for cash, works in ((1_020, 2), (1_019, 1)):
        seen: Any = Made(nfts=nfts, balances=np.full((USD_ASSET + 1, 1), cash * USD))
        made = list(Artist._make(Made(works=Artist.works, key=np.uint64(5)), artist, seen, 10.0))  # type: ignore[arg-type]
        assert [row.values[2] for row in made] == [1_000 * USD] * works
