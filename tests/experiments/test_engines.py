"""Engines: the same bytes everywhere, and a sweep that outlives what its runs do to their process."""

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from experiments.engines import cluster, dask
from experiments.engines.limits import TooLong, limited
from experiments.store.failures import read_failure
from experiments.store.layout import run_files
from experiments.sweeps.driver import execute
from model.errors import ScenarioError
from tests.experiments.tiny import ROOT, add_poison, command, poisoned, study, sweep_file

LOOPBACK = "127.0.0.1"


def summary(folder):
    return (folder / "summary.parquet").read_bytes()


def test_an_alarm_breaks_an_endless_tick(tmp_path):
    def endless():
        with limited(0.2, tmp_path / "trace", worker=False):
            while True:
                pass

    began = time.monotonic()
    with pytest.raises(TooLong, match=r"deadline of 0\.2 s"):
        endless()
    assert time.monotonic() - began < 5
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_an_alarm_that_rings_at_any_moment_is_the_last():
    """A deadline of microseconds passes while the alarm is set or stopped."""
    chance = np.random.default_rng(1)
    for seconds, work in zip(chance.uniform(1e-6, 2e-4, 2_000), chance.integers(0, 2_000, 2_000), strict=True):
        with suppress(TooLong), limited(float(seconds), Path("unused"), worker=False):
            for _ in range(work):
                pass
        assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_clock_is_read_before_each_tick(tmp_path):
    caught = []

    def in_thread():
        with limited(0.0, tmp_path / "failed" / "trace", worker=True) as limit:
            time.sleep(0.01)
            try:
                limit.check()
            except TooLong as error:
                caught.append(error)

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    assert len(caught) == 1 and not (tmp_path / "failed" / "trace").exists()


def test_a_run_past_its_deadline_fails_alone_in_this_process(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    done = execute(poisoned(["mean_variance", "loops"], 1), tmp_path, deadline=3.0, progress=False)
    assert [(each.label, each.kind, each.tick) for each in done.failed] == [("loops", "deadline", 2)]
    assert "in decide" in done.failed[0].traceback
    assert list(done.table["label"]) == ["mean_variance"]


def test_a_scheduler_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "START", 1)
    with pytest.raises(ScenarioError, match=r"no answer .*`dask scheduler`"):
        execute(study(), tmp_path, engine="dask", scheduler=f"tcp://{LOOPBACK}:1", progress=False)


def test_dask_adds_no_words_of_its_own(monkeypatch):
    own = logging.getLogger("distributed.client")
    monkeypatch.setattr(cluster, "Client", lambda *_, **__: None)
    own.setLevel(logging.WARNING)  # as Dask has it
    cluster.remote("tcp://127.0.0.1:8786")
    assert not own.isEnabledFor(logging.ERROR)


@pytest.mark.slow
def test_two_clusters_share_a_machine_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = cluster.local(1), cluster.local(1)
    try:
        assert [client.submit(abs, -3).result() for client, _ in (first, second)] == [3, 3]
    finally:
        for part in (*first, *second):
            part.close()


@pytest.mark.slow
def test_a_local_cluster_gives_the_same_bytes(tmp_path):
    serial = execute(study(replicates=4), tmp_path / "serial", progress=False)
    for workers in (1, 2):
        local = execute(
            study(replicates=4), tmp_path / f"dask-{workers}", engine="dask", workers=workers, progress=False
        )
        assert not local.failed and summary(local.folder) == summary(serial.folder)
        assert {p.name: p.read_bytes() for p in run_files(local.folder)} == {
            p.name: p.read_bytes() for p in run_files(serial.folder)
        }


@pytest.mark.slow
def test_poison_kills_no_neighbour(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    monkeypatch.setattr(cluster, "MEMORY", "1GiB")
    kinds = ["mean_variance", "raises", "exits", "loops", "swells"]
    healthy = execute(poisoned(kinds[:1]), tmp_path / "alone", engine="dask", workers=2, progress=False)
    deadline = max(10.0, 2 * healthy.seconds)  # a busy machine takes its time
    done = execute(poisoned(kinds), tmp_path, engine="dask", workers=2, deadline=deadline, progress=False)
    assert list(done.table["label"]) == ["mean_variance"] * 2
    found = {(each.label, each.replicate): each for each in done.failed}
    assert {key: each.kind for key, each in found.items()} == {
        **{("raises", r): "error" for r in (0, 1)},
        **{("exits", r): "died" for r in (0, 1)},
        **{("loops", r): "deadline" for r in (0, 1)},
        **{("swells", r): "died" for r in (0, 1)},
    }
    assert "worker died twice" in found["exits", 0].message
    assert "in decide" in found["loops", 0].traceback, "the stack at which it hung"
    assert not list(done.folder.rglob("*.trace"))
    assert all(read_failure(done.folder, each.run) == each for each in done.failed)
    assert list(healthy.table["fingerprint"]) == list(done.table["fingerprint"])


@pytest.mark.slow
def test_workers_that_nobody_replaces_are_started_anew(tmp_path, monkeypatch):
    """A slow machine takes longer to replace a worker than the cluster waits for it, which gives it up then."""
    add_poison(tmp_path, monkeypatch)
    monkeypatch.setitem(cluster.SETTINGS, "distributed.deploy.lost-worker-timeout", "10ms")
    monkeypatch.setattr(dask, "PATIENCE", 2.0)
    done = execute(poisoned(["exits", "mean_variance"]), tmp_path, engine="dask", workers=1, progress=False)
    assert list(done.table["label"]) == ["mean_variance"] * 2
    assert {(each.label, each.kind) for each in done.failed} == {("exits", "died")}


def recipe(port):
    """The page's commands that start a scheduler and its workers, at a port that is free."""
    page = (ROOT / "docs" / "how_to" / "run_a_sweep.md").read_text(encoding="utf-8")
    return [line.replace("8786", str(port)).split() for line in re.findall(r"^\.venv/bin/dask (.*)$", page, re.M)]


def free_port():
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return found.getsockname()[1]


def dask_process(words, log):
    """A scheduler or a worker as its own process."""
    command = [sys.executable, "-m", "dask", *words]
    with open(log, "w", encoding="utf-8") as file:
        return subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=file, stderr=file
        )


@pytest.mark.slow
def test_a_cluster_of_processes_outlives_a_killed_worker(tmp_path):
    file = sweep_file(tmp_path, fees=range(10, 30), n=3, ticks=6)
    serial = command("sweep", file, "--engine", "serial", "--out", tmp_path / "serial")
    assert serial.returncode == 0, serial.stderr
    port = free_port()
    words = recipe(port)
    assert [each[0] for each in words] == ["scheduler", "worker", "worker"]
    started = []
    try:
        for n, each in enumerate(words):
            started.append(dask_process(each, tmp_path / f"{n}.log"))
        address = f"tcp://{LOOPBACK}:{port}"
        folder = tmp_path / "remote" / "fees"
        victim = threading.Thread(target=kill_a_worker, args=(started[1].pid, folder, 12))
        victim.start()
        remote = command("sweep", file, "--scheduler", address, "--out", tmp_path / "remote")
        victim.join()
        assert remote.returncode == 0, remote.stderr
        assert victim_killed, "no worker was killed in the middle of the sweep"
    finally:
        for process in reversed(started):
            end_family(process)
    assert summary(folder) == summary(tmp_path / "serial" / "fees")


victim_killed: list[int] = []


def kill_a_worker(nanny, folder, runs):
    """Kill the process under a nanny once so many runs are there."""
    end = time.monotonic() + 600
    while time.monotonic() < end:
        if len(list(run_files(folder))) >= runs:
            for child in psutil.Process(nanny).children():
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()
                    victim_killed.append(child.pid)
            return
        time.sleep(0.02)


def end_family(process):
    """End a process that was started here, and those that it started."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.kill()
    process.wait()
    for child in family:
        if child.is_running():
            child.kill()


@pytest.mark.slow
def test_the_command_line_says_what_failed_and_ends_with_3(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    file = sweep_file(tmp_path, n=1)
    file.write_text(
        file.read_text().replace(
            '"amm.fee_bps" = { values = [10, 50] }',
            '"agents.retail_investor.strategy" = { values = ["mean_variance", "raises"] }',
        )
    )
    words = ("sweep", file, "--engine", "serial", "--out", tmp_path / "results", "--plugins", "poison")
    done = command(*words, folder=tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "ZeroDivisionError: poison" in done.stdout and "1 runs failed" in done.stderr
    assert done.stdout.index("failed:") < done.stdout.index("mean_variance")
    again = next(line for line in done.stdout.splitlines() if "run.py rerun" in line).split()
    repeated = command(*again[2:], folder=tmp_path)
    assert repeated.returncode == 3 and "ZeroDivisionError: poison" in repeated.stdout, repeated.stderr


def test_workers_that_do_not_start_are_told_in_one_sentence(monkeypatch):
    def fails(**_):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(cluster, "LocalCluster", fails)
    with pytest.raises(
        ScenarioError, match=r"--workers 2: they cannot be started \(Nanny failed to start\); try again"
    ):
        cluster.local(2)
