"""Stress tests belong to the tab and not to a page: the last answer stays until there is another."""

import subprocess
import sys
from dataclasses import replace

import pytest

from app.address import Setup
from app.stress import testing
from app.stress.ask import Ask
from app.stress.job import CANCELLED, DONE, Progress
from app.stress.work import ASK, BAD_INPUT, ERROR


class Quick:
    """A job without a process."""

    def __init__(self, ask, told):
        self.ask, self.told, self.progress = ask, told, Progress()

    def stand(self, phase):
        self.progress = replace(self.progress, phase=phase)
        self.told()

    def cancel(self):
        self.stand(CANCELLED)

    def close(self):
        self.told = lambda: None
        self.cancel()


@pytest.fixture
def tests(monkeypatch):
    monkeypatch.setattr(testing, "Job", Quick)
    counted = []
    found = testing.Testing(lambda: counted.append(found.answer))
    return found, counted


def test_an_answer_stays_while_the_next_test_runs_and_is_cancelled(tests):
    found, counted = tests
    first, second = Ask(seeds=10), Ask(seeds=30)
    found.begin(first)
    assert found.answer is None
    found.job.stand(DONE)
    assert found.answer == (first, found.job.progress) and counted[-1][0] == first
    found.begin(second)
    assert found.job.ask == second and found.answer[0] == first
    found.cancel()
    assert found.job.progress.phase == CANCELLED and found.answer[0] == first


def test_a_new_test_ends_the_one_on_its_way_without_a_word_from_it(tests):
    found, counted = tests
    found.begin(Ask(seeds=10))
    old, told = found.job, len(counted)
    found.begin(Ask(seeds=30))
    assert old.progress.phase == CANCELLED and len(counted) == told + 1


def test_a_test_whose_runs_all_fail_leaves_the_reason(tmp_path):
    """Vaults that hold more than the market's share of the network leave miners without rigs."""
    crowded = Setup("smoke", 1, 0, (("clock.ticks", 3), ("offerings.th", 300_000.0)))
    (tmp_path / ASK).write_text(Ask(crowded, day=1, seeds=2).query())
    words = [sys.executable, "-m", "app.stress.work", str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.wait(300) == BAD_INPUT, process.stderr.read()
    assert "miners are left without rigs" in (tmp_path / ERROR).read_text()
