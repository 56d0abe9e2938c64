"""Sweep files: what may be written, and one sentence for everything that may not, all at once, before anything runs."""

import pytest

from experiments.study_files import SWEEPS, find_sweep, is_sweep
from experiments.sweeps.file import check_line
from experiments.sweeps.study import load
from model import ScenarioError

SHIPPED = sorted(path for path in SWEEPS.glob("*.toml") if is_sweep(path))
HEAD = '[experiment]\nbase = "smoke"\nticks = 3\n'
FEE = '[[design]]\nkind = "grid"\n[design.vars]\n"amm.fee_bps" = [10, 30]\n'


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def study(text, plugins=()):
    with open("mine.toml", "w", encoding="utf-8") as file:
        file.write(text)
    return load("mine.toml", plugins)


def refused(text):
    with pytest.raises(ScenarioError) as caught:
        study(text)
    lines = str(caught.value).split("\n")
    assert all(line.startswith("mine.toml: ") for line in lines), lines
    return lines


def agents_of(scenario):
    """All but the one account that stands for the rest of the network, which is not scaled."""
    return sum(table.count for kind, table in scenario.agents.items() if kind != "rest_of_network")


def design(variable, keys='kind = "grid"'):
    return f"{HEAD}[[design]]\n{keys}\n[design.vars]\n{variable}\n"


BAD = {
    "no experiment": ("[clock]\nticks = 3\n", ["has no [experiment] table"]),
    "misspelt table": (HEAD + "[replicate]\nn = 3\n", ["[replicate]: no such table", "did you mean 'replicates'?"]),
    "misspelt key": (HEAD + 'qestion = "?"\n', ["experiment.qestion", "did you mean 'question'?"]),
    "plugins in a file": (HEAD + 'plugins = ["os"]\n', ["experiment.plugins", "no such parameter"]),
    "no base": ('[experiment]\nname = "x"\n', ["experiment.base: missing"]),
    "unknown base": ('[experiment]\nbase = "smok"\n', ["base smok", "did you mean 'smoke'?"]),
    "base of another kind": ('[experiment]\nbase = "mine.toml"\n', ["base mine.toml", "is a sweep; name a scenario"]),
    "name that is no folder": (HEAD + 'name = "a/b"\n', ["experiment.name = 'a/b'", "letters, digits"]),
    "no ticks": ('[experiment]\nbase = "smoke"\nticks = 0\n', ["experiment.ticks = 0", "1 to 1000000"]),
    "too few agents": (HEAD + "agents = 2\n", ["agents = 2", "one for each kind"]),
    "unknown override": (HEAD + '[params]\n"amm.fee" = 3\n', ["params: amm.fee", "did you mean 'amm.fee_bps'?"]),
    "override out of range": (HEAD + "[params]\namm.fee_bps = -1\n", ["params: amm.fee_bps = -1", "allowed 0 to 1000"]),
    "override of the seed": (HEAD + "[params]\nclock.seed = 3\n", ["params: clock.seed", "under [experiment]"]),
    "ticks twice": (HEAD + "[params]\nclock.ticks = 3\n", ["params: clock.ticks", "leave one out"]),
    "overrides that clash": (
        HEAD + "[params]\nlending.loan_to_value = 0.7\noracle.enabled = true\n",
        ["base smoke: lending", "threshold 0.6 is below loan_to_value 0.7"],
    ),
    "one bracket": (HEAD + '[design]\nkind = "grid"\n', ["design: write [[design]] with two brackets"]),
    "unknown kind": (HEAD + '[[design]]\nkind = "gird"\n', ["design 1: kind = 'gird'", "did you mean 'grid'?"]),
    "no kind": (HEAD + "[[design]]\n", ["design 1: kind: missing", "lhs"]),
    "no variables": (HEAD + '[[design]]\nkind = "grid"\n', ["design 1: vars: missing"]),
    "key of another kind": (design('"amm.fee_bps" = [1]', 'kind = "grid"\nn = 3'), ["design 1: n = 3", "no such"]),
    "unknown path": (design('"lending.loan_to_valu" = [0.3]'), ["design 1: lending.loan_to_valu", "did you mean 'lending.loan_to_value'?"]),
    "unknown path and a range upside down": (
        design('"lending.loan_to_valu" = { low = 3, high = 1 }', 'kind = "lhs"\nn = 5'),
        ["loan_to_valu: high 1 must be above low 3", "design 1: lending.loan_to_valu: no such parameter"],
    ),
    "unknown base and path": (
        design('"lending.loan_to_valu" = [0.3]').replace("smoke", "smok"),
        ["base smok: smok: no such scenario", "design 1: lending.loan_to_valu: no such parameter"],
    ),
    "unknown mechanism": (design('"lendin.loan_to_value" = [0.3]'), ["design 1: lendin.loan_to_value", "did you mean 'lending'?"]),
    "unknown agents": (design('"agents.minor.count" = [3]'), ["agents.minor.count", "did you mean 'miner'?"]),
    "unknown trait": (design('"agents.miner.cahs" = [3]'), ["agents.miner.cahs", "did you mean 'agents.miner.cash'?"]),
    "whole table": (design('"amm" = [3]'), ["design 1: amm: is a table, not a parameter"]),
    "the seed": (design('"clock.seed" = [1, 2]'), ["design 1: clock.seed", "[replicates]"]),
    "value out of range": (
        design('"amm.fee_bps" = [10, -1, 2000]'),
        ["design 1: amm.fee_bps = -1", "design 1: amm.fee_bps = 2000", "allowed 0 to 1000"],
    ),
    "range out of range": (
        design('"bitcoin.volatility" = { low = 0.1, high = 9 }', 'kind = "lhs"\nn = 5'),
        ["design 1: bitcoin.volatility = 9", "allowed 0 to 5 [1/sqrt(year)]"],
    ),
    "fractions of a whole number": (
        design('"amm.fee_bps" = { low = 1, high = 9 }', 'kind = "lhs"\nn = 5'),
        ["design 1: amm.fee_bps: takes whole numbers", 'type = "int"'],
    ),
    "no such strategy": (design('"agents.miner.strategy" = ["mien"]'), ["agents.miner.strategy", "did you mean"]),
    "trait out of range": (design('"agents.miner.count" = [-3]'), ["agents.miner.count = -3", "0 to 20000000"]),
    "switch": (design('"amm.enabled" = ["on"]'), ["amm.enabled = 'on'", "write true or false"]),
    "no such scenario": (design('"scenario" = ["smoke", "baselin"]'), ["baselin", "did you mean 'baseline'?"]),
    "no such row": (design('"shocks.1.size" = [0.1]'), ["shocks.1.size", "none of the 0 rows"]),
    "row without a key": (design('"shocks.1" = [0.1]'), ["shocks.1", "such as shocks.1.size"]),
    "clash at some points": (
        design('"lending.loan_to_value" = [0.3, 0.7]\n"oracle.enabled" = [true]'),
        ["threshold 0.6 is below loan_to_value 0.7", "at 1 of 2 points, such as loan_to_value 0.7"],
    ),
    "needs another": (design('"lending.loan_to_value" = [0.3]'), ["[lending] needs [oracle]"]),
    "too many": (design('"amm.fee_bps" = { low = 1, high = 9, type = "int" }', 'kind = "lhs"\nn = 2000000'), ["design 1: n"]),
    "too many combinations": (
        design("\n".join(f'"rigs.{x}" = {{ low = 1, high = 2, levels = 2000 }}' for x in ("a", "b"))),
        ["has 4,000,000 points, at most 1,000,000"],
    ),
    "row of a list": (
        HEAD + '[[design]]\nkind = "list"\nrows = [{ label = "x", amm.fee_bps = 3, "amm.fe" = 1 }]\n',
        ["design 1: amm.fe", "did you mean 'amm.fee_bps'?"],
    ),
    "no replicates": (HEAD + "[replicates]\nn = 0\n", ["replicates.n = 0", "allowed 1 to"]),
    "unknown stop": (
        HEAD + '[replicates]\nstop = { metric = "bitcoin.prize", half_width = 1, max = 9 }\n',
        ["replicates.stop.metric = 'bitcoin.prize'", "did you mean 'bitcoin.price'?"],
    ),
    "unknown end of a run": (
        HEAD + '[params]\n"clock.stop_when" = { metric = "bitcoin.prize", below = 1.0 }\n',
        ["clock.stop_when.metric = 'bitcoin.prize'", "did you mean 'bitcoin.price'?"],
    ),
    "no width": (
        HEAD + '[replicates]\nstop = { metric = "bitcoin.price", half_width = 0, max = 9 }\n',
        ["replicates.stop.half_width = 0", "above 0"],
    ),
    "pilot above the most": (
        HEAD + '[replicates]\nn = 10\nstop = { metric = "bitcoin.price", half_width = 1, max = 9 }\n',
        ["n = 10 with stop is the pilot, from 2 to stop.max = 9"],
    ),
    "key of stop": (
        HEAD + '[replicates]\nstop = { metric = "bitcoin.price", halfwidth = 1, max = 9 }\n',
        ["replicates.stop.halfwidth", "did you mean 'half_width'?", "replicates.stop.half_width: missing"],
    ),
    "unknown column": (
        HEAD + '[outputs]\ntimeseries = { columns = ["bitcon.*"] }\n',
        ["outputs.timeseries.columns: 'bitcon.*'", "no point of this study records such a metric"],
    ),
    "metric of another market": (
        HEAD + '[outputs]\nsummary = ["lending.debt"]\n', ["outputs.summary: 'lending.debt'", "no point of this study"],
    ),
    "never": (HEAD + "[outputs]\ntimeseries = { every = 0 }\n", ["outputs.timeseries.every = 0"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_faulty_sweep_is_refused(case):
    text, parts = BAD[case]
    lines = refused(text)
    for part in parts:
        assert any(part in line for line in lines), lines


def test_broken_toml_and_missing_files_are_refused_in_one_line():
    assert "is not valid TOML" in refused("[experiment\n")[0]
    with pytest.raises(ScenarioError, match=r"nothing.toml: no such file"):
        load("nothing.toml")
    with pytest.raises(ScenarioError, match=r"ltv_by_volatilty: no such sweep, did you mean 'ltv_by_volatility'\?"):
        load("ltv_by_volatilty")


@pytest.mark.parametrize("verb", ["optimise", "calibrate"])
def test_a_file_of_another_verb_is_sent_there(verb, tmp_path):
    (tmp_path / "search.toml").write_text(HEAD + f"[{verb}]\n")
    assert not is_sweep("search.toml")
    with pytest.raises(ScenarioError, match=f"search.toml: is no sweep but a file of `{verb}`; run.py {verb} takes it"):
        load("search.toml")


def test_every_fault_is_told_at_once():
    text = """
[experiment]
base = "smoke"
ticks = 0
[params]
"amm.fe" = 3
"amm.memory" = 4
[[design]]
kind = "grid"
[design.vars]
"lending.loan_to_valu" = [0.3]
"bitcoin.volatility" = [9.0]
"rigs.enabled" = { values = [true], stp = 3 }
[[design]]
kind = "sobol"
n = 100
[design.vars]
"bitcoin.volatility" = { low = 0.2, high = 7.0 }
[replicates]
n = -1
[outputs]
summary = ["bitcoin.prise"]
[elsewhere]
"""
    lines = "\n".join(refused(text))
    for part in (
        "experiment.ticks = 0", "params: amm.fe:", "params: amm.memory", "design 1: lending.loan_to_valu",
        "design 1: bitcoin.volatility = 9.0", "design 1: rigs.enabled.stp", "design 2: bitcoin.volatility = 7.0",
        "design 2: n = 100", "take 64 or 128", "replicates.n = -1", "bitcoin.prise", "[elsewhere]",
    ):  # fmt: skip
        assert part in lines


def test_a_fault_of_many_points_is_told_once_and_many_faults_are_cut_short():
    values = ", ".join(str(1001 + i) for i in range(30))
    lines = refused(design(f'"amm.fee_bps" = [{values}]'))
    assert len(lines) == 21
    assert lines[-1].endswith("and 10 more of the kind")


def test_quoted_and_unquoted_paths_are_the_same():
    quoted = study(
        HEAD
        + '[params]\n"amm.fee_bps" = 9\n'
        + FEE.replace("amm.fee_bps", "bitcoin.volatility").replace("10, 30", "0.5")
    )
    plain = study(HEAD + "[params]\namm.fee_bps = 9\n[[design]]\nkind = 'grid'\nvars.bitcoin.volatility = [0.5]\n")
    assert [p.id for p in quoted.points] == [p.id for p in plain.points]
    assert quoted.points[0].scenario.mechanisms["amm"].fee_bps == 9


def test_a_study_has_what_the_file_says():
    found = study(
        '[experiment]\nname = "fees"\nquestion = "Which?"\nbase = "smoke"\nticks = 4\nseed = 7\nagents = 60\n'
        + FEE
        + '[replicates]\nstop = { metric = "bitcoin.price", half_width = 10, max = 40 }\ncommon_random_numbers = false\n'
        + '[outputs]\ntimeseries = { every = 2, columns = ["bitcoin.p*", "amm.trades"] }\nsummary = ["bitcoin.price"]\n'
    )
    assert (found.name, found.question, found.root, found.common) == ("fees", "Which?", 7, False)
    assert (found.replicates, found.stop) == (10, ("bitcoin.price", 10, 40))
    assert found.every == 2 and "bitcoin.price" in found.columns and all("*" not in name for name in found.columns)
    assert found.summary == ("bitcoin.price",)
    assert [(p.label, p.values) for p in found.points] == [
        ("fee_bps 10", {"amm.fee_bps": 10}), ("fee_bps 30", {"amm.fee_bps": 30}),
    ]  # fmt: skip
    scenario = found.points[1].scenario
    assert scenario.clock.ticks == 4 and agents_of(scenario) == 60
    assert found.source.startswith("[experiment]")
    assert check_line(found) == "ok (points: 2, replicates: 10, at most 40, runs: 20)"


def test_what_is_left_out_has_a_meaning():
    found = study(HEAD)
    assert (found.name, found.replicates, found.stop, found.common, found.root) == ("mine", 1, None, True, 1)
    assert (found.every, found.columns, found.summary, found.blocks) == (0, (), (), ())
    assert [p.label for p in found.points] == ["smoke"], "without a design, the base itself"
    assert study(HEAD + "[outputs]\ntimeseries = {}\n").columns[0], "a path of every metric"


def test_a_base_may_lie_beside_the_file(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "own.toml").write_text('question = "?"\nextends = "smoke"\n[amm]\nfee_bps = 77\n')
    (tmp_path / "deep" / "sweep.toml").write_text('[experiment]\nbase = "own.toml"\n')
    assert load("deep/sweep.toml").points[0].scenario.mechanisms["amm"].fee_bps == 77
    (tmp_path / "deep" / "smoke.toml").write_text('[experiment]\nbase = "smoke"\n')
    assert load("deep/smoke.toml").points[0].scenario.name == "smoke", "not the sweep of that name"


def test_a_sweep_is_told_from_a_scenario(tmp_path):
    (tmp_path / "broken.toml").write_text("[experiment\n")
    assert is_sweep("ltv_by_volatility") and is_sweep(SWEEPS / "ltv_by_volatility.toml")
    assert not any(map(is_sweep, ("smoke", "broken.toml", "nowhere", "nowhere.toml")))


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED])
def test_every_sweep_that_ships_can_be_run(name):
    found = load(name)
    assert found.question.endswith("?")
    assert found.points
    assert find_sweep(name) == SWEEPS / f"{name}.toml"
