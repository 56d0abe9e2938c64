"""Memories of a fixed size: a run says once when one is full, for from then on its size decides what happens."""

from model.journal import Journal

FULL = "full"  # kind of the event


def note_full(journal: Journal, parameter: str, size: int) -> None:
    """Note the first time that all room is taken.

    Args:
        journal: of the run
        parameter: that sets the room, `vaults.capacity`
        size: what it is
    """
    text = f"all room is taken, {parameter} = {size:,}: what is refused from here on may change the answer; raise it unless that is meant"
    if all((kind, said) != (FULL, text) for _, kind, _, _, _, said in journal.events):
        journal.event(FULL, text)


def shortages(journal: Journal) -> list[str]:
    """Which memories were full, and from which tick on (-1 is the opening)."""
    return [f"tick {tick}: {text}" for tick, kind, _, _, _, text in journal.events if kind == FULL]
