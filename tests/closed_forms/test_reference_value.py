"""The reference net asset value: the holders' own values, the median by wealth, and what anybody's depends on."""

import math

import numpy as np
import pytest

from agents import reference
from agents.sheet import COST, HALVING, INCOME, LIFE, ROWS, SALVAGE, SUBSIDY_SHARE, WAITS, Seen
from agents.valuation import net_asset_value
from model.streams import Streams, normals
from model.units import TOKEN
from tests.closed_forms.test_retail_steps import own

KEY = Streams(5).key("opinion")
N, VAULTS, V, FRACTION = 3, 2, 1, 2
INCOME_A_DAY, COST_A_DAY, DAYS, RIGS = 0.05, 0.01, 1_000.0, 6.0
TRAITS = {
    "drift_prior": 0.25, "drift_weight": 0.5, "drift_seen": 0.4, "growth": 0.3, "discount": 0.15, "opinion": 0.0, "wear": 0.4,
}  # fmt: skip


def reference_of(wealth: list[float], held: list[int], **traits: list[float]) -> float:
    """Reference value of a vault [USD] among people with this wealth, these fractions and traits."""
    columns = own(N, **{name: traits.get(name, value) for name, value in TRAITS.items()})
    facts, scalars = np.zeros((ROWS, VAULTS)), np.zeros(ROWS)
    facts[INCOME], facts[COST], facts[LIFE], facts[SALVAGE] = INCOME_A_DAY, COST_A_DAY, DAYS, RIGS
    scalars[HALVING], scalars[SUBSIDY_SHARE], scalars[WAITS] = math.inf, 1.0, 1.0
    balances = np.zeros((FRACTION + VAULTS, N), np.int64)
    balances[FRACTION + V] = np.array(held) * TOKEN
    nowhere, who, out = np.full(VAULTS, -1), np.arange(N), np.zeros(VAULTS)
    seen = Seen(np.arange(FRACTION, FRACTION + VAULTS), nowhere, nowhere, nowhere, facts, scalars)
    middle = np.full(VAULTS, reference.UNASKED)
    space = np.zeros(N, np.int64), np.zeros(N), np.zeros(N), np.zeros(N)
    reference._reference(
        reference.NEVER, KEY, N, who, balances, np.array(wealth, float), seen, columns, KEY, middle, space, out
    )
    assert math.isnan(out[1 - V])
    return float(out[V])


def own_value(drift: float = 0.45, growth: float = 0.3, discount: float = 0.15, wear: float = 0.4) -> float:
    """By the formula; drift is .25 of his own and half of .4 seen."""
    return net_asset_value(INCOME_A_DAY, COST_A_DAY, DAYS, drift, growth, discount, RIGS, wear=wear, waits=True)


def test_of_people_who_think_alike_it_is_what_each_thinks() -> None:
    assert reference_of([1.0, 1.0, 1.0], [1, 1, 1]) == pytest.approx(own_value())


@pytest.mark.parametrize(
    ("trait", "given", "expected"),
    [
        ("drift_seen", 0.8, {"drift": 0.65}),
        ("drift_weight", 1.0, {"drift": 0.65}),
        ("drift_prior", 0.0, {"drift": 0.20}),
        ("growth", 0.6, {"growth": 0.6}),
        ("discount", 0.3, {"discount": 0.3}),
        ("wear", 0.1, {"wear": 0.1}),
    ],
)
def test_it_follows_what_its_holders_expect(trait: str, given: float, expected: dict[str, float]) -> None:
    assert reference_of([1.0] * N, [1] * N, **{trait: [given] * N}) == pytest.approx(own_value(**expected))


@pytest.mark.parametrize(
    ("wealth", "held", "whose"), [([1, 1, 1], [1, 1, 1], 1), ([1, 1, 9], [1, 1, 1], 2), ([9, 1, 1], [0, 1, 1], 1)]
)
def test_the_rich_count_for_more_and_who_holds_nothing_does_not(
    wealth: list[float], held: list[int], whose: int
) -> None:
    discounts = [0.5, 0.3, 0.1]
    found = reference_of(wealth, held, discount=discounts)
    assert found == pytest.approx(own_value(discount=discounts[whose]))


def test_a_lasting_opinion_is_the_one_by_which_he_trades() -> None:
    (draw,) = normals(KEY, np.array([2]), 2 * V + 1)
    found = reference_of([0.0, 0.0, 1.0], [0, 0, 1], opinion=[0.5] * N)
    assert found == pytest.approx(own_value() * math.exp(0.5 * draw))
