"""What makes two runs of a point the same."""

import hashlib
import json
from collections.abc import Sequence

from experiments.outputs import data_hash
from model.scenario import Scenario


def configuration(scenario: Scenario, every: int, columns: Sequence[str]) -> str:
    """Digest of a scenario without its seed, of the data files that it names, and of what is kept of a run."""
    kept = [scenario.fingerprint(), data_hash(scenario), every, sorted(columns) if every else []]
    return hashlib.blake2b(json.dumps(kept).encode(), digest_size=8).hexdigest()
