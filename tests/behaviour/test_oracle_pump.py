"""Pumping a thin pool pays where the page says: on unguarded spot in a bundle, from the derived multiple on."""

import math

import pytest

from agents.manipulation import attack_profit
from experiments.pump import SETTING, VARIANTS, attack, attacks, cells, derived, scenario_of, sheet
from experiments.pump_picture import draw
from model import Marketplace, Scenario

FLASH = 0.0009
NOTHING = 0.001  # fees of refused bundles, over the pool's dollars


def test_in_a_bundle_it_pays_from_the_derived_multiple_on() -> None:
    m = derived("bundle")
    assert m == pytest.approx(2.72, abs=0.01)
    for multiple in (2.5, m * 1.01, 4.0):
        found = attack("bundle", multiple, 1)
        assert found.reached == pytest.approx(multiple)
        assert found.profit == pytest.approx(attack_profit(0.25, multiple, multiple, flash_fee=FLASH), abs=0.006)
        assert (found.profit > 0.0) == (multiple > m)
        assert found.loan == pytest.approx(0.38 * multiple * 0.25, rel=0.02)


def test_a_cap_makes_it_smaller_and_dearer() -> None:
    assert derived("bundle, cap") == pytest.approx(2.84, abs=0.01)
    low, high = (attack("bundle, cap", m, 1) for m in (2.75, 4.0))
    assert low.profit < 0.0 < high.profit
    assert high.loan == pytest.approx(0.38 * 4.0 * 0.11, rel=0.02)


@pytest.mark.parametrize("variant", ["bundle, guard", "bundle, guard and cap", "bundle, mean of 3"])
def test_no_report_moves_within_a_bundle(variant: str) -> None:
    found = attack(variant, 6.0, 1)
    assert math.isinf(derived(variant))
    assert found.loan == 0.0
    assert -NOTHING < found.profit < 0.0


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v.startswith("over ticks")])
@pytest.mark.parametrize("multiple", [2.75, 10.0])
def test_over_ticks_it_does_not_pay_who_has_little_money(variant: str, multiple: float) -> None:
    assert attack(variant, multiple, 1).profit < 0.0


@pytest.mark.parametrize("multiple", [4.0, 10.0])
def test_guard_and_cap_stop_the_rich_too(multiple: float) -> None:
    found = attack("rich, over ticks, guard and cap", multiple, 1)
    assert found.profit < 0.0
    assert found.loan == 0.0


def test_who_reckons_attacks_only_where_it_pays() -> None:
    for variant, attacked in (
        ("bundle", True),
        ("bundle, guard", False),
        ("over ticks", False),
        ("rich, over ticks, guard and cap", False),
    ):
        changes = {"agents.attacker.least_profit": 100.0}
        with Marketplace(scenario_of(variant, 4.0).override(changes), rng=1) as market:
            market.run()
            agent = market.populations["attacker"].agents[0]
            assert (agent.staked > 0.0) == attacked, variant
            if attacked:
                kinds = set(market.events().kind)
                assert {"liquidation", "bad_debt"} <= kinds, "others pay for it"


def test_attackers_are_there_only_where_a_scenario_names_them() -> None:
    named = {name for name in Scenario.names() if "attacker" in Scenario.load(name).agents}
    assert named == {"majority_attack", "oracle_pump"}


def test_table_and_picture(tmp_path) -> None:
    found = list(attacks((1,), ("bundle", "over ticks"), (2.0, 4.0)))
    assert [cell.pays for cell in cells(found)] == [False, True, False, False]
    told = sheet(found)
    assert told.rows[0][-1].endswith("*")
    assert told.rows[1][1] == "-"
    path = tmp_path / "pump.png"
    draw(found, path)
    assert path.stat().st_size > 10_000
    assert SETTING["clock.ticks"] > 0
