"""An interrupt that something swallowed is heard at the end of the tick."""

import signal
from contextlib import suppress

import pytest

from experiments import interrupts
from experiments.runs import execute
from model import Scenario


def test_an_interrupt_that_was_swallowed_ends_the_run(tmp_path, monkeypatch):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(interrupts, "_heard", False)
    told = []

    def swallow(done: int, _: int) -> None:
        told.append(done)
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    try:
        interrupts.listen()
        with pytest.raises(KeyboardInterrupt):
            execute(Scenario.load("smoke"), 1, tmp_path, progress=swallow)
    finally:
        signal.signal(signal.SIGINT, before)
    assert told == [1]
    assert not list((tmp_path / "smoke").glob("*"))
