"""Standard streams that are closed or narrow, and signals that come at an awkward time."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from experiments import interrupts
from experiments.interrupts import ENDING, held_back
from experiments.store.manifest import read_manifest
from experiments.sweeps.driver import execute
from tests.experiments.tiny import ROOT, command, study, sweep_file

COMMAND = [sys.executable, str(ROOT / "run.py")]
DEAF = '''
"""A strategy that swallows the interrupt which comes while it decides, as compiled code may."""
import os, signal
from contextlib import suppress
from agents.base import Strategy

class Deaf(Strategy):
    serves, name = "retail_investor", "deaf"
    def decide(self, cohort, market):
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        return ()
'''


def shell(line, folder, **environment):
    """What a line of the shell ends in; `$R` is the command."""
    here = {**os.environ, "PYTHONPATH": str(ROOT), "R": " ".join(COMMAND), **environment}
    return subprocess.run(["sh", "-c", line], cwd=folder, env=here, capture_output=True, text=True, timeout=300)


def test_closed_standard_error_takes_nothing_into_the_json(tmp_path):
    (tmp_path / "empty.toml").write_text('question = "?"\n[clock]\nticks = 3\n')
    cold = str(tmp_path / "cache")  # so that there is something to say
    done = shell("$R run ./empty.toml --json 2>&-", tmp_path, XDG_CACHE_HOME=cold, RIGSHARE_JIT="0")
    assert done.returncode == 0 and json.loads(done.stdout)["ticks"] == 3
    done = shell("$R sweep fees.toml --engine serial 2>&-", sweep_file(tmp_path, fees=(10,), n=1).parent)
    assert done.returncode == 0 and "interrupted" not in done.stdout


def test_closed_standard_output_ends_well(tmp_path):
    done = shell("$R sweep fees.toml --engine serial >&-", sweep_file(tmp_path, fees=(10,), n=1).parent)
    assert done.returncode == 0, done.stderr


def test_letters_that_a_stream_lacks_become_others(tmp_path):
    (tmp_path / "empty.toml").write_text('question = "Häufig?"\n[clock]\nticks = 3\n')
    done = shell("$R run ./empty.toml", tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "H?ufig?" in done.stdout


@pytest.mark.parametrize("number", ENDING)
def test_an_interrupt_waits_until_what_starts_has_started(number):
    steps, before = [], signal.getsignal(number)

    def start():
        with held_back():
            os.kill(os.getpid(), number)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"] and signal.getsignal(number) is before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_nothing_is_raised_where_no_interrupt_came_and_in_other_threads():
    with held_back():
        pass
    found = []

    def other():
        with held_back():
            found.append(True)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert found == [True]


def test_what_starts_meanwhile_does_not_hear_the_terminal():
    """Python lets interrupts through again when it starts its first process of the other kind; so it is started before."""
    said = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    with held_back():
        heard = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True)
    assert heard.stdout == "True\n"


@pytest.mark.parametrize("number", ENDING)
def test_a_sweep_that_is_told_to_end_says_so_in_its_manifest(tmp_path, number):
    path = sweep_file(tmp_path, fees=(10,), n=2_000)
    going = subprocess.Popen(
        [*COMMAND, "sweep", str(path), "--engine", "serial", "--out", str(tmp_path)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list((tmp_path / "fees").glob("runs/*/*.parquet")) and going.poll() is None:
        time.sleep(0.05)
    going.send_signal(number)
    _, said = going.communicate(timeout=60)
    assert going.returncode == 130 and "finished runs are kept" in said and "Traceback" not in said
    assert read_manifest(tmp_path / "fees")["state"] == "interrupted"


def test_an_interrupt_that_is_swallowed_within_a_run_ends_it_at_its_next_tick(tmp_path):
    (tmp_path / "deaf.py").write_text(DEAF)
    done = command(
        "run", "smoke", "--set", "agents.retail_investor.strategy=deaf", "--plugins", "deaf", folder=tmp_path
    )
    assert done.returncode == 130 and done.stderr.endswith(
        "interrupted; nothing was written for the run that was going on\n"
    )


@pytest.mark.parametrize(("engine", "workers"), [("serial", None), ("dask", 1)])
def test_an_interrupt_that_is_swallowed_between_runs_ends_the_sweep(tmp_path, engine, workers, monkeypatch):
    monkeypatch.setattr(interrupts, "came", [signal.SIGINT])
    with pytest.raises(KeyboardInterrupt):
        execute(study(), tmp_path, engine=engine, workers=workers, progress=False)
    assert read_manifest(tmp_path / "tiny")["state"] == "interrupted"
