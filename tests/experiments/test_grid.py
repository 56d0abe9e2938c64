"""Tables on terminals of any width: numbers stay whole."""

import io

import pytest
from rich.console import Console

from experiments.grid import Grid

COMPARED = (
    ("agents.gini", ".7065", ".7061", "-3.8e-04", "-8.6e-04 to 1.1e-04", ".900", "100%", "1.97e+04"),
    ("gains.miner [USD]", "-273,987", "-283,985", "-9,998", "-106,005 to 86,009", ".824", "0%", "7.7"),
)
MEANING = "Smoothed net income of a year over the price of fractions; their rigs wear out, so it is no return"


def printed(table, width):
    """What a terminal of a width shows."""
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    return console.file.getvalue()


def compared():
    """As `compare` prints it."""
    heads = ("metric", "A", "B", "B - A", "95% interval", "p", "B better", "reduction")
    table = Grid("who won", heads, range(1, len(heads)))
    for row in COMPARED:
        table.add(*row)
    return table


def ran():
    """As `run` prints it."""
    table = Grid("", ("metric", "unit", "first tick", "last tick", "whole run", ""), (2, 3, 4))
    table.add(MEANING, "USD/PH/day", "278,434", "219,839", "219,838", "weighted mean")
    return table


@pytest.mark.parametrize("width", [79, 80, 90, 100, 120, 200])
def test_numbers_stay_whole(width):
    """No number goes over a line's end; an interval breaks between its ends at most."""
    shown = printed(compared(), width).split()
    assert "reduction" in shown
    for row in COMPARED:
        assert set(" ".join(row).split()) <= set(shown)


def test_narrow_words_stand_over_their_row():
    """Words too long for their column have the whole width, once for all rows that they are about."""
    lines = [line.rstrip() for line in printed(ran(), 80).splitlines()]
    assert " ".join(lines[3:5]).split() == MEANING.split()
    assert lines[5].split() == ["USD/PH/day", "278,434", "219,839", "219,838", "weighted", "mean"]
    assert max(map(len, lines)) <= 80
    twice = ran()
    twice.add(MEANING, "USD/PH/day", "1", "2", "3", "weighted mean")
    assert printed(twice, 80).count("Smoothed") == 1


def test_wide_tables_are_as_they_were():
    """With room enough a row is one row of one table."""
    lines = printed(compared(), 120).splitlines()
    assert "agents.gini" in lines[4]
    assert "-8.6e-04 to 1.1e-04" in lines[4]
