"""What a sweep may vary: every parameter of a scenario by its dotted path, and what editors are told of it."""

import json
import tomllib

import pytest

from experiments.asked import ask
from experiments.study_files import SWEEPS, is_sweep
from experiments.sweeps import paths
from experiments.sweeps.schema import parameters, schema
from experiments.sweeps.study import load

HEAD = '[experiment]\nbase = "smoke"\nticks = 3\n'
FEE = '[[design]]\nkind = "grid"\n[design.vars]\n"amm.fee_bps" = [10, 30]\n'


def vary(text, folder, base="smoke"):
    """Scenarios of a grid over some variables."""
    path = folder / "mine.toml"
    path.write_text(f'{HEAD.replace("smoke", base)}[[design]]\nkind = "grid"\n[design.vars]\n{text}\n')
    return load(path).points


def agents_of(scenario):
    """All but the one account that stands for the rest of the network, which is not scaled."""
    return sum(table.count for kind, table in scenario.agents.items() if kind != "rest_of_network")


VARIED = {
    "mechanism": ('"amm.fee_bps" = [10, 30]', lambda s: [x.mechanisms["amm"].fee_bps for x in s] == [10, 30]),
    "clock": ('"clock.ticks" = [5, 6]', lambda s: [x.clock.ticks for x in s] == [5, 6]),
    "count": ('"agents.miner.count" = [5, 6]', lambda s: [x.agents["miner"].count for x in s] == [5, 6]),
    "trait": ('"agents.miner.cash" = [5]', lambda s: s[0].agents["miner"].traits["cash"].constant.value == 5),
    "distribution": (
        '"agents.miner.cash" = { choices = [{ uniform = { low = 1, high = 2 } }, { constant = 4 }] }',
        lambda s: s[0].agents["miner"].traits["cash"].uniform.high == 2,
    ),
    "part of a distribution": (
        '"agents.miner.cash.constant" = [5, 6]',
        lambda s: [x.agents["miner"].traits["cash"].constant.value for x in s] == [5, 6],
    ),
    "strategy": (
        '"agents.miner.strategy" = { choices = ["payback", { payback = 0.5, mine = 0.5 }] }',
        lambda s: [x.agents["miner"].shares for x in s] == [{"payback": 1.0}, {"payback": 0.5, "mine": 0.5}],
    ),
    "new kind of agent": ('"agents.liquidator.count" = [3]', lambda s: s[0].agents["liquidator"].count == 3),
    "switch on": ('"oracle.enabled" = [true, false]', lambda s: ["oracle" in x.mechanisms for x in s] == [True, False]),
    "mechanism that was not there": ('"adoption.enabled" = [true]', lambda s: "adoption" in s[0].mechanisms),
    "scenario": ('scenario = ["smoke", "baseline"]', lambda s: [x.name for x in s] == ["smoke", "baseline"]),
    "agents in all": (
        '"agents.count" = [60, 90]', lambda s: [agents_of(x) for x in s] == [60, 90],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", VARIED)
def test_whatever_a_scenario_has_can_be_varied(case, tmp_path):
    text, holds = VARIED[case]
    assert holds([p.scenario for p in vary(text, tmp_path)])


def test_rows_of_shocks_can_be_varied(tmp_path):
    points = vary('"shocks.1.size" = [-0.3, -0.6]', tmp_path, "price_crash")
    assert [p.scenario.shocks[0].size for p in points] == [-0.3, -0.6]
    assert len({p.id for p in points}) == 2
    assert [p.label for p in points] == ["shock 1 size -0.3", "shock 1 size -0.6"]


def test_every_offered_path_is_known():
    offered = parameters()
    assert {
        "lending.loan_to_value",
        "clock.ticks",
        "agents.miner.count",
        "amm.enabled",
        "scenario",
        "agents.count",
    } <= set(offered)
    assert [path for path in offered if paths.unknown(path)] == []
    assert all(offered.values()), "each has a meaning"


def test_the_schema_takes_what_the_checks_take_and_refuses_misspelt_keys():
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator(json.loads(json.dumps(schema())))
    for path in filter(is_sweep, SWEEPS.glob("*.toml")):
        assert not list(checker.iter_errors(tomllib.loads(path.read_text()))), path.name
    assert not list(checker.iter_errors(tomllib.loads(HEAD + FEE)))
    for wrong in (HEAD + 'qestion = "?"\n', FEE, HEAD + '[[design]]\nkind = "gird"\n', HEAD + "[replicates]\nn = 0\n"):
        assert list(checker.iter_errors(tomllib.loads(wrong))), wrong


def test_a_sweep_and_a_search_size_their_base_alike(tmp_path):
    sized = HEAD + 'agents = 60\n[params]\n"offerings.th" = 700.0\n"agents.miner.count" = 9\n'
    (tmp_path / "sweep.toml").write_text(sized)
    (tmp_path / "search.toml").write_text(
        sized + "[optimise]\n" + '[vars]\n"amm.volume_days" = { low = 1, high = 9 }\n'
    )
    wrong: list[str] = []
    asked = ask(tmp_path / "search.toml", ["optimise"], "optimise", (), wrong)
    swept = load(tmp_path / "sweep.toml").points[0].scenario
    assert asked is not None and asked.base.fingerprint() == swept.fingerprint()
    assert swept.mechanisms["offerings"].th == 700.0 and swept.agents["miner"].count == 9 and agents_of(swept) == 60
