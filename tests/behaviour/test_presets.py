"""Presets and stress scenarios run, and each has an answer that puts its runs into words."""

import json

import numpy as np
import pytest

from experiments.presets import book, page
from experiments.presets.found import Found
from experiments.presets.running import Task, perform, tasks_of
from experiments.presets.spec import FOLDERS, PLAIN, answer_to, answers, scenarios
from model import Marketplace, Scenario
from model.errors import ScenarioError

NAMES = scenarios()
FEW = 240  # agents
SHORT = 20  # ticks
CHEAP = ("nicehash", "oracle_pump", "pool_ruin", "sleeping_holders")


def invented(name: str, n: int = 5) -> Found:
    """Numbers as an answer's runs might give, some undefined."""
    answer = answer_to(name)
    scenario = answer.scenario(name).override({"clock.ticks": 2})
    with Marketplace(scenario, rng=1) as market:
        market.run()
        try:
            keys = dict(answer.look(market))
        except IndexError:  # it looks at a later day
            keys = dict.fromkeys(answer.units, 1.0)
    draw = np.random.default_rng(1)
    runs = {
        variant: [
            {
                key: bool(draw.random() < 0.5) if isinstance(value, bool) else float(draw.random())
                for key, value in keys.items()
            }
            for _ in range(n)
        ]
        for variant in answer.variants
    }
    return Found(name, runs, answer.units)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_twenty_ticks_with_few_agents(name):
    scenario = Scenario.load(name)
    ticks = {"clock.ticks": min(SHORT, scenario.clock.ticks)}
    many = sum(table.count for table in scenario.agents.values())
    small = scenario.with_agents(FEW) if many > FEW else scenario
    with Marketplace(small.override(ticks), rng=1) as market:
        market.run()
        market.check()
        assert market.clock.tick + 1 == ticks["clock.ticks"]


def test_every_scenario_has_an_answer_and_every_answer_a_scenario():
    assert set(answers()) == set(NAMES)
    assert [name for name in answers() if name in NAMES] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_complete(name):
    answer = answer_to(name)
    assert answer.units
    assert bool(answer.real) == bool(answer.source)
    assert answer.seeds >= 30
    prints = [answer.scenario(name, variant).fingerprint() for variant in answer.variants]
    assert len(set(prints)) == len(prints)  # a variant differs


@pytest.mark.parametrize("name", CHEAP)
def test_numbers_that_are_looked_at_are_those_with_units(name):
    found = perform(Task(name, PLAIN, 1, 4))
    assert set(found) == set(answer_to(name).units)


@pytest.mark.parametrize("name", CHEAP)
def test_words_hold_the_numbers(name):
    found = invented(name)
    text = answer_to(name).tell(found)
    assert text.endswith(".")
    assert "nan" not in text
    record = found.record()
    assert set(record) == set(answer_to(name).variants)
    assert all(cell["n"] == 5 for cell in record[PLAIN].values() if cell["method"] == "Clopper-Pearson")


def test_variants_share_their_seeds():
    tasks = tasks_of("nicehash", answer_to("nicehash"), 3)
    assert [task.seed for task in tasks] == [1, 1, 2, 2, 3, 3]
    assert len({task.variant for task in tasks}) == 2


def test_an_unknown_name_is_refused_in_a_sentence():
    with pytest.raises(ScenarioError, match="niftex_v2"):
        answer_to("niftex_v3")


def test_the_book_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "answers.json"
    assert book.read(path) == {}
    record = book.record_of(invented("sleeping_holders"))
    book.write({"sleeping_holders": record}, path)
    assert book.read(path) == {"sleeping_holders": json.loads(json.dumps(record))}
    rows = {row["scenario"]: row for row in book.rows(path)}
    assert list(rows) == NAMES
    assert rows["sleeping_holders"]["answer"] == record["answer"]
    assert "5 seeds, code" in rows["sleeping_holders"]["from"]
    assert "not asked yet" in rows["nicehash"]["answer"]
    path.write_text("{")
    with pytest.raises(ScenarioError, match="cannot be read"):
        book.read(path)


def test_the_page_has_a_table_for_each_folder():
    records = {"sleeping_holders": book.record_of(invented("sleeping_holders"))}
    texts = page.tables(records)
    assert set(texts) == {*FOLDERS, page.ABOUT}
    assert records["sleeping_holders"]["question"] in texts["stress"]
    assert records["sleeping_holders"]["question"] not in texts["presets"]


def test_the_book_that_ships_has_every_scenario_over_thirty_seeds():
    kept = book.read()
    assert set(kept) == set(NAMES)
    assert all(record["seeds"] >= 30 for record in kept.values())
