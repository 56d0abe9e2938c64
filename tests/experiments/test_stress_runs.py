"""`stress` on a small market: shocks composed, scaled and moved; runs repeated by their commands; metrics of insolvency."""

import json
import shlex
import tomllib
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

import run
from experiments.report.page import write
from experiments.store.find import command_of
from experiments.stress import points, shocks
from experiments.stress.toml_text import text
from model import Marketplace, Scenario
from model.clock import Clock
from model.errors import ScenarioError
from tests.experiments.tiny import add_poison


@pytest.fixture(scope="module")
def smoke():
    return Scenario.load("smoke")


def ask(*words):
    return CliRunner().invoke(run.app, [str(w) for w in words])


def test_rows_of_several_files_and_lines_are_joined(smoke):
    rows = shocks.joined(
        [
            shocks.from_file("price_crash", smoke),
            shocks.from_file("energy_shock", smoke),
            shocks.from_line("channel=hashrate,factor=.5,day=30,days=30", smoke),
        ]
    )
    assert [(s.channel, s.size, s.shape) for s in rows.shocks] == [
        ("price", -0.5, "ramp"),
        ("power_price", 0.8, "pulse"),
        ("hashrate", -0.5, "pulse"),
    ]


def test_sizes_are_multiplied_and_days_keep_their_distance(smoke):
    base = smoke.override({"clock.ticks": 90})
    rows = shocks.joined([shocks.from_file("price_crash", base), shocks.from_file("energy_shock", base)])
    half = shocks.moved(shocks.scaled(rows, 0.5), 10.0, Clock(base.clock))
    assert [s.size for s in half.shocks] == [-0.25, 0.4]
    assert [s.day for s in half.shocks] == [40.0, 10.0], "30 days apart, as in their files"


def test_dated_shocks_and_changes_move_together(smoke, tmp_path):
    file = tmp_path / "both.toml"
    file.write_text(
        '[[shocks]]\nchannel = "price"\nsize = -0.1\ndate = 2023-01-11\nsource = "test"\n'
        '[[changes]]\ntick = 15\nset = { "amm.fee_bps" = 100 }\n'
    )
    moved = shocks.moved(shocks.from_file(str(file), smoke), 2.0, Clock(smoke.clock))
    assert moved.shocks[0].day == 2.0 and moved.changes[0].tick == 7


def test_changes_move_by_as_much_time_as_shocks_whatever_the_tick(smoke):
    base = smoke.override({"clock.hours_per_tick": 6})
    rows = shocks.rows_of({"changes": [{"tick": 40, "set": {"amm.fee_bps": 100}}]}, "here", base)
    rows = shocks.joined([rows, shocks.from_line("channel=price,factor=.5,day=12", base)])
    moved = shocks.moved(rows, 3.0, Clock(base.clock))
    assert (moved.changes[0].tick, moved.shocks[0].day) == (12, 5.0)


def test_a_composed_scenario_written_as_a_file_is_the_same_scenario(smoke, tmp_path):
    rows = shocks.joined([shocks.from_file("price_crash", smoke), shocks.from_file("china_ban", smoke)])
    values = {"agents.miner.power_price": {"uniform": {"low": 0.04, "high": 0.05}}}
    try:
        made = shocks.laid_on(smoke, rows, values, "x")
    except ScenarioError:
        made = shocks.laid_on(smoke, rows, {}, "x")
    file = tmp_path / "made.toml"
    file.write_text(text(made.tables))
    assert Scenario.load(file).fingerprint() == made.fingerprint() != smoke.fingerprint()
    assert len(made.shocks) == 2


@pytest.mark.parametrize("name", Scenario.names())
def test_every_shipped_scenario_survives_being_written(name, tmp_path):
    made = shocks.laid_on(Scenario.load(name), shocks.Rows(), {}, name)
    assert tomllib.loads(text(made.tables)) == made.tables
    file = tmp_path / "copy.toml"
    file.write_text(text(made.tables))
    assert Scenario.load(file).fingerprint() == made.fingerprint()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--with", "smoke"), "no [[shocks]]"),
        (("--shock", "channel=demand,factor=2,day=5"), "no mechanism of this scenario listens"),
        (("--with", "price_crash"), "begins on day 90"),
        (("--with", "price_crash", "--day", 40), "days 0 to 29"),
        (("--with", "price_crash", "--day", 5, "--size", 3), "at most 2"),
        (("--shock", "channel=hashrat,factor=.5,day=3"), "did you mean 'hashrate'"),
        (("--shock", "channel=hashrate,day=3"), "factor=.5"),
        (("--shock", "channel=hashrate,factor=x,day=3"), "write a number"),
        (("--shock", "channel=hashrate,factor=.5"), "exactly one of day and date"),
        (("--shock", "chanel=hashrate"), "did you mean 'channel'"),
        (("--size", 2), "name some by --with or --shock"),
        (("--grid", "amm.fee_bps"), "write TABLE.KEY=VALUE"),
        (("--grid", "amm.fee_bps=30,30"), "given twice"),
        (("--grid", "amm.fee_bsp=30,50"), "did you mean 'fee_bps'"),
        (("--grid", "amm.fee_bps=30,50", "--grid", "rigs.x=1", "--grid", "size=1,2"), "at most 2"),
        (("--fan", "bitcoin.prise"), "did you mean 'bitcoin.price'"),
        (("--seeds", 0), "above 0"),
        (("--above", 0), "above 0"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(words, sentence, tmp_path):
    result = ask("stress", "smoke", *words, "--out", tmp_path)
    assert result.exit_code == 2, result.output
    assert sentence in result.output and "Traceback" not in result.output
    assert not list(tmp_path.iterdir()), "nothing ran"


def test_the_command_answers_and_its_worst_run_can_be_repeated(tmp_path):
    words = (
        "stress",
        "smoke",
        "--shock",
        "channel=price,factor=.5,day=3",
        "--ticks",
        10,
        "--seeds",
        3,
        "--out",
        tmp_path,
    )
    shown = ask(*words)
    assert shown.exit_code == 0, shown.output
    assert "price -50%, step from day 3" in shown.output and "who loses" in shown.output
    record = json.loads(ask(*words, "--json").stdout)
    assert record["points"][0]["miners"]["probability"]["high"] == pytest.approx(1 - 0.025 ** (1 / 3))
    assert record["calm"]["runs"] == 3
    worst = record["worst"][0]
    told = shlex.split(worst["command"])
    assert told[:3] == ["python", "run.py", "run"] and told[4] == "--seed"
    with Marketplace(Scenario.load(told[3]), rng=int(told[5])) as market:
        again = market.run().fingerprint()
    import pandas as pd

    kept = pd.read_parquet(f"{record['folder']}/summary.parquet").set_index("run")
    assert kept.loc[worst["run"], "fingerprint"] == again
    assert kept.loc[worst["run"], "seed"] == worst["seed"]


@pytest.mark.slow
def test_a_grid_makes_a_map_and_a_fan(tmp_path):
    words = ("--grid", "size=0,1", "--grid", "amm.fee_bps=30,100", "--fan", "bitcoin.price", "--json")
    shock = ("--shock", "channel=price,factor=.5,day=2")
    result = ask("stress", "smoke", *shock, *words, "--ticks", 6, "--seeds", 2, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["maps"]["miners"]["runs"] == [[2, 2], [2, 2]] and "protocol" not in record["maps"]
    assert len(record["fans"]["bitcoin.price"]["days"]) == 6
    names = {path.rsplit("/", 1)[1] for path in record["files"]}
    assert names == {"insolvency_of_miners.png", "insolvency_of_miners.svg", "fans.png", "fans.svg"}
    assert [p["values"] for p in record["points"]][1] == {"size": 0, "amm.fee_bps": 100}


def test_the_report_answers_with_the_definition_that_was_asked_for(tmp_path):
    words = ("stress", "credit_baseline", "--shock", "channel=price,factor=.5,day=1", "--ticks", 3, "--agents", 60)
    for above in (5_000, 9_000):
        done = ask(*words, "--seeds", 2, "--above", above, "--out", tmp_path, "--json")
        assert done.exit_code == 0, done.output
        record = json.loads(done.stdout)
        meaning = record["points"][0]["protocol"]["meaning"]
        assert meaning.startswith(f"{above:,}.00 USD")
        page = write(Path(record["folder"])).path.read_text()
        assert meaning in page and all(shock in page for shock in record["shocks"]) and record["shocks"]


def test_the_report_repeats_runs_with_their_plugins(tmp_path, monkeypatch):
    add_poison(tmp_path, monkeypatch)
    words = ("--shock", "channel=price,factor=.5,day=1", "--ticks", 2, "--seeds", 2, "--plugins", "poison")
    done = ask("stress", "smoke", *words, "--out", tmp_path / "my results", "--json")
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    page = unescape(write(Path(record["folder"])).path.read_text())
    for worst in record["worst"]:
        command = command_of(record["folder"], worst["run"], ["poison"])
        assert command in page
    assert ask(*shlex.split(command)[2:]).exit_code == 0


def test_equal_places_keep_their_own_rows(smoke):
    rows = shocks.from_line("channel=price,factor=.5,day=2", smoke)
    found = points.places(smoke, rows, {"size": [0, 1], "day": [2, 4]})
    assert len({p.scenario.fingerprint() for p in found}) == 4, "a shock of size 0 is still a row"


@pytest.mark.slow
def test_seized_rigs_and_lost_deposits_are_counted_from_the_events():
    with Marketplace("rig_loans_2022", rng=1) as market:
        market.run()
        numbers, events = market.summary(), market.events()
        miner = market.ledger.sectors.index("miner")
        kinds = events[events["kind"].isin(["default", "rig default"])]
        mine = kinds[[market.ledger.books.sector[a] == miner for a in kinds["account"]]]
        assert numbers["insolvency.miners"] == mine["account"].nunique() > 0
        assert numbers["insolvency.miners_day"] == mine["tick"].min()
        lost = events[(events["kind"] == "bad debt") & events["text"].str.contains("lost to the depositors")]
        assert not lost.empty and numbers["insolvency.nft_loans_day"] == lost["tick"].min()


def test_gains_agree_with_the_returns_of_holders(smoke):
    with Marketplace(smoke.override({"clock.ticks": 22}), rng=5) as market:
        market.run()
        numbers, gains = market.summary(), market.gains_book.read(market)
    for kind, name in (("miner", "miner"), ("retail_investor", "retail"), ("arbitrageur", "arbitrageur")):
        assert gains[kind].capital > 0.0
        assert numbers[f"gains.{kind}"] == pytest.approx(numbers[f"holders.{name}_return"] * gains[kind].capital)


def test_the_gain_of_every_kind_of_agent_is_recorded():
    from model.kinds import agent_kinds, packages
    from model.metric import registry

    kinds = set(agent_kinds(packages(()))) - {"rest_of_network"}
    assert kinds == {name.removeprefix("gains.") for name in registry() if name.startswith("gains.")}
