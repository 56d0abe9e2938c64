"""A rule in plain Python for one agent at a time and the same rule on columns give equal runs."""

import pytest

from model import Marketplace, Scenario
from model.actions import Status
from model.mechanisms.amm import Swap

TABLES = {
    "clock": {"ticks": 25},
    **{key: {} for key in ("bitcoin", "power", "rigs", "network", "payout", "vaults", "amm", "fees")},
    "offerings": {"initial": 4, "th": 100.0},
    "agents": {"retail_investor": {"count": 80, "attention": 0.5, "payback": 5.0}},
}


def run(strategy: object, seed: int) -> tuple[str, list[int]]:
    tables = {**TABLES, "agents": {"retail_investor": {**TABLES["agents"]["retail_investor"], "strategy": strategy}}}
    with Marketplace(Scenario.from_tables(tables, "both forms"), rng=seed) as market:
        market.run()
        return market.fingerprint(), market.settlement.outcomes[Swap].tolist()


@pytest.mark.parametrize("seed", [1, 2])
def test_columns_and_plain_python_agree(seed: int) -> None:
    columns, swaps = run("saver", seed)
    plain, same = run("saver_one_by_one", seed)
    assert swaps == same
    assert swaps[Status.DONE] > 20
    assert columns == plain


def test_forms_mix_freely() -> None:
    columns, _ = run("saver", 3)
    mixed, _ = run({"saver": 0.5, "saver_one_by_one": 0.5}, 3)
    assert columns == mixed
