"""All runs in this process, one after another: for small sweeps, for profilers and debuggers."""

from collections.abc import Iterator, Sequence

from experiments.engines.job import Job, Record, perform


class Serial:
    """The engine without processes. A run that ends the process ends the sweep, which can then be resumed."""

    workers = 1

    def run(self, jobs: Sequence[Job]) -> Iterator[Record]:
        """Perform jobs in their order."""
        for job in jobs:
            yield perform(job)

    def close(self) -> None:
        """Nothing is held."""
