"""A stress test in a process of its own: how far it is, its answer, and its end; the web server only looks on."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.frame import Frame
from app.stress.ask import Ask
from app.stress.work import ANSWER, ASK, ERROR, RUNS
from experiments.store.layout import TIMINGS

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
LOOK_SECONDS = 0.5  # between looks at a process
PATIENCE = 5.0  # seconds in which a cancelled process may end by itself
SLOTS = threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))  # processes at a time, whoever started them
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Progress:
    """How a stress test stands.

    Attributes:
        phase: one of the constants of this module, such as RUNNING
        done, total: runs
        seconds: since the process has started
        message: one sentence on what went wrong
        answer: as `app.stress.work.work` gives it; empty until it is done
        runs: one row per run as CSV
    """

    phase: str = WAITING
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    message: str = ""
    answer: Frame = field(default_factory=lambda: Frame({}))
    runs: str = ""

    @property
    def busy(self) -> bool:
        """Whether it goes on."""
        return self.phase in (WAITING, RUNNING)


class Job:
    """One stress test on its way.

    Args:
        ask: the question
        told: called in a thread of its own after every change of `progress`

    Attributes:
        ask: the question
        progress: how it stands
    """

    def __init__(self, ask: Ask, told: Callable[[], None]) -> None:
        self.ask, self.told = ask, told
        self.progress = Progress(total=2 * ask.seeds)
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True, name="stress")
        self._thread.start()

    def cancel(self) -> None:
        """End it; what it has written is thrown away."""
        self._cancelled.set()

    def close(self) -> None:
        """End it, and tell nobody any more."""
        self.told = _nobody
        self.cancel()

    def _set(self, **parts: Any) -> None:
        before, self.progress = self.progress, replace(self.progress, **parts)
        if self.progress != before:
            self.told()

    def _look_on(self) -> None:
        """Wait for a free place, start the process, and look on until it ends."""
        while not SLOTS.acquire(timeout=LOOK_SECONDS):
            if self._cancelled.is_set():
                self._set(phase=CANCELLED)
                return
        try:
            folder = Path(tempfile.mkdtemp(prefix="rigshare-stress-"))
            try:
                self._run(folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            SLOTS.release()

    def _run(self, folder: Path) -> None:
        (folder / ASK).write_text(self.ask.query(), encoding="utf-8")
        began = time.monotonic()
        with (folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.stress.work", str(folder)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            self._set(phase=RUNNING)
            while process.poll() is None:
                if self._cancelled.wait(LOOK_SECONDS):
                    _end(process)
                    self._set(phase=CANCELLED)
                    return
                self._set(done=min(self.progress.total, _done(folder)), seconds=round(time.monotonic() - began))
        self._finish(folder, process.returncode)

    def _finish(self, folder: Path, code: int) -> None:
        """Read the answer, or what went wrong."""
        if code == 0:
            answer = Frame(json.loads((folder / ANSWER).read_text(encoding="utf-8")))
            runs = (folder / RUNS).read_text(encoding="utf-8")
            self._set(phase=DONE, done=self.progress.total, answer=answer, runs=runs)
        elif (folder / ERROR).exists():
            self._set(phase=FAILED, message=(folder / ERROR).read_text(encoding="utf-8"))
        else:
            lines = (folder / "said.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
            reason = lines[-1] if lines else "it said nothing"
            self._set(phase=FAILED, message=f"the process has ended with code {code}: {reason}")


def _nobody() -> None:
    """Nobody wants to be told."""


def _done(folder: Path) -> int:
    """Runs that have ended, failed ones too."""
    return sum(path.read_bytes().count(b"\n") for path in folder.glob(f"*/{TIMINGS}"))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process, by force if it must be."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
