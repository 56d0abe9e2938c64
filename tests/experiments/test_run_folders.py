"""A run's folder: whole or not there, nothing of the user's lost, nothing left behind by a run that was killed."""

import errno
import json
import os
import signal
import sys
import time
import weakref
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run
from experiments import interrupts, outputs, placing
from experiments.disk import unwritable
from experiments.guard import ended
from experiments.runs import execute
from experiments.store.system_lock import taken
from model import Scenario, ScenarioError

cli = CliRunner()


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(outputs, "tables", lambda market, folder: [(folder / n).touch() for n in outputs.FILES[:4]])
    Path("tiny.toml").write_text('question = "Well?"\n[clock]\nticks = 2\n')
    return Scenario.load("tiny.toml")


@pytest.mark.parametrize("option", ["--out=~/x", "--out=~/x/../x"])
def test_the_users_own_folder_is_found_whatever_the_shell_does(tiny, monkeypatch, option):
    monkeypatch.setenv("HOME", str(Path.cwd() / "home"))
    done = cli.invoke(run.app, ["run", "tiny.toml", "--json", option])
    assert done.exit_code == 0, done.output
    assert list(Path("home/x/tiny").iterdir()) and not Path("~").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("report", "x", "--out"),
        ("report", "x", "--figures"),
        ("report", "x", "--results"),
        ("app", "--results"),
        ("backtest", "--out"),
        ("sweep", "x", "--out"),
    ],
)
def test_every_option_with_a_place_knows_users(words):
    refused = cli.invoke(run.app, [*words, "~nobody-is-called-so/x"])
    assert refused.exit_code == 2 and "there is no such user" in refused.stderr


def test_a_folder_may_be_called_like_a_user(tiny):
    done = execute(tiny, 1, Path("~nobody-is-called-so"))
    assert sorted(path.name for path in done.folder.iterdir()) == sorted({*outputs.FILES} - {"figures.png"})


def test_what_the_user_puts_beside_a_runs_files_stays(tiny):
    folder = execute(tiny, 1, Path("r")).folder
    (folder / "notes.txt").write_text("mine")
    (folder / "own").mkdir()
    (folder / "own" / "fit.csv").write_text("1")
    (folder / "link").symlink_to("notes.txt")
    record = json.loads((folder / "manifest.json").read_text())
    older = {**record, "code_hash": "of another day", "files": [*record["files"], "of_another_day.csv"]}
    (folder / "of_another_day.csv").touch()
    execute(tiny, 1, Path("r"))
    (folder / "manifest.json").write_text(json.dumps(older))
    (folder / "of_another_day.csv").touch()
    execute(tiny, 1, Path("r"), force=True)
    assert (folder / "notes.txt").read_text() == "mine" and (folder / "own" / "fit.csv").read_text() == "1"
    assert (folder / "link").is_symlink()
    assert not (folder / "of_another_day.csv").exists(), "a file that a run once wrote is replaced"
    assert json.loads((folder / "manifest.json").read_text())["code_hash"] == record["code_hash"]
    assert os.listdir("r/tiny") == [folder.name]


def hidden(name, age):
    """A folder as a run makes it while it writes, so many seconds old."""
    path = Path("r/tiny") / name
    (path / "new").mkdir(parents=True)
    (path / "new" / "metrics.parquet").touch()
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_a_killed_run_left_is_removed_and_what_others_write_is_not(tiny):
    dead, written, fresh = hidden(".1-20d6e269-ccyvrtxx", 60), hidden(".1-20d6e269-abcdefgh", 60), hidden(".2-20d6e269-abcdefgh", 0)  # fmt: skip
    (Path("r/tiny") / ".mine").mkdir()
    with open(written / placing.LOCK, "w") as held:
        assert taken(held.fileno())
        os.utime(written, (time.time() - 60,) * 2)
        done = execute(tiny, 7, Path("r"))
    assert not dead.exists() and fresh.exists() and (written / "new" / "metrics.parquet").exists()
    assert {path.name for path in done.folder.parent.iterdir()} == {done.folder.name, written.name, fresh.name, ".mine"}


def test_a_folder_is_held_as_long_as_it_is_written(tmp_path):
    place = tmp_path / "1-20d6e269"
    with placing.beside(place) as new:
        os.utime(new.parent, (0, 0))
        placing.remove_left_over(tmp_path)
        assert new.exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device; free some space or choose"),
        (
            OSError("Error writing bytes to file. Detail: [errno 27] File too large"),
            ": File too large; free some space",
        ),
        (OSError(errno.EACCES, "Permission denied"), "x: cannot be written: Permission denied; choose another folder"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "name too long: x; give a shorter one"),
    ],
)
def test_space_is_asked_for_where_it_is_lacking(error, said):
    assert said in str(unwritable(Path("x"), error))


@pytest.mark.parametrize("words", [(), ("3 finished runs are kept",)])
def test_an_interrupt_says_what_is_there(words, capsys):
    def work():
        raise KeyboardInterrupt(*words)

    assert ended(work) == 130
    said = "".join(words) or "nothing was written for the run that was going on"
    assert capsys.readouterr().err == f"interrupted; {said}\n"


@pytest.fixture
def heeded(monkeypatch):
    """A process that has begun and heeds what ends it."""
    before = {number: signal.getsignal(number) for number in interrupts.ENDING}
    monkeypatch.setattr(interrupts, "came", [])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    for number in interrupts.ENDING:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    interrupts.heed()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", interrupts.ENDING)
@pytest.mark.parametrize("error", [ImportError("numba._devicearray failed to import"), ScenarioError("x: is damaged")])
def test_an_interrupt_of_which_a_library_makes_another_error_is_one(error, number, heeded, capsys):
    def load():
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise error from None

    assert ended(load) == 130
    assert capsys.readouterr().err.startswith("interrupted; ")


@pytest.mark.parametrize("number", interrupts.ENDING)
def test_an_interrupt_that_cannot_be_raised_where_it_comes_is_raised_a_moment_later(number, heeded, capsys):
    def work():
        thing = set()
        _kept = weakref.ref(thing, lambda _: signal.raise_signal(number))
        del thing
        for _ in range(100):
            time.sleep(0.05)

    assert ended(work) == 130
    assert capsys.readouterr().err.startswith("interrupted; ")


def test_another_shipped_figure_is_other_code(tmp_path, monkeypatch):
    shipped = outputs.code_hash.__wrapped__()
    for table in outputs.TABLES.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    monkeypatch.setattr(outputs, "TABLES", tmp_path)
    assert outputs.code_hash.__wrapped__() == shipped
    (tmp_path / "rigs.csv").write_text((tmp_path / "rigs.csv").read_text().replace("2023", "2024", 1))
    assert outputs.code_hash.__wrapped__() != shipped


def test_a_run_that_fails_leaves_no_empty_folders(tiny, monkeypatch):
    Path("kept").mkdir()
    monkeypatch.setattr("model.marketplace.Marketplace.step", lambda market: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        execute(tiny, 1, Path("kept/r/s"))
    assert not list(Path("kept").iterdir())
