"""Waiting for something that another thread does."""

import time

PATIENCE = 120.0  # seconds


def until(true):
    """Wait until something holds; too long a wait fails."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
