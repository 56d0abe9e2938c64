"""The page on sweeps: its examples run as they stand."""

import re

import pytest

from experiments.sweeps.driver import execute
from experiments.sweeps.study import load
from tests.experiments.tiny import ROOT

PAGE = (ROOT / "docs" / "how_to" / "run_a_sweep.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "fees.toml").write_text(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1])
    execute(load(folder / "fees.toml"), folder / "results", progress=False)
    return folder


@pytest.mark.parametrize("code", re.findall(r"```py\n(.*?)```", PAGE, re.DOTALL))
def test_examples_print_tables_of_the_folder(swept, monkeypatch, capsys, code):
    monkeypatch.chdir(swept)
    exec(compile(code, "run_a_sweep.md", "exec"), {})
    said = capsys.readouterr().out
    assert re.search(r"\d+\.\d+", said) and "NaN" not in said


def test_the_folder_is_as_drawn(swept):
    drawn = re.search(r"```\nresults/fees/\n(.*?)```", PAGE, re.DOTALL)[1]
    for name in (line.split()[0] for line in drawn.splitlines()):
        where = {"shards/": False, "failed/RUN.json": False}.get(name, True)
        assert bool(list((swept / "results" / "fees").glob(re.sub("ab/RUN", "*/*", name)))) is where, name
