"""A tick of NFTs by hand: drifts, fading, terms, smoothing, shocks, and what an appraisal goes by."""

import math
from types import SimpleNamespace
from typing import Any

import pytest

from model.errors import ScenarioError
from model.nft_kind import NftKind
from model.units import LARGEST_POSTING, USD
from tests.laws.test_nft_laws import Gallery

STILL: dict[str, Any] = {
    "weekly_sd": 0.0, "anchor_sd": 0.0, "usage_sd": 0.0, "usage_anchor_sd": 0.0, "game_decay": 0.0,
    "anchor_drift": 0.0, "usage_drift": 0.0, "infrastructure": "usage",
}  # fmt: skip


def gallery(hours: int = 24, **params: Any) -> Gallery:
    """NFTs that stand still but for these parameters."""
    return Gallery(hours, **STILL | params)


def mint(g: Gallery, kind: NftKind, usd: float = 1_000.0) -> int:
    return g.nfts.mint(g.people[0], kind, usd)


def steps(g: Gallery, n: int) -> None:
    for _ in range(n):
        g.step()


def test_each_index_follows_its_own_drift() -> None:
    g = gallery(anchor_drift=0.365, usage_drift=-0.73)
    art, land = mint(g, NftKind.ART), mint(g, NftKind.METAVERSE_LAND)
    steps(g, 10)
    assert g.nfts.appraisal[[art, land]] == pytest.approx([1_000 * math.exp(0.01), 1_000 * math.exp(-0.02)])
    late = mint(g, NftKind.ART)
    steps(g, 10)
    assert g.nfts.appraisal[late] == pytest.approx(1_000 * math.exp(0.01)), "an index counts from an NFT's birth on"


@pytest.mark.parametrize("hours", [6, 24])
def test_a_game_item_fades_by_the_year(hours: int) -> None:
    g = gallery(hours, game_decay=0.73)
    n = mint(g, NftKind.GAME_ITEM)
    steps(g, 10 * 24 // hours)
    assert g.nfts.appraisal[n] == pytest.approx(1_000 * math.exp(-0.02))


def test_the_last_tick_of_a_term_pays_for_what_is_left_of_it() -> None:
    g = gallery(term_days=2.5)
    n, paid = mint(g, NftKind.INFRASTRUCTURE), []
    for _ in range(4):
        g.step()
        paid.append(int(g.nfts.income[n]))
    assert paid == [paid[0], paid[0], pytest.approx(paid[0] / 2, abs=1), 0]


@pytest.mark.parametrize("hours", [6, 24])
def test_an_income_that_ends_is_capitalised_as_it_was_smoothed(hours: int) -> None:
    """The rent of a right doubles; a tick later the appraisal has seen 1 - e^(-t/14) of it."""
    g = gallery(hours, discount=0.0, smoothing_days=14.0, least_per_kw=0.001)
    n = mint(g, NftKind.MINING_RIGHT)
    before, days = float(g.nfts.smoothed[n]), hours / 24
    g.nfts.rigs.hashprice = 2 * 60.0 - 0.045 * 24 * 25.0  # twice the spread over the contract
    g.step()
    smoothed = before * (2.0 - math.exp(-days / 14.0))
    assert g.nfts.income[n] == pytest.approx(2 * before * days * USD, abs=1)
    assert g.nfts.smoothed[n] == pytest.approx(smoothed)
    assert g.nfts.appraisal[n] == pytest.approx(smoothed * (1_460.0 - days))


def test_comparable_sales_know_nothing_of_a_pieces_own_luck() -> None:
    g = gallery(weekly_sd=0.3, usage_sd=0.3)
    kinds = (NftKind.ART, NftKind.COLLECTIBLE, NftKind.METAVERSE_LAND, NftKind.GAME_ITEM)
    own = [mint(g, kind) for kind in kinds for _ in range(2)]
    steps(g, 5)
    assert g.nfts.anchor[own] == pytest.approx([1_000.0] * 8)
    appraised = g.nfts.appraisal[own]
    assert len({round(float(usd), 6) for usd in (*appraised, 1_000.0)}) == 9, "each has luck of its own"


def test_what_is_made_under_a_shock_is_worth_more_when_it_ends() -> None:
    g = gallery()
    g.market.shocks._today = {"nft_price": 0.5, "usage": 0.25}
    art, land = mint(g, NftKind.ART), mint(g, NftKind.METAVERSE_LAND)
    g.step()
    assert g.nfts.appraisal[[art, land]] == pytest.approx([1_000.0, 1_000.0])
    g.market.shocks._today = {}
    g.step()
    assert g.nfts.appraisal[[art, land]] == pytest.approx([2_000.0, 4_000.0])


def test_nodes_earn_in_proportion_to_the_networks_fees_in_dollars() -> None:
    g = gallery(infrastructure="network_fees")
    g.nfts.network = SimpleNamespace(fees_per_block=50_000_000, hashprice=60.0)
    assert g.nfts.weather().network_fees == pytest.approx(0.5 * 20_000.0)
    n = mint(g, NftKind.INFRASTRUCTURE)
    earned = []
    for fees, usage in ((1, 1.0), (2, 1.0), (2, 0.5)):
        g.nfts.network.fees_per_block = 50_000_000 * fees
        g.market.shocks._today = {"usage": usage}
        g.step()
        earned.append(int(g.nfts.income[n]))
    assert earned == pytest.approx([earned[0], 2 * earned[0], earned[0]], abs=2)


def test_works_and_collectibles_have_licences_of_their_own() -> None:
    for art, collectible in ((0.0, 0.1), (0.1, 0.0)):
        g = gallery(licence=art, collectible_licence=collectible)
        rates = [float(g.nfts.rate[mint(g, kind)]) for kind in (NftKind.ART, NftKind.COLLECTIBLE)]
        assert [rate > 0.0 for rate in rates] == [art > 0.0, collectible > 0.0]


@pytest.mark.parametrize(
    ("income", "what"), [(LARGEST_POSTING, "the income of NFT 0"), (-LARGEST_POSTING, "the charge of NFT 0")]
)
def test_incomes_and_charges_beyond_the_books_end_the_run(income: int, what: str) -> None:
    g = gallery()
    n = mint(g, NftKind.METAVERSE_LAND)
    g.nfts.table.income[n] = income
    with pytest.raises(ScenarioError, match=f"{what} comes to 9.007e"):
        g.nfts.pay_incomes()
