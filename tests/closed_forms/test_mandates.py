"""A mandate's sums by themselves: targets within limits, what it pays at most, what a financier asks."""

import math
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest

from agents.institutions.financiers import Financier
from agents.institutions.mandate import NO_TARGET, Mandated
from agents.institutions.position import Position
from agents.sheet import OFFER, OFFER_LEFT, PRICE, ROWS
from model.mechanisms.revenue_shares import present_value
from model.mechanisms.revenue_shares.table import ASKED, CAP_BPS, ISSUER, OFFERED, PHASE, SHARE, TERM, blank
from model.units import TOKEN, USD

WEALTH, QUOTE, VAULTS = 1_000.0, 10.0, 2
TRAITS = {
    "cap": 0.6, "invested": 0.5, "band": 0.1, "smallest": 5.0, "stake": 1.0, "pull": 1.0, "discount": 0.5, "safe": 0.0,
    "risk_aversion": 1.0, "margin": 0.1, "var_limit": 1.0, "concession": 0.02, "slippage": 0.01,
}  # fmt: skip


def position(held: tuple[float, float] = (0.0, 0.0), **given: Any) -> Any:
    """One institution with 1,000 USD that finds both vaults worth more than it may have; a dollar in each risks .2."""
    supply = np.full(VAULTS, 10_000 * TOKEN)
    market = Made(vaults=Made(live=np.ones(VAULTS, np.bool_), supply=supply), has=lambda key: False)
    facts = np.zeros((ROWS, VAULTS))
    facts[PRICE] = QUOTE
    own = {
        "slot": 0, "account": 3, "trait": TRAITS | given, "market": market, "facts": facts, "held": list(held),
        "wealth": WEALTH, "cash": WEALTH, "value": [15.0, 15.0], "weights": {}, "allows": lambda v: True,
        "volatility": lambda v: 0.5, "risk": lambda weights: 0.2 * math.fsum(weights.values()), "ceiling": lambda v: 15.0,
    }  # fmt: skip
    return Made(**own)


def desk(own: Any) -> Any:
    """A strategy that has nothing to do yet."""
    return Made(target=np.zeros((1, VAULTS)), waits=np.zeros((1, VAULTS)), sheet=Made(facts=own.facts))


def targets(own: Any) -> list[float]:
    """Fractions that it wants."""
    strategy = desk(own)
    Mandated._rebalance(strategy, own)
    return strategy.target[0].tolist()


def test_targets_share_what_is_invested() -> None:
    """Each vault would take .6 of 1,000 USD; half of it all is invested, so 250 USD go to each."""
    assert targets(position()) == pytest.approx([25.0, 25.0])
    assert targets(position(invested=2.0)) == pytest.approx([60.0, 60.0])
    assert targets(position(var_limit=0.05)) == pytest.approx([12.5, 12.5])
    assert targets(position(stake=0.001)) == pytest.approx([10.0, 10.0])


def test_gaps_within_the_band_are_left() -> None:
    """A tenth of 250 USD is 25: a gap of 20 stays, one of 30 is traded."""
    assert targets(position(held=(23.0, 22.0))) == [NO_TARGET, pytest.approx(25.0)]
    assert targets(position(held=(23.0, 22.0), band=0.01)) == pytest.approx([25.0, 25.0])


@pytest.mark.parametrize(
    ("given", "has", "spent"),
    [
        ({"cap": 0.3}, 0.0, 300.0),
        ({"cap": 0.3}, 0.1, 200.0),
        ({"invested": 0.25}, 0.1, 150.0),
        ({"var_limit": 0.06, "invested": 1.0}, 0.1, 200.0),
        ({"invested": 1.0, "cap": 1.0, "margin": 0.4}, 0.0, 0.0),
    ],
)
def test_an_offering_gets_what_cap_plan_and_risk_leave(given: dict[str, float], has: float, spent: float) -> None:
    """A dollar for each dollar of wealth risks .2 of it, and what it has of the vault counts too."""
    own = position(**given)
    own.weights = {0: has} if has else {}
    own.facts[OFFER, 0], own.facts[OFFER_LEFT, 0] = 10.0, 1_000.0
    rows = list(Mandated._offerings(None, own))  # type: ignore[arg-type]
    assert [row.values[2] / TOKEN * 10.0 for row in rows] == pytest.approx([spent] if spent else [])


@pytest.mark.parametrize(("ceiling", "bid"), [(15.0, 10.2), (10.1, 10.1)])
def test_a_bid_concedes_little_and_never_more_than_its_ceiling(ceiling: float, bid: float) -> None:
    own = position()
    own.ceiling = lambda v: ceiling
    (row,) = Mandated._buy(desk(own), own, 0, 20.0, QUOTE, 0.0, True, 0.0)
    assert row.values[3:5] == (20 * TOKEN, pytest.approx(bid * USD))


@pytest.mark.parametrize(
    ("discount", "pull", "most"), [(0.2, 1.0, math.exp(0.2)), (0.2, 0.5, math.exp(0.4)), (0.2, 0.1, math.e), (0.2, 0.0, math.e)]
)  # fmt: skip
def test_a_ceiling_is_where_it_expects_the_safe_rate(discount: float, pull: float, most: float) -> None:
    own: Any = Made(trait={"discount": discount, "safe": 0.0, "pull": pull}, value=[100.0])
    assert Position.ceiling(own, 0) == pytest.approx(100.0 * most)


def test_weights_count_fractions_and_what_waits_in_offerings() -> None:
    balances = np.zeros((4, 1), np.int64)
    balances[3] = 5 * TOKEN
    market = Made(vaults=Made(receipts=np.array([-1, 3])), balances=balances)
    own: Any = Made(fraction=np.array([1, 2]), market=market, held=[10.0, 0.0], wealth=WEALTH, account=0)
    assert Position._weights(own, np.array([1.0, 10.0, 7.0, 8.0]) / TOKEN) == pytest.approx({0: 0.1, 1: 0.04})


@pytest.mark.parametrize(("law", "mandate", "allowed"), [(True, 1.0, True), (False, 1.0, False), (True, 0.0, False)])
def test_law_and_mandate_must_both_allow(law: bool, mandate: float, allowed: bool) -> None:
    from agents.institutions.traits import MANDATES

    (kind, *_), traits = MANDATES["mandate_art"], dict.fromkeys(MANDATES, 0.0) | {"mandate_art": mandate}
    laws = np.full(20, law)
    market = Made(vaults=Made(kind=np.array([int(kind)])), has=lambda key: True, regulation=Made(allowed=laws))
    own: Any = Made(market=market, trait=traits)
    assert Position.allows(own, 0) is allowed


@pytest.mark.parametrize("halving", [np.inf, 60.0])
@pytest.mark.parametrize(("over", "buys"), [(1e-6, 0), (-1e-6, 1)])
def test_a_financier_reckons_with_defaults_and_halvings_and_asks_for_his_margin(
    over: float, buys: int, halving: float
) -> None:
    rows = blank(1)
    rows[0, [PHASE, ISSUER, SHARE, ASKED, CAP_BPS, TERM]] = OFFERED, 3, 100_000, 10_000 * USD, 15_000, 400
    worth = present_value(100.0, 15_000.0, 400.0, 0.1 + 0.3, 0.2)
    if halving < np.inf:
        then, left = 50.0 * np.exp(-0.2 * halving / 365), 15_000.0 - 100.0 * -np.expm1(-0.2 * halving / 365) * 365 / 0.2
        worth = present_value(100.0, 15_000.0, halving, 0.4, 0.2)
        worth += np.exp(-0.4 * halving / 365) * present_value(then, left, 400.0 - halving, 0.4, 0.2)
    agent: Any = Made(
        account=0, cash=1_000.0, share_part=0.25, share_return=0.1, share_default=0.3, share_fall=0.2,
        share_margin=worth / 10_000.0 - 1.0 + over,
    )  # fmt: skip
    view = Made(rows=rows, assets=np.array([2]), revenue=np.full(4, 1_000.0))
    chain = Made(days_to_halving=halving, left_by_halving=0.5)
    market: Any = Made(
        has=lambda key: True, revenue_shares=view, network=chain, dt_days=1.0, balances=np.zeros((3, 1), np.int64)
    )
    assert len(list(Financier.decide_one(None, agent, market))) == buys  # type: ignore[arg-type]
