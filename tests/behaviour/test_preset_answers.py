"""What answers read off a run, and the words for it: days, comparisons and losses are those that the words name."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from experiments.presets import book, looks, page
from experiments.presets.answers import farm_exit, gomining, niftex_v1, niftex_v2, oracle_pump, unifty
from experiments.presets.found import Found
from experiments.presets.spec import PLAIN, answer_to

RUNS = 30


def market_of(paths: dict[str, Any], dt_days: float = 1.0) -> Any:
    """A finished run with some paths."""
    return SimpleNamespace(
        recorder=SimpleNamespace(path=paths.__getitem__, columns=paths), clock=SimpleNamespace(dt_days=dt_days)
    )


def found_of(name: str, **means: dict[str, float]) -> Found:
    """Thirty runs about some means, by variant; numbers that are not named are 1."""
    answer, draw = answer_to(name), np.random.default_rng(1)
    runs = {}
    for variant in answer.variants:
        own = dict.fromkeys(answer.units, 1.0) | means.get(variant, {})
        runs[variant] = [{key: x * (1.0 + 0.001 * draw.normal()) for key, x in own.items()} for _ in range(RUNS)]
    return Found(name, runs, answer.units)


@pytest.mark.parametrize("dt_days", [1.0, 0.25])
def test_a_day_is_when_so_many_have_passed(dt_days):
    ends = np.arange(dt_days, 20.0 + dt_days / 2, dt_days)  # each tick records the time at its end
    market = market_of({"m": ends}, dt_days)
    assert [looks.at(market, "m", day) for day in (1.0, 5.0, 20.0, 99.0)] == [1.0, 5.0, 20.0, 20.0]
    assert looks.at(market, "m", 0.0) == dt_days
    assert looks.first_day(market, "m", 8.0, since=5.0) == 3.0
    assert np.isnan(looks.first_day(market, "m", 21.0))


def test_deposits_that_halve_daily_after_the_end_are_half_gone_after_a_day():
    staked = np.concatenate((np.full(80, 1_000.0), 1_000.0 * 0.5 ** np.arange(1, 41)))
    flat = np.ones(staked.size)
    market = market_of({"farms.staked_usd": staked, "farms.token_price": flat, "amm.depth": flat})
    seen = farm_exit.look(market)
    assert seen["days until half is gone"] == 1.0
    assert seen["gone in three days"] == pytest.approx(1.0 - 0.5**3)
    assert seen["gone in a week"] == pytest.approx(1.0 - 0.5**7)


def test_an_attack_behind_the_guard_is_compared_with_holding_still_behind_it():
    variants = {
        PLAIN: {"gain": 1_500.0},
        oracle_pump.GUARD: {"gain": 300.0},
        oracle_pump.STILL_GUARDED: {"gain": 340.0},
    }
    found = found_of("oracle_pump", **variants, **{oracle_pump.STILL: {"gain": 20.0}})
    assert oracle_pump.profit(found, PLAIN).mean() == pytest.approx(1_480.0, abs=2.0)
    assert oracle_pump.profit(found, oracle_pump.GUARD).mean() == pytest.approx(-40.0, abs=2.0)
    assert f"{oracle_pump.told(found, oracle_pump.GUARD)};" in oracle_pump.tell(found)
    assert "pays in none of 30 runs" in oracle_pump.told(found, oracle_pump.GUARD)
    guarded = answer_to("oracle_pump").scenario("oracle_pump", oracle_pump.STILL_GUARDED)
    assert guarded.mechanisms["oracle"].guard
    assert guarded.agents["attacker"].traits["first_day"].constant.value == oracle_pump.NEVER


def test_nfts_are_lost_at_a_loss():
    answer = answer_to("niftex_v1")
    taken = {"an NFT was taken": True, "loss of those bought out": 0.94}
    runs = {v: [dict.fromkeys(answer.units, 1.0) | taken for _ in range(RUNS)] for v in answer.variants}
    assert "NFTs a run are lost at a loss of 94 %" in niftex_v1.tell(Found("niftex_v1", runs, answer.units))


@pytest.mark.parametrize(
    ("own", "cause"),
    [
        ({"offers": 19.7, "part of offers that won": 0.314}, "more attempts, about as likely ones"),
        ({"offers": 15.9, "part of offers that won": 0.5}, "about as many attempts, likelier ones"),
    ],
)
def test_more_nfts_taken_are_told_apart_by_attempts_and_their_chances(own, cause):
    part = "part of offers that won"
    found = found_of(
        "niftex_v2",
        **{PLAIN: own | {"NFTs taken": 6.2}, niftex_v2.V1: {"offers": 15.9, part: 0.314, "NFTs taken": 5.6}},
    )
    for i, run in enumerate(found.runs[niftex_v2.V1]):  # where means are alike no difference is clear
        for key, value in own.items():
            if value == {"offers": 15.9, part: 0.314}[key]:
                run[key] = found.runs[PLAIN][i][key] + 0.001 * (-1) ** i
    text = niftex_v2.tell(found)
    assert text.count(" offers a run ") == 1 and "under v1 31.4 %" in text
    assert cause in text


def test_a_price_that_swings_is_not_said_to_hold_or_rise_and_a_dead_comparison_is_named():
    swings = {gomining.LOW: 0.9, gomining.HIGH: 18.0, gomining.MEAN: 9.0, gomining.LAST: 4.0, gomining.WIDE: 20.0}
    found = found_of("gomining", **{PLAIN: swings, gomining.NONE: {"staked tokens": 0.0}})
    text = gomining.tell(found)
    assert text.startswith("No: the price swings, between 90 % ")
    assert "nothing to compare" in text
    alive = found_of("gomining", **{PLAIN: swings, gomining.NONE: {"staked tokens": 5.0}})
    assert "its mean goes up by 800 points" in gomining.tell(alive)
    price = np.array([0.4, 2.67, 6.69, 0.81, 1.76])
    names = ("farms.burned", "farms.staked_tokens")
    seen = gomining.look(
        market_of({"farms.token_price": price, "farms.token_supply": price, **dict.fromkeys(names, price)})
    )
    assert (seen[gomining.LOW], seen[gomining.LAST]) == pytest.approx((1.0, 4.4))
    assert seen[gomining.HIGH] == seen[gomining.WIDE] == pytest.approx(6.69 / 0.4)


def test_a_count_of_stakers_is_not_said_to_be_of_those_who_stayed():
    text = unifty.tell(found_of("unifty", **{PLAIN: {unifty.COUNT: 1.02}}))
    assert text.startswith("Their number holds: it is 102 %")
    assert "stay" not in text


def test_pages_quote_answers_as_they_stand_in_the_book(tmp_path):
    kept, seen = book.read(), list(page.quotes())
    assert {"farm_exit", "token_spiral", "gomining", "operator_freeze", "rig_loans_2022"} <= {name for _, name in seen}
    for path, name in seen:
        assert page.quoted(name, kept[name]) in path.read_text(encoding="utf-8"), f"{path.name}: {name}"
    copy = tmp_path / "page.md"
    copy.write_text("<!-- study: answer farm_exit -->\nfrom before\n<!-- end -->\n", encoding="utf-8")
    page.quote(kept, tmp_path)
    text = copy.read_text(encoding="utf-8")
    assert "from before" not in text and kept["farm_exit"]["answer"] in text
