"""Links and files: what they say comes back, and what somebody typed into them does no harm."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.address import Setup, checked, decode, encode, load
from app.scenario_file import scenario_toml
from app.server import inside
from app.sliders import MOST, sliders
from model.errors import ScenarioError
from model.marketplace import Marketplace
from model.scenario import Scenario

LIVE = ("amm.fee_bps", "power.level", "fees.transaction_fee")


@settings(max_examples=15, deadline=None)
@given(
    some.integers(0, 2**63 - 1),
    some.integers(0, 30),
    some.dictionaries(some.tuples(some.integers(0, 29), some.sampled_from(LIVE)), some.integers(1, 15), max_size=4),
)
def test_a_link_says_the_run_it_was_made_from(seed, tick, changed):
    rows = tuple((at, path, value) for (at, path), value in sorted(changed.items(), key=lambda row: row[0][0]))
    setup = Setup("smoke", seed, tick, (("offerings.initial", 4),), rows)
    assert decode(encode(setup)) == (setup, [])


@pytest.mark.parametrize(
    "query",
    [
        "scenario=/etc/passwd",
        "scenario=../x.toml",
        "seed=x",
        "set=a.b:1",
        "set=amm.fee_bps:-1",
        "change=zz",
        "set=nonsense",
    ],
)
def test_whatever_cannot_be_used_is_left_out_in_a_sentence(query):
    setup, notes = decode(query)
    assert setup.build().name == "baseline"
    assert len(notes) == 1 and len(notes[0]) < 400


def test_no_link_names_a_file():
    scenario = load("history_2018_2024")
    with pytest.raises(ScenarioError, match="names a file"):
        checked("social.edges", scenario)
    with pytest.raises(ScenarioError, match="no such scenario"):
        load("scenarios/smoke.toml")


def test_no_name_leads_out_of_a_folder(tmp_path):
    (tmp_path / "a").mkdir()
    assert inside(tmp_path, "a") == (tmp_path / "a").resolve()
    for name in ("..", "../../etc", "/etc/passwd", "a/../../b"):
        with pytest.raises(ScenarioError, match="outside"):
            inside(tmp_path, name)


def test_the_file_of_a_run_gives_the_same_market(tmp_path):
    settings_ = (("offerings.initial", 3), ("agents", 150))
    setup = Setup("smoke", 5, 3, settings_, ((1, "amm.fee_bps", 50), (2, "power.level", 1.5)))
    path = tmp_path / "mine.toml"
    path.write_text(scenario_toml(setup), encoding="utf-8")
    tomllib.loads(path.read_text(encoding="utf-8"))
    prints = []
    for scenario, seed in ((setup.build(), 5), (Scenario.load(path), None)):
        with Marketplace(scenario, rng=seed) as market:
            for _ in range(3):
                market.step()
            prints.append(market.fingerprint())
    assert prints[0] == prints[1]


@pytest.mark.parametrize("name", Scenario.names())
def test_sliders_of_every_scenario_are_few_known_and_hold_its_own_values(name):
    found = sliders(load(name), Setup(name))
    assert 1 <= len(found) <= MOST
    for slider in found:
        assert slider.low <= slider.default <= slider.high and slider.value == slider.default and slider.meaning
        if slider.path != "agents":
            checked(slider.path, load(name))
        if slider.path not in ("agents", "lending.threshold"):  # the threshold must stay above what may be lent
            load(name).override({slider.path: slider.own(slider.low)})
