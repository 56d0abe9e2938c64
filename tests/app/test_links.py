"""Links that cannot be used as a whole: what is refused is left out, and all else stays."""

import shlex
from itertools import pairwise

import pytest

from app.address import Setup, decode, load
from app.scenario_file import scenario_toml
from app.sliders import sliders
from app.stress.ask import Ask
from experiments import runs
from model import Scenario


@pytest.mark.parametrize(
    "query",
    [
        'set=amm.fee_bps:"5"',
        'change=5:amm.fee_bps:"50"',
        'set=bitcoin.drift:"0.5"',
        "set=amm.fee_bps:true",
        'set=agents:"200"',
        'set=clock.ticks:"9"',
    ],
)
def test_a_number_in_quotes_is_refused_in_a_sentence(query):
    setup, notes = decode(f"scenario=smoke&{query}")
    assert setup == Setup("smoke", load("smoke").clock.seed)
    assert len(notes) == 1 and "without quotes" in notes[0]
    sliders(load("smoke"), setup)


def test_a_word_that_is_one_stays():
    assert decode('scenario=smoke&set=bitcoin.process:"garch"')[0].settings == (("bitcoin.process", "garch"),)


def test_one_bad_value_takes_nothing_else_with_it():
    good = "set=amm.fee_bps:50&set=offerings.initial:3&change=4:power.level:2.0"
    setup, notes = decode(f"scenario=smoke&seed=7&tick=10&{good}&set=bitcoin.volatility:50")
    rest = (("amm.fee_bps", 50), ("offerings.initial", 3))
    assert setup == Setup("smoke", 7, 10, rest, ((4, "power.level", 2.0),))
    assert len(notes) == 1 and "bitcoin.volatility" in notes[0]


def test_parameters_that_only_go_together_stay_together():
    both = (("lending.loan_to_value", 0.7), ("lending.threshold", 0.8))
    query = "&".join(f"set={path}:{value}" for path, value in both)
    setup, notes = decode(f"scenario=credit_baseline&{query}&set=bitcoin.volatility:50")
    assert setup.settings == both and len(notes) == 1


def test_a_seed_that_is_none_leaves_the_tick():
    setup, notes = decode("scenario=smoke&seed=x&tick=10")
    assert setup.tick == 10 and len(notes) == 1


def test_page_file_and_command_line_size_a_market_alike(tmp_path):
    setup = Setup("baseline", settings=(("agents", 200), ("offerings.th", 2_000.0), ("agents.miner.count", 90)))
    words = shlex.split(Ask(setup).command())
    options = list(pairwise(words))
    given = runs.settings([value for word, value in options if word == "--set"])
    line = runs.prepare("baseline", given, *(int(value) for word, value in options if word == "--agents"))
    (tmp_path / "mine.toml").write_text(scenario_toml(setup), encoding="utf-8")
    found = [setup.build(), line, Scenario.load(tmp_path / "mine.toml")]
    assert len({scenario.fingerprint() for scenario in found}) == 1
    assert found[0].mechanisms["offerings"].th == 2_000.0 and found[0].agents["miner"].count == 90


@pytest.mark.parametrize("value", ["[" * 2_000, '{"a":' * 2_000, "null"])
@pytest.mark.parametrize("path", ["amm.fee_bps", "agents", "clock.ticks"])
def test_what_is_no_number_is_left_out_however_it_is_written(path, value):
    setup, notes = decode(f"scenario=smoke&set={path}:{value}")
    assert setup == Setup("smoke", load("smoke").clock.seed) and len(notes) == 1
    sliders(load("smoke"), setup)
