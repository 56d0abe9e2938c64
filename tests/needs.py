"""What mechanisms need of one another, for scenarios made in tests."""

from model.mechanism import catalogue


def closed_under_needs(keys: tuple[str, ...]) -> set[str]:
    """Mechanisms and all that they need."""
    found, waiting = set(), list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += catalogue()[key].needs
    return found
