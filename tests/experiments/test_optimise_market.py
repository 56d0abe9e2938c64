"""A search on a market: broken off it goes on, faults of its file are told at once, answers of the verb."""

import json

import pytest

from experiments import laboratory
from experiments.laboratory import Options
from experiments.optimise import report
from experiments.optimise.file import load
from experiments.optimise.study import optimise
from experiments.sweeps import driver
from model.errors import ScenarioError

BASE = 'question = "coin alone"\n[clock]\nstart = "2023-01"\nticks = 20\nseed = 1\n[bitcoin]\nprocess = "gbm"\n'
FILE = """
[experiment]
name = "coin"
question = "How much growth for how much spread?"
base = "coin_only"
[optimise]
trials = 12
population = 5
replicates = 10
fresh = 12
[vars]
"bitcoin.volatility" = { low = 0.1, high = 2.0 }
"bitcoin.drift" = { low = -1.0, high = 3.0 }
[[objective]]
metric = "bitcoin.price"
rule = "sd"
sense = "minimise"
[[objective]]
metric = "bitcoin.price"
sense = "maximise"
[[constraint]]
metric = "bitcoin.realised_volatility"
at_most = 1.0
"""


def written(folder, text=FILE):
    (folder / "coin_only.toml").write_text(BASE)
    (folder / "best.toml").write_text(text)
    return folder / "best.toml"


def contents(folder):
    names = ("summary.parquet", "frontier.json", "trials.csv")
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.name in names}


def test_a_search_broken_off_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    problem = load(written(tmp_path))
    whole = optimise(problem, Options(tmp_path / "whole", progress=False))
    report.write(whole)
    assert len(whole.trials) == 12 and whole.winners and not whole.failed
    calls = []

    def breaks(study, *args, **kwargs):
        calls.append(study.name)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return driver.execute(study, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(laboratory, "execute", breaks)
        with pytest.raises(KeyboardInterrupt):
            optimise(problem, Options(tmp_path / "broken", progress=False))
    assert calls == ["generation-000", "generation-001", "generation-002"]
    again = optimise(problem, Options(tmp_path / "broken", progress=False))
    report.write(again)
    assert again.trials == whole.trials and again.winners == whole.winners
    assert contents(tmp_path / "whole" / "coin") == contents(tmp_path / "broken" / "coin")
    fresh = whole.winners[0].fresh
    assert fresh.point == whole.winners[0].trial.point
    assert fresh.objectives != whole.winners[0].trial.objectives  # other seeds
    assert all(trial.values["bitcoin.volatility"] < 1.5 for trial in (w.trial for w in whole.winners))


@pytest.mark.slow
def test_workers_change_nothing(tmp_path):
    problem = load(written(tmp_path))
    one = optimise(problem, Options(tmp_path / "one", progress=False))
    two = optimise(problem, Options(tmp_path / "two", "dask", 2, progress=False))
    assert one.trials == two.trials and one.winners == two.winners


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    text = FILE.replace('"bitcoin.drift"', '"bitcoin.drif"').replace('rule = "sd"', 'rule = "es99"')
    text = text.replace("trials = 12", "trails = 12").replace("at_most = 1.0", "at_most = 1.0\nat_least = 0.5")
    text = text.replace('"bitcoin.price"\nsense', '"bitcoin.prise"\nsense') + "[desing]\n"
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, text))
    lines = str(caught.value).split("\n")
    for said in (
        "did you mean 'bitcoin.drift'",
        "es99 would rest on 0.1 of 10 runs",
        "did you mean 'trials'",
        "give one of at_most and at_least",
        "did you mean 'bitcoin.price'",
        "[desing]: no such table",
    ):
        assert any(said in line for line in lines), said
    assert all(line.startswith(f"{tmp_path / 'best.toml'}: ") for line in lines)


def test_files_of_other_verbs_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"has no \[optimise\] table"):
        load(written(tmp_path, FILE.replace("[optimise]", "[calibrate]")))


def test_values_that_no_place_may_have_are_refused_before_anything_runs(tmp_path):
    text = FILE.replace('"bitcoin.drift" = {', '"clock.hours_per_tick" = { values = [24, 5] }\n"bitcoin.drift" = {')
    with pytest.raises(ScenarioError, match="hours_per_tick = 5"):
        load(written(tmp_path, text))


def test_values_that_do_not_go_together_are_told_and_the_search_goes_on(tmp_path):
    """A process with prices of its own takes no first price."""
    text = FILE.replace(
        '"bitcoin.drift" = {', '"bitcoin.process" = { choices = ["gbm", "history"] }\n"bitcoin.drift" = {'
    )
    text = text.replace("[vars]", '[params]\n"bitcoin.price" = 20_000.0\n[vars]').replace("fresh = 12", "fresh = 0")
    found = optimise(load(written(tmp_path, text)), Options(tmp_path / "results", progress=False))
    refused = [trial for trial in found.trials if trial.refused]
    assert refused and all(trial.values["bitcoin.process"] == "history" for trial in refused)
    assert all("leave price out" in trial.refused for trial in refused)
    assert found.winners and all(winner.trial.values["bitcoin.process"] == "gbm" for winner in found.winners)


def test_the_verb_prints_json_and_pictures(tmp_path):
    from typer.testing import CliRunner

    import run

    path, out = str(written(tmp_path)), str(tmp_path / "results")
    result = CliRunner().invoke(run.app, ["optimise", path, "--out", out, "--json"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["trials"] == 12 and record["winners"] == len(record["frontier"])
    assert record["frontier"][0]["optimism"].keys() == {"sd(bitcoin.price)", "mean(bitcoin.price)"}
    for name in ("frontier.png", "frontier.svg", "frontier.json", "trials.csv"):
        assert (tmp_path / "results" / "coin" / name).exists()
    shown = CliRunner().invoke(run.app, ["optimise", path, "--out", out])
    assert shown.exit_code == 0 and "fresh seeds" in shown.stdout
    bad = CliRunner().invoke(run.app, ["optimise", str(tmp_path / "none.toml")])
    assert bad.exit_code == 2


def test_the_copy_that_a_search_keeps_asks_the_same_again(tmp_path):
    """The base lay beside the file, which had no name of its own; the copy finds it, and the same best."""
    text = FILE.replace('name = "coin"\n', "").replace("trials = 12", "trials = 5")
    first = optimise(load(written(tmp_path, text)), Options(tmp_path / "whole", progress=False))
    report.write(first)
    again = optimise(load(tmp_path / "whole" / "best" / "asked.toml"), Options(tmp_path / "again", progress=False))
    report.write(again)
    assert contents(tmp_path / "again" / "best") == contents(tmp_path / "whole" / "best") != {}
