"""One student's stress tests, one after another: the one on its way, and the last answer. They outlive a change of page."""

from collections.abc import Callable

from app.stress.ask import Ask
from app.stress.job import DONE, Job, Progress


class Testing:
    """Stress tests of one student.

    Args:
        told: called after every change, in whatever thread it happens

    Attributes:
        job: the test that was begun last; None before the first
    """

    def __init__(self, told: Callable[[], None]) -> None:
        self.told = told
        self.job: Job | None = None
        self._before: tuple[Ask, Progress] | None = None

    @property
    def answer(self) -> tuple[Ask, Progress] | None:
        """Question and outcome of the last test that came to its end; None before the first."""
        job = self.job
        return (job.ask, job.progress) if job is not None and job.progress.phase == DONE else self._before

    def begin(self, ask: Ask) -> None:
        """Begin a test; one that is on its way ends."""
        self._before = self.answer
        self.close()
        self.job = Job(ask, self.told)
        self.told()

    def cancel(self) -> None:
        """End the test that is on its way."""
        if self.job is not None:
            self.job.cancel()

    def close(self) -> None:
        """The same, and nobody is told of it any more."""
        if self.job is not None:
            self.job.close()
