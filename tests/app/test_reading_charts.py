"""Charts that can be read: axes say what they are, and names do not overprint."""

import pytest

from app.options import farms, hashprice, network
from app.stress.ask import last_day, read


def _frame(series, breakeven=()):
    shown = {name: {"unit": "USD", "meaning": name, "values": values} for name, values in series.items()}
    return {"days": [1.0, 2.0], "day": 2.0, "series": shown, "latest": {}, "breakeven": list(breakeven)}


def test_a_logarithmic_axis_says_so_and_spans_whole_decades():
    staked = {"farms.staked_tokens": [1.0, 2.0]}
    wide = farms.option(_frame({**staked, "farms.apr": [140.0, 0.3]}), False)["yAxis"][1]
    assert wide["type"] == "log" and "log" in wide["name"] and (wide["min"], wide["max"]) == (10.0, 100_000.0)
    narrow = farms.option(_frame({**staked, "farms.apr": [0.5, 0.3]}), False)["yAxis"][1]
    assert narrow["type"] == "value" and "log" not in narrow["name"]


@pytest.mark.parametrize(
    ("levels", "names"),
    [
        ((90.0, 110.0, 130.0), ["", "", "best, middle and worst third of rigs"]),
        ((90.0, 110.0, 1_500.0), ["", "best and middle third of rigs", "worst third of rigs"]),
        ((90.0, 800.0, 1_500.0), ["best third of rigs", "middle third of rigs", "worst third of rigs"]),
    ],
)
def test_break_evens_that_lie_close_share_a_name(levels, names):
    rows = [
        {"name": f"{which} third", "machine": "m", "hashprice": level}
        for which, level in zip(("best", "middle", "worst"), levels, strict=True)
    ]
    found = hashprice.option(_frame({"network.hashprice": [2_500.0, 200.0]}, rows), False)
    rules = found["series"][0]["markLine"]["data"]
    assert [rule["label"]["formatter"] for rule in rules] == names
    assert [rule["yAxis"] for rule in rules] == list(levels)


def test_a_shock_begins_where_something_can_follow():
    ask, notes = read("scenario=smoke")
    assert not notes and ask.day == 10 < last_day(ask.setup)
    assert read("scenario=smoke&day=29")[0].day == 29 and read("")[0].day == 30


@pytest.mark.parametrize("size", ["-5", "1e9", "nan"])
def test_a_size_out_of_range_is_told_the_range(size):
    _, notes = read(f"scenario=smoke&size={size}")
    assert len(notes) == 1 and "between -0.95 and 3" in notes[0]


@pytest.mark.parametrize("dark", [False, True])
def test_kinds_of_one_colour_have_other_shapes_in_the_key_too(dark):
    kinds = [f"kind {i:02}" for i in range(12)]
    nodes = [{"account": i, "name": kind, "kind": kind, "usd": 1.0, "x": i, "y": 0} for i, kind in enumerate(kinds)]
    found = network.option({"network": {"nodes": nodes, "edges": [], "drawn": 12, "all": 12}}, dark)
    drawn = found["series"][0]
    shapes = {kinds[node["category"]]: node["symbol"] for node in drawn["data"]}
    assert {row["name"]: row["icon"] for row in found["legend"]["data"]} == shapes
    looks = {(row["itemStyle"]["color"], shapes[row["name"]]) for row in drawn["categories"]}
    assert len(looks) == len(kinds)
