"""Appraisals and incomes of NFTs against their closed forms, and their process against real sales."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.appraisal import comparable_ratio, fraction_values, nft_value, reserve_price
from experiments import fit_nfts
from model.mechanisms.nfts import (
    NftsParams,
    fading_value,
    gap_sd,
    gap_step,
    index_step,
    land_value,
    licence_income,
    right_income,
    term_value,
)
from model.nft_kind import NftKind
from model.streams import Streams, normals

SALES = fit_nfts.FOLDER / fit_nfts.SALES
PATHS = 4_000


def paths(days: float, ticks: int) -> np.ndarray:
    """Log appraisals after `ticks` ticks of some days, from a gap in its stationary law, over log of their birth."""
    p, streams = NftsParams(), Streams(7)
    sd = gap_sd(p.weekly_sd, p.anchor_sd, p.reversion_days)
    slots = np.arange(PATHS)
    start = gap = sd * normals(streams.key("start"), slots, 0)
    level = np.zeros(PATHS)
    for tick in range(ticks):
        own, common = (normals(streams.key(name, "", tick), slots, 0) for name in ("own", "common"))
        gap = np.array([gap_step(u, days, p.reversion_days, sd, n) for u, n in zip(gap, own, strict=True)])
        level = np.array([index_step(i, days, 0.0, p.anchor_sd, n) for i, n in zip(level, common, strict=True)])
    return level + gap - start


@pytest.mark.parametrize(("days", "ticks"), [(7.0, 1), (1.0, 7), (0.5, 14)])
def test_a_week_has_its_standard_deviation_at_any_tick(days: float, ticks: int) -> None:
    assert np.std(paths(days, ticks)) == pytest.approx(0.24, rel=0.04)


def test_eight_weeks_mean_revert() -> None:
    p = NftsParams()
    sd = gap_sd(p.weekly_sd, p.anchor_sd, p.reversion_days)
    expected = 8 * p.anchor_sd**2 + 2 * sd**2 * (1 - 2 ** (-56 / p.reversion_days))
    assert np.var(paths(14.0, 4)) == pytest.approx(expected, rel=0.08)
    assert expected < 8 * p.weekly_sd**2


@given(
    gap=st.floats(-3, 3), half_life=st.floats(0.5, 500), sd=st.floats(0, 2), first=st.floats(0.04, 30), more=st.floats(0.04, 30)
)  # fmt: skip
def test_steps_of_the_gap_compose(gap: float, half_life: float, sd: float, first: float, more: float) -> None:
    """Two steps have the mean and the variance of one."""
    a, b = 2 ** (-first / half_life), 2 ** (-more / half_life)
    twice = gap_step(gap_step(gap, first, half_life, 0.0, 0.0), more, half_life, 0.0, 0.0)
    assert twice == pytest.approx(gap_step(gap, first + more, half_life, 0.0, 0.0), abs=1e-12)
    assert sd**2 * ((1 - a**2) * b**2 + 1 - b**2) == pytest.approx(
        gap_step(0.0, first + more, half_life, sd, 1.0) ** 2, abs=1e-9
    )


def test_a_work_of_a_million_earns_at_most_two_percent() -> None:
    assert licence_income(1_000_000.0, 0.02) * 365 == pytest.approx(20_000)


def test_rents_are_capitalised() -> None:
    assert land_value(100.0 / 365, 0.05) == pytest.approx(2_000)
    days = np.arange(200_000)
    fees = 3.0 * np.exp(-(1.0 + 0.15) * days / 365)
    assert fading_value(3.0, 1.0, 0.15) == pytest.approx(float(fees.sum()), rel=2e-3)
    paid = 2.0 * np.exp(-0.15 * np.arange(1460) / 365)
    assert term_value(2.0, 1460.0, 0.15) == pytest.approx(float(paid.sum()), rel=1e-3)
    assert term_value(2.0, 100.0, 0.0) == 200.0
    assert term_value(-2.0, 100.0, 0.1) == 0.0 == term_value(2.0, 0.0, 0.1)


@given(kilowatts=st.floats(0, 1e6), b=st.floats(0, 1), c=st.floats(0, 1), share=st.floats(0, 1), taken=st.floats(0, 1))
def test_rights_share_the_spread(kilowatts: float, b: float, c: float, share: float, taken: float) -> None:
    rent = right_income(kilowatts, b, c, share, taken)
    assert -24 * kilowatts * c * 1.0000001 <= rent <= 24 * kilowatts * max(0.0, b - c) * 1.0000001
    if taken == 0.0:
        assert rent >= 0.0


def view(**columns: list[float]) -> SimpleNamespace:
    rates = {"land_yield": 0.05, "game_decay": 1.0, "discount": 0.10}
    return SimpleNamespace(**{name: np.array(column) for name, column in columns.items()}, **rates)


def test_values_by_kind() -> None:
    nfts = view(appraisal=[1e6] * 6, income=[10.0] * 6, days_left=[math.inf] * 4 + [365.0] * 2)
    kinds = (
        NftKind.ART, NftKind.COLLECTIBLE, NftKind.METAVERSE_LAND, NftKind.GAME_ITEM, NftKind.MINING_RIGHT,
        NftKind.INFRASTRUCTURE,
    )  # fmt: skip
    found = [nft_value(kind, i, nfts) for i, kind in enumerate(kinds)]
    assert found[:2] == [1e6, 1e6]
    assert found[2] == pytest.approx(3650 / 0.05)
    assert found[3] == pytest.approx(3650 / 1.10)
    assert found[4] == found[5] == pytest.approx(3650 * (1 - math.exp(-0.10)) / 0.10)


def test_a_work_of_a_million_in_ten_thousand_pieces() -> None:
    """A fraction of .01 % of it is worth 100 USD; vaults with rigs have no such value."""
    nfts = view(appraisal=[1e6], income=[0.0], days_left=[math.inf], kind=[int(NftKind.ART)])
    values = fraction_values(np.array([-1, 0]), np.array([10_000 * 10**6] * 2), nfts)
    assert math.isnan(values[0])
    assert values[1] == pytest.approx(100.0)


def test_reserves_fall_after_failures() -> None:
    asked = [reserve_price(1_000.0, 1.0, 0.7, 1.2, 0.2, failures) for failures in (0.0, 1.0, 2.0)]
    assert asked == pytest.approx([1_200.0, 960.0, 768.0])
    price, value, same = np.array([8.0, 500.0, 12.0, 0.0]), np.full(4, 10.0), np.array([True, True, True, True])
    assert comparable_ratio(price, value, same) == 0.8  # fifty times its value is no comparable sale
    assert comparable_ratio(price, value, ~same) == 1.0


@pytest.mark.skipif(not SALES.is_file(), reason=f"needs {SALES}, which does not ship: RIGSHARE_SOURCES")
def test_defaults_are_those_of_the_fit() -> None:
    found = fit_nfts.fit(fit_nfts.log_floor(fit_nfts.FOLDER, *fit_nfts.PERIODS[0]))
    p = NftsParams()
    assert found.anchor_sd == pytest.approx(p.anchor_sd, abs=0.01)
    assert found.half_life == pytest.approx(p.reversion_days, abs=2.0)
    assert found.error < 0.05
    busiest = fit_nfts.variances(fit_nfts.log_floor(fit_nfts.FOLDER, *fit_nfts.PERIODS[-1]), 1)[0]
    assert math.sqrt(float(busiest)) == pytest.approx(p.weekly_sd, abs=0.01)
