"""Tables of `[farms]` that cannot work are refused when they are read, with what to write instead."""

from typing import Any

import pytest

from model import Marketplace, Scenario
from model.errors import ScenarioError
from tests.needs import closed_under_needs

STAKERS: dict[str, Any] = {"name": "points", "design": "unifty_points", "stake": "token"}
MINTED = {"name": "minted", "design": "burn_and_mint", "stake": "token", "split": [1.0], "split_to": ["points"]}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"farm": [STAKERS, MINTED]}, "split_to names 'points', which pays points, not tokens"),
        ({"token": {"pool_tokens": 1e-6, "pool_usd": 0.5}}, "pool_tokens and pool_usd open too small a pool"),
        ({"peg": {"supply": 1e-6}}, "peg.supply = 1e-06 opens too small a pool"),
    ],
)
def test_what_cannot_open_is_refused(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        Scenario.from_tables({"farms": table}, "farms")


def test_farms_open_before_the_first_vault() -> None:
    rows = [{"name": kind, "stake": kind} for kind in ("fraction", "amm", "token")]
    tables: dict[str, Any] = {
        **{key: {} for key in closed_under_needs(("farms", "amm", "offerings"))},
        "clock": {"ticks": 4}, "offerings": {"initial": 0}, "farms": {"farm": rows},
        "agents": {"yield_farmer": {"count": 8, "attention": 1.0}},
    }  # fmt: skip
    with Marketplace(Scenario.from_tables(tables, "before the first"), rng=1) as market:
        market.run().check()
