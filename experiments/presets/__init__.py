"""Every preset and stress scenario with its question, the answer over many seeds, and the real event's figure.

`python -m experiments.presets` runs them and writes the book of answers, which `run.py list --presets` prints.
"""

from experiments.presets.book import read, rows
from experiments.presets.spec import Answer, answers

__all__ = ["Answer", "answers", "read", "rows"]
