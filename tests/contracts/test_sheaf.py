"""Sheaves: kernels read what Python reads, whatever the columns; another layout is another type."""

from typing import Any

import numpy as np
import pytest

from model import Marketplace
from model.jit import INTERPRETED, kernel, maker
from model.sheaf import Sheaf


class Orchard(Sheaf):
    trees: Any
    crop: Any
    rent: Any
    year: Any


def add_up(orchard: Any, row: int) -> float:
    total = orchard.rent + orchard.year
    for i in range(orchard.trees.size):
        total += orchard.trees[i] * orchard.crop[row, i]
    orchard.trees[0] += 1
    return total


without_counting, counting = kernel(add_up), maker(add_up)


def orchards() -> list[Orchard]:
    table, trees = np.arange(12.0).reshape(3, 4), np.array([5, 6, 7, 8])
    strided = np.arange(8)[::2]
    closed = table.copy()
    closed.flags.writeable = False
    return [
        Orchard(trees, table, 0.25, 3),
        Orchard(crop=table, trees=trees, year=-3, rent=-1.5),
        Orchard(strided, np.asfortranarray(table), 0.25, 3),
        Orchard(trees.astype(np.float64), closed, 7, 2.5),
    ]


def test_kernels_read_what_python_reads() -> None:
    for orchard in orchards():
        for rule in (without_counting, counting):
            before = orchard.trees[0]
            expected = add_up(orchard, 1)
            assert orchard.trees[0] == before + 1
            orchard.trees[0] = before
            assert rule(orchard, 1) == expected
            assert orchard.trees[0] == before + 1


def test_a_column_in_place_of_another_is_read_from_then_on() -> None:
    first = orchards()[0]
    second = first._replace(trees=np.array([100, 0, 0, 0]))
    assert without_counting(second, 0) == 3.25
    assert without_counting(first, 0) == 3.25 + 6 + 14 + 24
    assert second.trees[0] == 101 and first.trees[0] == 6
    with pytest.raises(AttributeError, match="_replace"):
        first.trees = second.trees


@pytest.mark.skipif(INTERPRETED, reason="nothing has a compiled type")
def test_each_layout_is_a_type_and_equal_ones_are_the_same() -> None:
    from numba import typeof

    found = orchards()
    assert typeof(found[0]) == typeof(found[1]) == Orchard.typed(**dict(typeof(found[0]).fields))
    assert found[0].dtype is found[1].dtype
    assert len({str(typeof(one)) for one in found}) == 3


def test_a_sheaf_is_its_columns_one_after_another() -> None:
    orchard = orchards()[0]
    trees, crop, rent, year = orchard
    assert trees is orchard.trees and crop is orchard.crop and (rent, year) == (0.25, 3)
    assert len(orchard) == 4 and orchard[-1] == 3 and [one is trees for one in orchard] == [True, False, False, False]
    assert list(orchard._asdict()) == list(Orchard._fields)
    assert repr(orchard).startswith("Orchard(trees=array([5, 6, 7, 8]), crop=") and not orchard.flags.writeable


def test_columns_are_as_many_as_named_and_hide_nothing_of_an_array() -> None:
    for wrong in ({"trees": 1}, dict.fromkeys((*Orchard._fields, "bees"), 1)):
        with pytest.raises(TypeError, match="trees, crop, rent, year"):
            Orchard(**wrong)
    with pytest.raises(TypeError, match="rent, year"):
        Orchard(1, 2, 3, 4, 5)
    with pytest.raises(TypeError, match="shape"):
        type("Wrong", (Sheaf,), {"__annotations__": {"shape": Any}})


@pytest.mark.skipif(INTERPRETED, reason="nothing has a compiled type")
def test_a_column_with_a_single_row_is_of_the_same_type() -> None:
    """Else a population of one agent would need rules of its own, and helpers with a signature could not be called."""
    from numba import typeof

    several, single = (Orchard(np.zeros((rows, 5))[:, 2], np.zeros((2, 8)), 0.25, 3) for rows in (3, 1))
    assert typeof(several) == typeof(single)


@pytest.mark.parametrize("scenario", ["baseline", "credit_baseline"])
def test_a_single_investor_runs(scenario: str) -> None:
    with Marketplace(scenario, rng=1, clock__ticks=6, agents__retail_investor__count=1) as market:
        market.run()
        assert len(market.populations["retail_investor"]) == 1
