"""What is sent to a worker: runs as bytes, so that a scheduler on the way needs neither to open them nor the model."""

import pickle
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.engines.job import Job, Record


def sealed(jobs: Sequence["Job"]) -> bytes:
    """Runs as bytes."""
    return pickle.dumps(list(jobs), pickle.HIGHEST_PROTOCOL)


def perform_sealed(content: bytes) -> bytes:
    """Open, run one after another, seal what comes of it."""
    from experiments.engines.job import perform

    jobs: list[Job] = pickle.loads(content)
    return pickle.dumps([perform(job) for job in jobs], pickle.HIGHEST_PROTOCOL)


def opened(content: bytes) -> list["Record"]:
    """Records from bytes."""
    records: list[Record] = pickle.loads(content)
    return records
