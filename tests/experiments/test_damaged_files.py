"""Files of a study that were cut short, or are others: named in one sentence with the way out, and nothing half-done."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import run
from experiments.report.page import write
from experiments.store import export, read, series, shards
from experiments.store.layout import DESIGN, MANIFEST, SUMMARY, TIMINGS, run_files
from experiments.store.runfile import read_footer
from experiments.store.status import status
from experiments.sweeps.driver import execute
from model.errors import ScenarioError
from tests.experiments.tiny import study

cli = CliRunner()


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return execute(study(columns=("amm.*",)), tmp_path_factory.mktemp("results"), progress=False)


@pytest.fixture
def folder(sound, tmp_path):
    return shutil.copytree(sound.folder, tmp_path / "tiny")


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def garble(path):
    """The footer stays, the columns do not."""
    content = bytearray(path.read_bytes())
    content[4:100] = bytes(96)
    path.write_bytes(content)
    assert read_footer(path) is not None


def exchange(path):
    pd.DataFrame({"a": [1]}).to_parquet(path)


def refuse(folder, *words):
    done = cli.invoke(run.app, list(words))
    assert done.exit_code == 2 and "Traceback" not in done.output, done.output
    return done.stderr


@pytest.mark.parametrize("damage", [cut, exchange])
def test_a_damaged_table_is_told_by_all_and_made_anew(folder, damage, sound):
    damage(folder / SUMMARY)
    for ask in (read, status, lambda place: export.export(place, False, False)):
        with pytest.raises(ScenarioError, match=r"summary.parquet: .*; run the sweep again to write it anew"):
            ask(folder)
    assert "summary.parquet" in refuse(folder, "report", str(folder))
    assert "summary.parquet" in refuse(folder, "export", str(folder), "--csv")
    assert not (folder / "csv").exists()
    again = execute(study(columns=("amm.*",)), folder.parent, progress=False)
    pd.testing.assert_frame_equal(read(again.folder), sound.table)


@pytest.mark.parametrize("damage", [cut, exchange])
def test_a_damaged_design(folder, damage):
    damage(folder / DESIGN)
    for ask in (status, lambda place: export.export(place, False, False)):
        with pytest.raises(ScenarioError, match=r"design.parquet: .*; run the sweep again"):
            ask(folder)
    assert not (folder / "csv").exists()


@pytest.mark.parametrize("damage", [cut, garble, exchange])
def test_a_damaged_run_leaves_no_half_of_an_export(folder, damage):
    path = sorted(run_files(folder))[-1]
    damage(path)
    way = f"{path.name}: .*; move it away and run the sweep again: its runs are made anew"
    with pytest.raises(ScenarioError, match=way):
        series(folder, path.stem)
    with pytest.raises(ScenarioError, match=way):
        export.export(folder, series=True, force=False)
    assert not list((folder / "csv").iterdir())
    path.unlink()
    execute(study(columns=("amm.*",)), folder.parent, progress=False)
    assert len(export.export(folder, series=True, force=False)) == 3


@pytest.mark.parametrize("damage", [cut, garble, exchange, Path.unlink])
def test_a_damaged_run_is_named_in_the_report_of_the_others(folder, damage):
    path = sorted(run_files(folder))[-1]
    damage(path)
    page = write(folder).path.read_text()
    named = page[page.index("What went wrong") : page.index("class='question'")]
    assert path.stem in named and "1 runs have no path" in named
    assert "<h2>Paths</h2>" in page
    assert "that were asked for failed" not in page, "the table has the numbers of all"


def test_a_run_with_damaged_columns_is_not_packed(folder):
    path = sorted(run_files(folder))[-1]
    garble(path)
    with pytest.raises(ScenarioError, match=path.name):
        shards.compact(folder)
    assert len(list(run_files(folder))) == 4, "nothing is lost"


def test_a_manifest_that_is_a_folder(folder):
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).mkdir()
    for words in (["status", "tiny", "--out"], ["report", "tiny", "--results"], ["export", "tiny", "--csv", "--out"]):
        assert "manifest.json: is damaged" in refuse(folder, *words, str(folder.parent))


def test_notes_of_what_runs_took_that_are_a_folder(folder):
    (folder / TIMINGS).unlink()
    (folder / TIMINGS).mkdir()
    with pytest.raises(ScenarioError, match=r"timings.jsonl: cannot be written: Is a directory"):
        execute(study(columns=("amm.*",)), folder.parent, progress=False)
