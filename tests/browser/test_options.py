"""Charts without a browser: they balance, stay small, speak, and fit every scenario."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app import graph
from app.address import Setup
from app.options import charts, drawable
from app.options.style import DASHES, Line, lines
from app.parts import html_of
from app.rewards import LEAST, balanced
from app.run import Run
from app.snapshot import monitors
from app.thin import drawn, rounded
from model.scenario import Scenario

TICKS = 12
OF_OTHERS = {"buyouts", "farms", "hashpower", "rent", "token"}  # see tests/app/test_market_panels.py


def ran(name, ticks=TICKS, **more):
    run = Run(Setup(name, 1, 0, **more))
    while run.done < ticks and run.running:
        run.step()
    return run


@pytest.fixture(scope="module")
def credit():
    run = ran("credit_baseline", 20, settings=(("agents", 200),))
    yield run
    run.close()


@given(some.lists(some.floats(), max_size=2_000))
def test_paths_are_short_and_rounded(path):
    found = drawn(path)
    assert len(found) <= 500
    assert all(x is None or math.isfinite(x) for x in found)
    whole = np.array(path, float)
    assert [x is not None for x in rounded(whole)] == np.isfinite(whole).tolist()


@given(some.floats(1e-12, 1e12))
def test_four_digits_are_kept(x):
    assert rounded(np.array([x]))[0] == pytest.approx(x, rel=5.1e-4)


@given(
    some.dictionaries(
        some.tuples(some.sampled_from(["pools", "vaults"]), some.sampled_from(["miner", "holders"])),
        some.floats(0.1, 9),
    ),
    some.floats(0.1, 30),
)
def test_every_node_of_the_sankey_balances(onward, mined):
    links = {("new coins", "pools"): mined, **onward}
    if any(source == "vaults" for source, _ in onward):
        links["pools", "vaults"] = 2.0
    rows = balanced(links)["links"]
    for node in {a for a, _, _ in rows} & {b for _, b, _ in rows}:
        into = sum(x for _, b, x in rows if b == node)
        out = sum(x for a, _, x in rows if a == node)
        undrawn = LEAST * max(links.values())  # a remainder below that is not drawn
        assert into == pytest.approx(out, rel=0.03, abs=undrawn)


def test_rewards_of_a_market_balance_to_what_was_mined(credit):
    rewards = credit.frame()["rewards"]
    mined = sum(x for a, b, x in rewards["links"] if a in ("new coins", "network fees"))
    assert mined == pytest.approx(rewards["total"], rel=1e-3)
    assert rewards["remainder"]


def test_the_network_is_small_and_stays_where_it_is(credit):
    first = graph.network(credit.market, credit.places)
    credit.step()
    second = graph.network(credit.market, credit.places)
    assert len(second["nodes"]) <= 100
    before = {node["account"]: (node["x"], node["y"]) for node in first["nodes"]}
    kept = [node for node in second["nodes"] if node["account"] in before]
    assert kept and all(before[node["account"]] == (node["x"], node["y"]) for node in kept)
    inside = {node["account"] for node in second["nodes"]}
    assert all({edge["from"], edge["to"]} <= inside for edge in second["edges"])
    assert {"owns", "loan", "deposit"} <= {edge["what"] for edge in second["edges"]}
    spots = [(node["x"], node["y"]) for node in second["nodes"]]
    assert len(set(spots)) == len(spots)


@pytest.mark.parametrize("dark", [False, True])
def test_charts_speak_stand_still_and_are_json(credit, dark):
    frame = credit.frame()
    shown = drawable(frame)
    assert {chart.key for chart in shown} == {chart.key for chart in charts()} - OF_OTHERS
    for chart in shown:
        option = chart.option(frame, dark)
        assert option["animation"] is False
        assert (
            option["aria"]["label"]["description"].endswith(".") and "nan" not in option["aria"]["label"]["description"]
        )
        json.dumps(option, allow_nan=False)
        table = chart.table(frame)
        assert table.rows and all(len(row) == len(table.headings) for row in table.rows)


def test_lines_differ_by_colour_and_by_dashes():
    paths = [Line(str(i), [1.0, 2.0]) for i in range(len(DASHES))]
    series = lines([1, 2], paths, False, "x.")["series"]
    looks = {(s["lineStyle"]["color"], str(s["lineStyle"]["type"])) for s in series}
    assert len({colour for colour, _ in looks}) == len({dashes for _, dashes in looks}) == len(DASHES)


@pytest.mark.slow
@pytest.mark.parametrize("name", Scenario.names())
def test_every_scenario_can_be_shown(name):
    agents = Setup(name).build()
    small = (("agents", 200),) if sum(t.count for t in agents.agents.values()) > 300 else ()
    run = ran(name, 6, settings=small)
    frame = run.frame(watched=run.market.ledger.accounts - 1)
    json.dumps(frame.plain(), allow_nan=False)
    assert {row[0] for row in monitors(frame)} >= {"day", "coin"}
    for chart in drawable(frame):
        json.dumps(chart.option(frame, True), allow_nan=False)
        chart.table(frame)
    run.close()


@given(some.text(max_size=60))
def test_prose_lets_no_script_through(text):
    found = html_of(f"{text}<script>x</script>[a](javascript:x)<img src=x onerror=y>").lower()
    assert "<script" not in found and "<img" not in found
    assert 'href="javascript' not in found
