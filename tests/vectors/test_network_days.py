"""What the network makes of its rules and tables: who else mines, fees, where a run begins."""

from datetime import date

import numpy as np
import pytest

from model.mechanisms.network.tables import chain_at, fee_ratio_at, fees_at
from model.tables import month_series, table
from tests.mining import Mine


def test_the_rest_is_what_the_marketplace_does_not_own() -> None:
    mine = Mine(network={"simulated_share": 0.25})
    mine.factors["hashrate"] = 0.8
    mine.step()
    assert mine.network.rest_hashrate == pytest.approx(0.75 * 0.8 * mine.network.start_hashrate)


def test_fees_are_capped_as_drawn_and_a_shock_comes_on_top() -> None:
    day, ends = date(2023, 3, 1), []
    for settings in ({"fee_cap": 0.01}, {"fees": "constant", "fee_ratio": 0.1}, {"fees": "history"}):
        mine = Mine(start="2023-03", network=settings)
        mine.factors["network_fees"] = 1.5
        mine.step()
        ends.append(mine.network.fees_per_block)
    assert ends == pytest.approx([0.015 * 6.25e8, 0.15 * 6.25e8, 1.5e8 * fees_at(day)], abs=1)


def test_real_fees_lie_evenly_between_the_months_and_the_first_regime_is_the_real_one() -> None:
    fees, blocks, subsidy = (
        month_series("btc_monthly", name, "2023-04", "2023-05")
        for name in ("fees_btc_per_day", "blocks_per_day", "subsidy_btc_per_day")
    )
    assert fees_at(date(2023, 5, 1)) == pytest.approx((fees / blocks).mean())
    assert fee_ratio_at(date(2023, 5, 1)) == pytest.approx(np.exp(np.log(fees / subsidy).mean()))
    network = Mine(start="2023-05").network
    assert np.exp(network.params.fee_mean + network.slow) == pytest.approx(fee_ratio_at(date(2023, 5, 1)))


@pytest.mark.parametrize("month", ["2023-03", "2021-07"])
def test_difficulty_of_a_days_start_changes_by_the_real_retargets_alone(month: str) -> None:
    steps = dict(zip(table("retargets")["date"], table("retargets")["ratio"], strict=True))
    days = [date.fromisoformat(f"{month}-{k:02d}") for k in range(1, 31)]
    found = [chain_at(day).difficulty for day in days]
    for day, before, after in zip(days[1:], found[:-1], found[1:], strict=True):
        assert after / before == pytest.approx(float(steps.get(str(day), 1.0)))


def test_a_height_of_ones_own_is_that_far_into_its_epoch() -> None:
    mine = Mine(network={"height": 100 * 2016 + 1000})
    assert mine.network.chain[3] == -1000 * 600
    seen = Mine(network={"height": 840_000 - 3}).network.view()
    assert (seen[-2], seen[-1]) == (2016 - (840_000 - 2) % 2016, 2)


def test_makers_of_a_network_of_ones_own_difficulty_are_as_large_as_it_is() -> None:
    mine = Mine(network={"difficulty": 6e13})
    mine.rigs.capacity = 5.0
    mine.network.open()
    assert mine.rigs.capacity == pytest.approx(5.0 * 6e13 * 2**32 / 600 / 1e12)
