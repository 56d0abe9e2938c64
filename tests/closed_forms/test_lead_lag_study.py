"""The study of lead-lag traders: who is added, what is refused, what is told, and the picture."""

import math

import numpy as np
import pytest

from experiments import lead_lag_picture
from experiments.lead_lag import BOTS, Bots, Case, Outcome, main, run, sheet, with_bots
from experiments.price_moves import HORIZONS, MOMENTS, OWN, Moves
from model import Scenario
from model.errors import ScenarioError


def outcome(bots: int, seed: int) -> Outcome:
    """Made up: the more bots, the sooner prices follow."""
    own = dict.fromkeys(OWN, 0.1 * seed) | {f"coin{h}": min(1.0, 0.01 * h * (1 + bots)) + 0.01 * seed for h in HORIZONS}
    moves = Moves(dict.fromkeys(MOMENTS, 0.2 * seed), dict.fromkeys(MOMENTS, 0.0), own, np.zeros((2, 40)), 5)
    return Outcome(moves, 2e5, 1e4 * bots, *(0.3, 0.01 * seed, 0.005 * seed) if bots else 3 * (math.nan,))


FOUND = [[outcome(bots, seed) for seed in (1, 2, 3)] for bots in BOTS]


def test_bots_come_on_top_of_those_there_are() -> None:
    baseline = Scenario.load("baseline")
    table = with_bots(baseline, 10).agents["arbitrageur"]
    assert table.count == baseline.agents["arbitrageur"].count + 10
    assert table.shares["lead_lag"] * table.count == pytest.approx(10.0)
    assert table.shares["close_gaps"] * table.count == pytest.approx(17.0)
    assert with_bots(baseline, 0) is baseline


@pytest.mark.parametrize(
    ("scenario", "said"), [("lead_lag", "has lead_lag already"), ("bend_2022", "has no .agents.arb")]
)
def test_scenarios_that_do_not_suit_it_are_refused(scenario: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        with_bots(Scenario.load(scenario), 3)


def test_the_command_refuses_a_scenario_without_pools_of_fractions_or_too_short(capsys) -> None:
    assert main(["--scenario", "smoke"]) == 2
    assert "lasts less than 180 days" in capsys.readouterr().err


def test_the_table_has_a_column_for_each_number_of_bots() -> None:
    table = sheet(FOUND, BOTS, "baseline")
    assert table.title == "3 seeds of baseline"
    rows = {row[0]: row[1:] for row in table.rows}
    assert [cell.split(" ")[0] for cell in rows["part of a move of the coin that is made in a day"]] == [
        "0.03", "0.06", "0.13", "0.33",
    ]  # fmt: skip
    assert rows["in all pools [thousand USD]"][0] == "200 (200 to 200)"
    assert rows["what they gain on their capital [1/year]"][0] == ""
    assert rows["what they gain on their capital [1/year]"][1].startswith("+0.02 (")


def test_the_picture_is_drawn(tmp_path) -> None:
    lead_lag_picture.draw(FOUND, BOTS, HORIZONS, tmp_path / "lead_lag.png")
    assert (tmp_path / "lead_lag.png").stat().st_size > 10_000


def test_what_bots_gain_is_set_against_holding_as_many_all_the_time() -> None:
    bots, days = object.__new__(Bots), 100
    bots.wealth = [100.0] * days + [110.0]
    price = np.column_stack([np.linspace(2.0, 3.0, days + 1), np.r_[np.zeros(51), np.full(50, 1.0)]])
    held = np.column_stack([np.r_[np.full(51, 5.0), np.full(50, 15.0)], np.r_[np.zeros(51), np.full(50, 4.0)]])
    bots.price, bots.held, bots.income = list(price), list(held), list(np.where(price > 0.0, 0.01, 0.0))
    found = bots.outcome(FOUND[0][0].moves, 1.0)
    assert found.gain == pytest.approx(0.1 * 365 / days)
    first, second = held[:, 0].mean() * (1.0 + 0.01 * days), 4.0 * 0.01 * 49  # the second pool opens in between
    assert found.chosen == pytest.approx((10.0 - first - second) / 100.0 * 365 / days)
    assert found.invested == pytest.approx((price * held).sum() / sum(bots.wealth))


@pytest.mark.slow
def test_a_run_with_bots_follows_the_coin_sooner_and_counts_their_gain(tmp_path) -> None:
    path = tmp_path / "shorter.toml"
    path.write_text(
        'extends = "baseline"\nquestion = "?"\nsources = ["test"]\n[clock]\nticks = 240\n', encoding="utf-8"
    )
    alone, beside = (run(Case(str(path), bots, 1)) for bots in (0, 10))
    assert alone.capital == 0.0 and math.isnan(alone.gain)
    assert beside.depth > 1e5 and beside.capital > 1e5 and 0.0 < beside.invested < 0.9
    assert -1.0 < beside.gain < 1.0
    assert beside.moves.own["coin1"] > alone.moves.own["coin1"] + 0.08
