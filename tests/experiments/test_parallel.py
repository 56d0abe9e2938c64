"""Tasks in several processes: their order, and a process that is ended on the way."""

import math
import os
import signal

import pytest

from experiments import parallel
from experiments.parallel import in_order


def root(number):
    """What a process may die of."""
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return math.sqrt(number)


def test_processes_keep_the_order_of_tasks():
    assert list(in_order(root, [9.0, 4.0, 1.0], workers=2)) == [3.0, 2.0, 1.0]


def test_a_process_that_is_ended_ends_the_study(monkeypatch):
    monkeypatch.setattr(parallel, "LOOK", 0.2)
    with pytest.raises(ChildProcessError, match="exit code -9"):
        list(in_order(root, [4.0, -1.0, 9.0, 16.0], workers=2))


def test_what_a_task_raises_is_raised_here():
    with pytest.raises(TypeError):
        list(in_order(root, [4.0, "four"], workers=2))
