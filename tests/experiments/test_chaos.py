"""A sweep whose driver and workers are killed at random moments ends with the same bytes as one left in peace."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from experiments.store.layout import TEMPORARY, run_files
from experiments.store.lock import busy
from tests.experiments.tiny import ROOT, command, sweep_file

KILLS, OF_DRIVER = 20, 8
POINTS, REPLICATES = 20, 20
RUNS = POINTS * REPLICATES
PATIENCE = 900  # seconds until a test gives up
BUSY_WAIT = 0.01


def start(file, out):
    """A driver with two workers beside it."""
    words = [sys.executable, str(ROOT / "run.py"), "sweep", str(file), "--workers", "2", "--out", str(out)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def workers_of(driver):
    """Processes of workers under a driver."""
    try:
        children = psutil.Process(driver.pid).children()
        return [each for each in children if "spawn_main" in " ".join(each.cmdline())]
    except psutil.Error:
        return []


def wait_for(runs, folder, driver):
    """Whether so many runs are there before the driver has ended."""
    while driver.poll() is None:
        if sum(1 for _ in run_files(folder)) >= runs:
            return True
        time.sleep(BUSY_WAIT)
    return False


def gone(processes):
    """Whether all have ended within a while."""
    return not psutil.wait_procs(processes, timeout=60)[1]


@pytest.mark.slow
def test_twenty_kills_change_no_byte(tmp_path):
    file = sweep_file(tmp_path, fees=range(5, 5 + POINTS), n=REPLICATES, ticks=2)
    peace = command("sweep", file, "--engine", "serial", "--out", tmp_path / "peace", timeout=PATIENCE)
    assert peace.returncode == 0, peace.stderr
    folder, chance = tmp_path / "war" / "fees", np.random.default_rng(20)
    moments = np.sort(chance.choice(np.arange(1, int(RUNS * 0.9)), KILLS, replace=False))
    drivers = set(chance.choice(KILLS, OF_DRIVER, replace=False).tolist())
    killed, driver, end = [0, 0], start(file, tmp_path / "war"), time.monotonic() + PATIENCE
    for n, moment in enumerate(moments.tolist()):
        while not wait_for(moment, folder, driver):
            assert time.monotonic() < end
            driver.wait()
            driver = start(file, tmp_path / "war")
        family = workers_of(driver)
        if n in drivers:
            driver.kill()
            driver.wait()
            assert gone(family), "workers outlive their driver"
            driver = start(file, tmp_path / "war")
            killed[0] += 1
        elif family:
            victim = family[int(chance.integers(len(family)))]
            victim.kill()
            killed[1] += 1
    code = driver.wait()
    while code == 3 and time.monotonic() < end:  # a run that happened to lose two workers is tried again
        driver = start(file, tmp_path / "war")
        code = driver.wait()
    assert code == 0, driver.stderr.read()
    assert killed[0] == OF_DRIVER and killed[1] >= (KILLS - OF_DRIVER) // 2
    quiet = tmp_path / "peace" / "fees"
    assert (folder / "summary.parquet").read_bytes() == (quiet / "summary.parquet").read_bytes()
    assert {p.name: p.read_bytes() for p in run_files(folder)} == {p.name: p.read_bytes() for p in run_files(quiet)}
    assert not list(folder.rglob(f".*{TEMPORARY}")) and not busy(folder)


@pytest.mark.slow
def test_an_interrupt_leaves_a_folder_that_goes_on(tmp_path):
    file = sweep_file(tmp_path, fees=range(5, 15), n=20, ticks=6)
    driver = start(file, tmp_path)
    folder = tmp_path / "fees"
    assert wait_for(10, folder, driver)
    family = workers_of(driver)
    os.kill(driver.pid, signal.SIGINT)
    said = driver.stderr.read()
    assert driver.wait() == 130, said
    assert (
        "interrupted; " in said
        and "finished runs are kept; the same command goes on from there" in said
        and "Traceback" not in said
    )
    assert gone(family)
    done = sum(1 for _ in run_files(folder))
    assert 10 <= done < 200 and (folder / "summary.parquet").exists()
    assert command("sweep", file, "--engine", "serial", "--out", tmp_path).returncode == 0
    assert sum(1 for _ in run_files(folder)) == 200
