"""Rigs that change hands: none is lost, and rows do not multiply however often they come and go."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from model.mechanisms.rigs.fleet import Fleet

PEOPLE, VINTAGES = 4, 3
moves = some.lists(
    some.tuples(some.integers(0, PEOPLE - 1), some.integers(0, PEOPLE - 1), some.integers(0, 5_000)),
    min_size=1,
    max_size=60,
)


def fleet_of(held):
    fleet = Fleet(4)
    fleet.reserve_accounts(PEOPLE)
    for person, by_vintage in enumerate(held):
        for vintage, ghs in enumerate(by_vintage):
            if ghs:
                site = fleet.site_of(person, 0.05 + 0.01 * person)
                fleet.put(site, ghs, 20.0 + 5.0 * vintage, vintage, 0.5)
    return fleet


def watts(fleet):
    n = fleet.n_rows
    return math.fsum(fleet.rows.ghs[:n] * fleet.rows.efficiency[:n])


@settings(deadline=None)
@given(
    some.lists(
        some.lists(some.integers(0, 9_000), min_size=VINTAGES, max_size=VINTAGES), min_size=PEOPLE, max_size=PEOPLE
    ),
    moves,
)
def test_rigs_that_come_and_go_add_no_rows(held, played):
    fleet = fleet_of(held)
    whole, power = int(fleet.rows.ghs[: fleet.n_rows].sum()), watts(fleet)
    for source, target, ghs in played:
        if source == target:
            continue
        before = fleet.held(source), fleet.held(target)
        moved = fleet.transfer(source, target, ghs, maintained=False)
        assert moved == min(ghs, before[0])
        assert (fleet.held(source), fleet.held(target)) == (before[0] - moved, before[1] + moved)
    fleet.compact()
    assert int(fleet.rows.ghs[: fleet.n_rows].sum()) == whole
    assert watts(fleet) == pytest.approx(power, rel=1e-9, abs=1e-6)
    assert fleet.n_rows <= PEOPLE * VINTAGES * max(1, fleet.n_sites)
    assert all(len(fleet.rows_of(person)) <= VINTAGES * len(fleet.sites_of(person)) for person in range(PEOPLE))
    assert np.all(fleet.rows.ghs[: fleet.n_rows] > 0)


def test_a_hundred_seizures_that_find_no_buyer_leave_the_fleet_as_it_was():
    fleet = fleet_of([[700, 800, 900], [70, 80, 90], [0, 0, 0], [0, 0, 0]])
    for _ in range(100):
        fleet.transfer(0, 2, 1_000, maintained=False)
        fleet.transfer(1, 2, 100, maintained=False)
        fleet.transfer(2, 0, 1_000, maintained=False)
        fleet.transfer(2, 1, 100, maintained=False)
    fleet.compact()
    assert [fleet.held(person) for person in range(PEOPLE)] == [2_400, 240, 0, 0]
    assert fleet.n_rows <= 2 * VINTAGES * fleet.n_sites
