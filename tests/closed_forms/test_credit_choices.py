"""Choices of lenders, liquidators and leverage seekers by hand: one look, one number."""

import math
from typing import Any

import numpy as np
import pytest

from agents import lenders, nft_lenders
from agents.leverage.bundles import MOST_STEPS, lacking, loop, unwind
from agents.leverage.drafts import BORROW, FLASH_BORROW, PLEDGE, RELEASE, REPAY, STEP, TRADE, empty_draft
from agents.leverage.plan import LOOP, PART
from agents.liquidators import LiquidatorColumns, _decide
from agents.quotes import amount_out
from agents.sheet import FEE, PRICE, RESERVE, RESERVE_USD, ROWS
from model.ledger import USD_ASSET
from model.mechanisms.lending.formulas import collateral_cap
from model.mechanisms.nft_loans import NFT_POOL, RIG_DESK
from model.units import TOKEN, USD
from tests.sheet_house import seen_of

ONE = np.zeros(1, np.int64)
CALM = {
    "safe": 0.02, "loss": 0.01, "illiquidity": 0.02, "caution": 0.1, "expected": 0.06, "memory": 30.0, "lasting": 0.12,
    "cap": 0.8, "appetite": 0.1, "pace": 0.5, "band": 0.1, "nerve": 0.9, "calming": 30.0, "fear": 0.0, "looked": 0.0,
    "bad_seen": 0.0, "fled": lenders.NEVER,
}  # fmt: skip


def columns(kind: Any, **traits: float) -> Any:
    """Traits of one agent."""
    return kind(**{name: np.array([float(value)]) for name, value in traits.items()})


# -- lenders


def looked(
    day: float = 0.0, shares: float = 0.0, cash: float = 1_000.0, around: float = 0.0, seen: Any = (), **own: float
) -> tuple[Any, int, int]:
    """One lender after a look at a pool with 1,000 of deposits: his columns, what he supplies, shares he gives back."""
    of_pool = {
        "used": 0.5,
        "rate": 0.06,
        "deposits": 1_000.0,
        "bad": 0.0,
        "queue": 0.0,
        "worth": 1.0 / USD,
        "rumour": 0.0,
    }
    traits, rows = columns(lenders.Columns, **CALM | own), np.zeros((2, 1, 4), np.int64)
    balances = np.array([[int(cash * USD)], [int(shares * USD)]])
    n_in, n_out = lenders.decide(
        ONE, ONE, np.zeros(1, np.bool_), traits, balances, 1, np.array(list((of_pool | dict(seen)).values())),
        np.zeros(1), np.ones(1), np.full(1, around), 0.0, day, day, rows[0], rows[1],
    )  # fmt: skip
    return traits, int(rows[0, 0, 1]) if n_in else 0, int(rows[1, 0, 1]) if n_out else 0


def test_fear_fades_and_expectations_follow_rates_that_last() -> None:
    own, _, _ = looked(day=30.0, fear=0.8, seen={"rate": 0.5})
    kept = math.exp(-1.0)
    assert own.fear[0] == pytest.approx(0.8 * kept)
    assert own.expected[0] == pytest.approx(kept * 0.06 + (1.0 - kept) * 0.12)


@pytest.mark.parametrize(
    ("seen", "around", "fear"),
    [
        ({"used": 0.95}, 0.0, 0.4 * 0.5),
        ({"bad": 50.0}, 0.0, 0.05 / 0.10),
        ({"queue": 125.0}, 0.0, 0.4 * 0.5),
        ({"rumour": 0.7}, 0.0, 0.7),
        ({}, 0.3, 0.3),
    ],
)
def test_fear_is_the_worst_of_what_he_sees(seen: dict[str, float], around: float, fear: float) -> None:
    own, _, _ = looked(seen=seen, around=around)
    assert own.fear[0] == pytest.approx(fear)


def test_a_lender_moves_a_part_of_the_gap_to_what_the_rate_justifies() -> None:
    """.06 less .02 safe, .01 loss, .02 at half use squared is .025: a quarter of the appetite, .2 of his wealth."""
    assert looked()[1] == pytest.approx(0.5 * 0.2 * 1_000 * USD, abs=1)
    assert looked(shares=600.0, cash=400.0)[2] == pytest.approx(0.5 * 400 * USD, abs=2)
    assert looked(shares=250.0, cash=750.0)[1:] == (0, 0), "within his band"
    own, _, out = looked(shares=600.0, seen={"rumour": 0.95})
    assert out == 600 * USD and own.fled[0] == 0.0, "beyond his nerve he asks for everything"


def test_all_depositors_look_at_a_crowded_pool_and_neighbours_at_those_who_flee() -> None:
    for crowded, expected in ((True, [True, False, True]), (False, [False, False, True])):
        alert = np.zeros(3, np.bool_)
        lenders.warn(np.arange(3), 3, np.array([5, 0, 5]), np.array([0.0, 1.0, 0.5]), alert, crowded)
        assert alert.tolist() == expected


# -- depositors of the loans against NFTs and rigs

STEADY = {
    "nerves": 2.0, "horizon": 36.5, "outlook": 2.0, "slippage": 0.1, "dismay": 0.05, "contagion": 0.1, "premium": 0.02, "pace": 0.1
}  # fmt: skip


def weighed(
    desk: int = NFT_POOL, debt: float = 80.0, health: float = 1.1, bidder: int = -1, trend: float = 0.0, used: float = 0.5,
    withdrawn: float = 0.0, paid: float = 0.1, behind: int = 0, held: int = 7, calm: bool = True,
) -> tuple[bool, bool]:  # fmt: skip
    """Whether one with claims takes them out, and whether he deposits; claims of 100 and a floor of 100 USD."""
    figures, rows = (100.0, withdrawn, used, paid), np.zeros((2, 1, 5), np.int64)
    own = columns(nft_lenders.Nerves, desk=float(desk), **STEADY)
    found = nft_lenders.weigh(
        ONE, ONE, own, figures, figures, 1, 1, (calm, calm), ONE, np.array([int(debt * USD)]), np.array([health]),
        np.array([bidder]), ONE, np.array([100.0]), np.array([trend]), np.array([100 * USD]), np.array([behind * USD]),
        np.array([[1_000 * USD], [held]]), rows[0], rows[1],
    )  # fmt: skip
    return found[0] == 1, found[1] == 1


def test_a_depositor_leaves_when_twice_the_expected_loss_is_above_a_tenth_of_a_years_rate() -> None:
    """At 10 % a year the gain is .01 of his claims, so a loss of .5 of 100 is as much as he bears."""
    assert weighed(debt=90.4) == (False, False) and weighed(debt=90.6) == (True, False), "a sale fetches 90"
    assert weighed(debt=80.4, trend=-0.05)[0] is False and weighed(debt=81.6, trend=-0.05)[0] is True
    assert weighed(debt=90.6, trend=0.05)[0] is True, "nobody counts on a rise"
    assert weighed(debt=18.4, trend=-0.9)[0] is False and weighed(debt=18.6, trend=-0.9)[0] is True, "a fifth is left"
    assert weighed(health=0.9, paid=0.79)[0] is True and weighed(health=0.9, paid=0.81)[0] is False, "nobody bids"
    assert weighed(health=0.9, bidder=3, paid=0.01)[0] is False
    assert weighed(withdrawn=0.11)[0] is True and weighed(withdrawn=0.09)[0] is False, "half of what left counts"
    assert weighed(withdrawn=0.11, used=0.4)[0] is False
    assert weighed(RIG_DESK, behind=6, paid=0.99)[0] is True and weighed(RIG_DESK, behind=5)[0] is False


def test_a_depositor_adds_while_it_is_calm_and_pays_more_than_his_premium() -> None:
    assert weighed() == (False, True)
    assert weighed(paid=0.019) == weighed(calm=False) == weighed(withdrawn=0.06) == (False, False)


# -- liquidators


def test_a_liquidator_commits_what_pools_take_without_a_loss_and_sells_within_its_impact() -> None:
    """A pool of 1,000 fractions at 10 with a fee of 1 %; 50 pledged, and then 500."""
    facts = np.zeros((ROWS, 1))
    facts[[PRICE, RESERVE, RESERVE_USD, FEE], 0] = 10.0, 1_000.0, 10_000.0, 0.01
    own = {"commitment": 0.8, "least_profit": 2.0, "impact": 0.19, "slippage": 0.05, "renewal": 0.1, "harvest": 50.0}

    def decided(pledged: int, cash: float, held: int, days: float = 1.0, ordered: float = 0.0) -> Any:
        rows = [np.zeros((2, width), np.int64) for width in (5, 7, 5, 5)]
        balances = np.zeros((4, 1), np.int64)
        balances[USD_ASSET, 0], balances[3, 0] = int(cash * USD), held * TOKEN
        traits = columns(LiquidatorColumns, ordered=ordered, **own)
        counts = _decide(
            ONE,
            ONE,
            traits,
            balances,
            seen_of(facts, [3], 20_000.0, 0.5),
            days,
            np.array([pledged * TOKEN]),
            0.12,
            tuple(rows),
        )
        return counts, rows[0][0], rows[1][0]

    counts, order, _ = decided(50, 10_000.0, 0)
    assert counts[0] == 1 and order[1:3].tolist() == pytest.approx([50 * 10 / 1.12 * USD, (2.0 + 2 * 0.5) * USD], abs=1)
    _, order, _ = decided(500, 10_000.0, 0)
    sellable = collateral_cap(0.01, 0.12) * 1_000 * 10 / 1.12
    assert order[1] == pytest.approx(sellable * USD, abs=1)
    _, order, sale = decided(500, 10_000.0, 60)
    assert order[1] == pytest.approx((sellable - 600.0) * USD, abs=1)
    assert sale[3] == 60 * TOKEN
    assert sale[4] == pytest.approx(0.95 * amount_out(60.0, 1_000.0, 10_000.0, 0.01) * USD, abs=1)
    _, order, sale = decided(500, 100.0, 600)
    assert sale[3] == pytest.approx(1_000 * (1 / 0.9 - 1) * TOKEN, abs=1), "19 % of the price"
    _, _, sale = decided(500, 100.0, 600, days=0.25)
    assert sale[3] == pytest.approx(1_000 * (1 / math.sqrt(1 - 0.19 / 4) - 1) * TOKEN, abs=1)
    _, order, _ = decided(500, 100.0, 0)
    assert order[1] == pytest.approx(80 * USD, abs=1), "the rest is for fees"
    assert decided(500, 100.0, 0, ordered=75.0)[0][0] == 0, "a tenth more is not worth an order"


# -- leverage seekers


def test_what_a_sale_lacks_is_what_sales_before_it_leave() -> None:
    """100 at hand, 30 staked and 200 pledged: of sales of 90, 90 and 90 the second lacks 50 and the third all."""
    balances = np.array([[0], [100], [200], [30]])
    rows = np.zeros((4, 7), np.int64)
    rows[:3, 2], rows[:3, 3] = 1, 90
    rows[3, 2], rows[3, 3] = 0, 90  # a purchase
    lacks = np.full(4, -1)
    assert lacking(rows, balances, np.array([1]), np.array([3]), np.array([2]), lacks) == 2
    assert lacks.tolist() == [0, 50, 90, 0]


def unwound(debt: float, collateral: float, cash: float, sales: Any) -> tuple[Any, Any, int]:
    """Sales of pledged fractions at 10, each with its limit; what is drafted, what is released, what stays."""
    rows = np.array([[0, 0, 1, amount * TOKEN, limit * USD, 0, 0] for amount, limit in sales])
    draft, releases = empty_draft(len(sales), MOST_STEPS * len(sales)), np.zeros((len(sales), 5), np.int64)
    n, stay = unwind(
        rows, rows[:, 3].copy(), np.array([[int(cash * USD)]]), np.array([10.0]), 0.4, 0.001, np.array([collateral]),
        np.array([debt]), np.empty((len(sales), 7), np.int64), releases, draft,
    )  # fmt: skip
    return draft, releases[:n], stay


def test_a_sale_repays_what_the_rest_cannot_carry() -> None:
    """100 fractions of 10 carry 400. Without 40 of them they carry 240: of 300 owed 60 are repaid; without 80, 220."""
    draft, released, stay = unwound(300.0, 1_000.0, 500.0, [(40, 390)])
    assert (len(released), stay) == (0, 0)
    assert draft.repays[0, 1] == pytest.approx(60 * USD, abs=3) and draft.releases[0, 2] == 40 * TOKEN
    assert draft.count[0, [FLASH_BORROW, REPAY, RELEASE, TRADE, STEP]].tolist() == [0, 1, 1, 1, 3]
    draft, _, _ = unwound(300.0, 1_000.0, 100.0, [(40, 390)])
    assert draft.flash_borrows[0, 1] == draft.flash_repays[0, 1] == draft.repays[0, 1], "he has less than twice that"
    draft, _, stay = unwound(300.0, 1_000.0, 500.0, [(40, 390), (40, 390)])
    assert draft.repays[:2, 1].tolist() == pytest.approx([60 * USD, 160 * USD], abs=5)
    assert draft.count[0, FLASH_BORROW] == 1, "his cash is counted on once"
    _, released, stay = unwound(100.0, 1_000.0, 500.0, [(40, 390), (30, 290)])
    assert released[:, 2].tolist() == [40 * TOKEN, 30 * TOKEN] and stay == 2, "the rest carries the debt"
    draft, released, stay = unwound(100.0, 1_000.0, 500.0, [(40, 390), (40, 390)])
    assert len(released) == 1 and draft.repays[0, 1] == pytest.approx(20 * USD, abs=3)
    draft, released, stay = unwound(390.0, 1_000.0, 10.0, [(40, 30)])
    assert draft.count[0, STEP] == len(released) == stay == 0, "it would not pay for its loan"


def test_rounds_of_a_loop_pledge_what_was_surely_bought() -> None:
    facts = np.zeros((ROWS, 1))
    facts[[PRICE, RESERVE, RESERVE_USD, FEE], 0] = 10.0, 1_000.0, 10_000.0, 0.01
    row, draft = np.zeros((1, LOOP), np.int64), empty_draft(1, 20)
    row[0] = 0, 0, 50 * TOKEN, 0, 400 * USD, 150 * USD, int(0.35 * PART), 3
    loop(row, 1, facts, np.array([10.0]), np.array([10**12]), draft)
    first = amount_out(150.0, 10_000.0, 1_000.0, 0.01)
    second_usd = first * 0.97 * 10 * 0.35
    second = amount_out(second_usd, 10_000.0 + 150.0 * 0.99, 1_000.0 - first, 0.01)
    assert draft.pledges[:2, 2].tolist() == pytest.approx([50 * TOKEN, int(first * 0.97 * TOKEN)], abs=1)
    assert draft.borrows[:2, 1].tolist() == pytest.approx([150 * USD, second_usd * USD], abs=10)
    assert draft.trades[1, 4] == pytest.approx(second * 0.97 * TOKEN, abs=10)
    assert draft.count[0, [PLEDGE, BORROW, TRADE]].tolist() == [3, 3, 3]
    tight = empty_draft(1, 20)
    loop(row, 1, facts, np.array([10.0]), np.array([55 * TOKEN]), tight)
    assert tight.count[0, [PLEDGE, BORROW]].tolist() == [1, 1], "no more may be pledged"
