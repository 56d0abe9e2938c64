"""New values of live parameters go with all others, or one sentence says why not; rows and numbers however they are given."""

import numpy as np
import pytest

from model import Marketplace, Scenario, ScenarioError
from model.scenario_files import lay_over
from model.tables import FOLDER

LENDING = {"lending.loan_to_value": 0.3, "lending.threshold": 0.4, "lending.bonus": 0.05}
STEEP = {"lending.loan_to_value": 0.7, "lending.threshold": 0.75}


def small(rows=(), **more):
    """The credit market with few agents, its own limits and dated changes."""
    base = Scenario.load("credit_baseline").with_agents(40).override({**LENDING, "clock.ticks": 9, **more})
    return base.override({"changes": [{"tick": tick, "set": values} for tick, values in rows]}) if rows else base


def test_rows_are_held_against_the_scenarios_own_values():
    small([(2, {"lending.threshold": 0.35})])
    with pytest.raises(ScenarioError) as raised:
        small([(2, {"lending.threshold": 0.35})], **{"lending.loan_to_value": 0.38})
    said = str(raised.value)
    assert "changes row 1: lending.threshold = 0.35: threshold 0.35 is below loan_to_value 0.38" in said
    assert "capacity" not in said and len(said.splitlines()) == 1


def test_rows_are_held_against_those_of_earlier_ticks():
    small([(5, {"lending.loan_to_value": 0.38}), (2, {"lending.threshold": 0.45})])
    with pytest.raises(ScenarioError, match=r"changes row 1: lending.loan_to_value = 0.42"):
        small([(5, {"lending.loan_to_value": 0.42}), (2, {"lending.loan_to_value": 0.35})])
    with pytest.raises(ScenarioError, match=r"changes row 2: lending.loan_to_value = 0.5"):
        small([(1, {"lending.threshold": 0.45}), (2, {"lending.loan_to_value": 0.5})])


def test_a_row_is_taken_as_a_whole():
    scenario = small([(1, STEEP)])
    with Marketplace(scenario) as market:
        for _ in range(3):
            market.step()
        assert (market.mechanisms["lending"].params.loan_to_value, market.mechanisms["lending"].params.threshold) == (
            0.7,
            0.75,
        )
        assert (market.events()["kind"] == "change").sum() == 2


def test_parameters_put_together_without_their_tables_are_held_against_the_rows():
    from experiments.sweeps.variants import Variants

    with pytest.raises(ScenarioError, match=r"changes row 1: lending.threshold = 0.35"):
        Variants(small([(2, {"lending.threshold": 0.35})])).of({"lending.loan_to_value": 0.39})


def test_what_is_asked_for_waits_together_or_is_refused_and_leaves_nothing():
    with Marketplace(small()) as market:
        market.change(STEEP)
        with pytest.raises(
            ScenarioError, match=r"change lending.threshold = 0.5: threshold 0.5 is below loan_to_value 0.7"
        ):
            market.change({"lending.slope1": 0.5, "lending.threshold": 0.5})
        market.step()
        assert market.mechanisms["lending"].params.loan_to_value == 0.7
        assert market.mechanisms["lending"].params.slope1 != 0.5
        market.step()


def test_a_change_that_a_later_row_could_not_follow_is_refused():
    with Marketplace(small([(1, {"lending.loan_to_value": 0.38})])) as market:
        with pytest.raises(
            ScenarioError, match=r"change of tick 1 could not follow: lending.loan_to_value = 0.38: .*0.35"
        ):
            market.change({"lending.threshold": 0.35})
        market.step()
        with pytest.raises(ScenarioError, match=r"threshold 0.35 is below loan_to_value 0.38"):
            market.change({"lending.threshold": 0.35})  # the row is due in the next tick, before it
        market.step()


def test_files_of_the_scenarios_folder_are_found_when_something_changes(tmp_path):
    (tmp_path / "coin.csv").write_text("date,price_usd\n" + "".join(f"2023-01-{d:02},20000\n" for d in range(1, 21)))
    mine = tmp_path / "mine.toml"
    rows = '[[changes]]\ntick = 1\nset = { "bitcoin.volatility" = 0.5 }\n'
    mine.write_text('extends = "smoke"\n[bitcoin]\nprocess = "csv"\nfile = "coin.csv"\n[clock]\nticks = 3\n' + rows)
    with Marketplace(Scenario.load(mine)) as market:
        market.change({"bitcoin.volatility": 0.6})
        market.run()


@pytest.mark.parametrize("table", ["[shocks]", "[[shocks]]"])
def test_one_shock_written_as_a_table_is_a_row_like_others(tmp_path, table):
    path = tmp_path / "mine.toml"
    text = f'{table}\nchannel = "price"\nsize = 0.1\nday = 3\nsource = "x"\n'
    path.write_text(f'extends = "price_crash"\n{text}')
    assert [shock.size for shock in Scenario.load(path).shocks] == [-0.5, 0.1]
    path.write_text(f"[bitcoin]\n{text}")
    alone = Scenario.load(path)
    assert len(alone.shocks) == 1 and isinstance(alone.tables["shocks"], list)
    assert lay_over({"changes": {"tick": 1}}, {"changes": [{"tick": 2}]})["changes"] == [{"tick": 1}, {"tick": 2}]


def test_numbers_of_numpy_are_numbers():
    given = {
        "agents.miner.count": np.int64(6),
        "agents.miner.cash": np.int64(5),
        "agents.retail_investor.cash": {"uniform": {"low": np.float32(1), "high": np.int8(2)}},
        "amm.fee_bps": np.int32(40),
    }
    scenario = Scenario.load("smoke").override(given)
    assert scenario.agents["miner"].count == 6 and scenario.agents["miner"].traits["cash"].constant.value == 5.0
    assert type(scenario.tables["agents"]["miner"]["count"]) is int and scenario.fingerprint()
    with Marketplace(scenario, rng=np.int64(4)) as market:
        market.change({"amm.fee_bps": np.int64(50)})
        market.step()
        assert market.seed == 4 and market.mechanisms["amm"].params.fee_bps == 50


def test_a_table_handed_in_stays_the_users():
    cash = {"uniform": {"low": 1.0, "high": 2.0}}
    scenario = Scenario.load("smoke").override({"agents.miner.cash": cash})
    cash["uniform"]["low"] = 99.0
    assert scenario.override({"clock.ticks": 2}).agents["miner"].traits["cash"].uniform.low == 1.0


def test_a_byte_order_mark_is_no_statement(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (FOLDER.parent / "smoke.toml").read_bytes())
    assert Scenario.load(path).fingerprint() == Scenario.load("smoke").fingerprint()
