"""Studies: names and seeds that stay when points and replicates are added, equal points in one, plans before runs."""

import dataclasses
import pickle
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.liquidators import Liquidator
from experiments import runs
from experiments.sweeps.plan import Pace, bytes_of_run, expected, plan_rows
from experiments.sweeps.study import Study, load, seed_of
from experiments.sweeps.variants import Variants, identity
from model import Marketplace, Scenario, ScenarioError

BASE = Scenario.load("smoke").override({"clock.ticks": 3})
CREDIT = Scenario.load("credit_baseline").with_agents(120)
HEAD = '[experiment]\nbase = "smoke"\nticks = 3\n'
fees = st.lists(st.integers(0, 1000), min_size=1, max_size=6, unique=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sweeps")


def grid(folder, values, replicates=2, name="fees", more=""):
    path = folder / f"{name}.toml"
    path.write_text(
        f'{HEAD}[[design]]\nkind = "grid"\n[design.vars]\n"amm.fee_bps" = {values}\n{more}[replicates]\nn = {replicates}\n'
    )
    return load(path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=fees, added=fees, replicates=st.integers(1, 4), further=st.integers(0, 4))
def test_adding_points_and_replicates_renames_and_reseeds_nothing(folder, first, added, replicates, further):
    few = grid(folder, first, replicates)
    more = grid(folder, list(dict.fromkeys([*added, *first])), replicates + further, "more")
    for common in (True, False):
        before = {t.run: t.seed for t in dataclasses.replace(few, common=common).tasks()}
        after = {t.run: t.seed for t in dataclasses.replace(more, common=common).tasks()}
        assert before.items() <= after.items()


values = st.fixed_dictionaries(
    {},
    optional={
        "lending.loan_to_value": st.floats(0.01, 0.6),
        "bitcoin.volatility": st.floats(0.0, 5.0),
        "amm.fee_bps": st.integers(0, 1000),
        "clock.ticks": st.integers(1, 50),
        "clock.hours_per_tick": st.sampled_from([1, 4, 24]),
        "agents.miner.count": st.integers(0, 90),
        "agents.lender.cash": st.floats(1, 1e5),
        "agents.miner.strategy": st.sampled_from(["mine", "payback", {"mine": 0.5, "on_credit": 0.5}]),
        "agents.institution.count": st.integers(0, 9),
        "adoption.enabled": st.booleans(),
        "offerings.forms": st.dictionaries(st.sampled_from(["art", "collectible"]), st.just("dutch")),
    },
)


@settings(max_examples=60, deadline=None)
@given(values)
def test_a_variant_is_what_the_whole_scenario_would_be(chosen):
    whole, variant = CREDIT.override(chosen), VARIANTS.of(chosen)
    assert variant.scenario == whole
    assert variant.id == identity(whole) == whole.fingerprint()[:16]


VARIANTS = Variants(CREDIT)


@pytest.mark.parametrize(
    "chosen",
    [{"lending.loan_to_value": 0.61}, {"amm.fee_bps": -1, "lending.loan_to_value": 2}, {"oracle.enabled": False}, {"agents.miner.count": 1.5}],
)  # fmt: skip
def test_a_variant_is_refused_where_the_whole_scenario_would_be(chosen):
    with pytest.raises(ScenarioError) as whole:
        CREDIT.override(chosen)
    with pytest.raises(ScenarioError) as variant:
        VARIANTS.of(chosen)
    plain = str(whole.value).replace(f"{CREDIT.name} with overrides: ", "")
    assert sorted(str(variant.value).split("\n")) == sorted(plain.split("\n"))


def test_the_first_agents_of_a_kind_are_refused_where_the_whole_scenario_would_be(monkeypatch):
    """A base may name a kind of whom there are none yet, and which lacks what it needs."""
    monkeypatch.setattr(Liquidator, "needs", ("lending",))
    tables = BASE.tables | {"agents": BASE.tables["agents"] | {"liquidator": {"count": 0}}}
    base = Scenario.from_tables(tables, "none yet")
    chosen = {"agents.liquidator.count": 3}
    for build in (base.override, Variants(base).of):
        with pytest.raises(ScenarioError, match=r"agents\.liquidator needs \[lending\]"):
            build(chosen)
    assert Variants(base).of({"agents.liquidator.count": 0}).scenario == base


def test_variants_leave_their_base_alone():
    before = (CREDIT.fingerprint(), repr(CREDIT.tables))
    VARIANTS.of({"agents.miner.cash.constant": 4, "lending.loan_to_value": 0.2, "adoption.enabled": True})
    assert (CREDIT.fingerprint(), repr(CREDIT.tables)) == before


def test_the_name_of_a_point_does_not_know_the_seed():
    assert identity(BASE) == identity(BASE.override({"clock.seed": 99}))
    assert identity(BASE) != identity(BASE.override({"clock.ticks": 4}))


def test_runs_go_replicate_by_replicate_over_all_points(folder):
    study = grid(folder, [10, 20, 30], 2)
    assert [(t.point, t.replicate) for t in study.tasks()] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert study.tasks(1) == study.tasks()[3:]
    assert study.tasks(2, 4) == study.tasks(0, 4)[6:]
    assert study.tasks()[4].run == f"{study.points[1].id}-00001"
    assert len(study.points[0].id) == 16 and int(study.points[0].id, 16) >= 0


def test_common_random_numbers_share_seeds_by_replicate_and_others_share_none(folder):
    study = grid(folder, [10, 20, 30], 4)
    shared = study.tasks()
    assert {t.seed for t in shared} == {seed_of(1, r, None) for r in range(4)}
    own = dataclasses.replace(study, common=False).tasks()
    assert len({t.seed for t in own}) == len(own) == 12
    other = dataclasses.replace(study, root=2).tasks()
    assert not {t.seed for t in other} & {t.seed for t in shared}


@given(
    st.integers(0, 2**63 - 1), st.integers(0, 10**5), st.none() | st.text("0123456789abcdef", min_size=16, max_size=16)
)
def test_seeds_fit_a_scenario(root, replicate, point):
    assert 0 <= seed_of(root, replicate, point) < 2**63


def test_seeds_are_what_they_were():
    found = [seed_of(1, 0, None), seed_of(1, 1, None), seed_of(1, 0, "0" * 16)]
    assert found == [7285020334845938776, 6918190303329730354, 4917553599395661741]


def test_equal_points_of_several_blocks_are_one_under_the_first_label(folder):
    fee = BASE.mechanisms["amm"].fee_bps
    volatility = BASE.mechanisms["bitcoin"].volatility
    second = f'[[design]]\nkind = "grid"\n[design.vars]\n"bitcoin.volatility" = [{volatility}, 1.0]\n'
    study = grid(folder, [fee, fee + 1], more=second)
    assert [p.label for p in study.points] == [f"fee_bps {fee}", f"fee_bps {fee + 1}", "volatility 1"]
    assert study.points[0].values == {"amm.fee_bps": fee, "bitcoin.volatility": volatility}
    assert study.blocks[1].rows == (study.points[0].id, study.points[2].id)
    assert study.points[0].id == identity(BASE)


def test_values_that_differ_in_writing_alone_are_one_point(folder):
    path = folder / "volatility.toml"
    path.write_text(HEAD + '[[design]]\nkind = "grid"\nvars.bitcoin.volatility = [1, 1.0]\n')
    assert len(load(path).points) == 1


def test_blocks_keep_what_the_analysis_needs(folder):
    path = folder / "gsa.toml"
    path.write_text(
        HEAD + '[[design]]\nkind = "saltelli"\nn = 4\n[design.vars]\n"bitcoin.volatility" = { low = 0.2, high = 1.0 }\n'
        '"amm.fee_bps" = { choices = [10, 30] }\n'
    )
    study = load(path)
    (block,) = study.blocks
    assert block.problem == {"num_vars": 2, "names": list(block.names), "bounds": [[0.0, 1.0], [0.0, 1.0]]}
    assert len(block.rows) == len(block.unit) == 4 * (2 + 2)
    assert block.settings["n"] == 4 and block.settings["second_order"] is False
    assert set(block.rows) == {p.id for p in study.points}
    place = {p.id: p for p in study.points}
    for row, unit in zip(block.rows, block.unit, strict=True):
        assert place[row].values["bitcoin.volatility"] == pytest.approx(0.2 + 0.8 * unit[0])
        assert place[row].values["amm.fee_bps"] == (10 if unit[1] < 0.5 else 30)


def test_blocks_draw_their_own_points_and_a_seed_of_their_own_stays_with_them(folder):
    one = '[[design]]\nkind = "random"\nn = 3\n{}[design.vars]\n"bitcoin.volatility" = {{ low = 0.2, high = 1.0 }}\n'
    path = folder / "random.toml"
    path.write_text(HEAD + one.format("") + one.format(""))
    first, second = load(path).blocks
    assert first.unit != second.unit
    path.write_text(HEAD + one.format("seed = 5\n") + one.format("seed = 5\n"))
    first, second = load(path).blocks
    assert first.unit == second.unit and first.settings["seed"] == 5


def test_a_study_by_code_keeps_labels_and_joins_what_is_equal():
    cheap = BASE.override({"amm.fee_bps": 5})
    study = Study.of("two", {"base": BASE, "cheap": cheap, "again": BASE}, 3, every=1, columns=("bitcoin.price",))
    assert [p.label for p in study.points] == ["base", "cheap"]
    assert study.blocks[0].labels == ("base", "cheap", "again")
    assert study.blocks[0].rows == (study.points[0].id, study.points[1].id, study.points[0].id)
    assert (len(study.tasks()), study.columns, study.every) == (6, ("bitcoin.price",), 1)
    assert len(Study.of("all", {"base": BASE}, 1, every=1).columns) > 10
    assert Study.of("none", {"base": BASE}, 1).columns == ()
    for scenarios, n in (({}, 1), ({"base": BASE}, 0)):
        with pytest.raises(ScenarioError, match="needs scenarios"):
            Study.of("empty", scenarios, n)
    with pytest.raises(ScenarioError, match=r"bitcon.price.*did you mean"):
        Study.of("typo", {"base": BASE}, 1, every=1, columns=("bitcon.price",))


def test_points_travel_to_other_processes(folder):
    study = grid(folder, [10, 20])
    back = pickle.loads(pickle.dumps(study))
    assert back == study
    assert [p.scenario.fingerprint()[:16] for p in back.points] == [p.id for p in study.points]


def test_a_point_runs_as_the_scenario_with_its_values_would(folder):
    study = grid(folder, [10, 20])
    task, point = study.tasks()[1], study.points[1]
    with Marketplace(point.scenario, rng=task.seed) as market:
        ours = market.run().fingerprint()
    with Marketplace("smoke", rng=task.seed, amm__fee_bps=20, clock__ticks=3) as market:
        assert market.run().fingerprint() == ours


def test_thousands_of_points_are_ready_in_seconds(folder):
    path = folder / "many.toml"
    path.write_text(
        HEAD + '[[design]]\nkind = "lhs"\nn = 4000\n[design.vars]\n"bitcoin.volatility" = { low = 0.2, high = 1.0 }\n'
        '"agents.miner.count" = { low = 5, high = 50, type = "int" }\n'
    )
    began = time.process_time()
    study = load(path)
    assert len(study.points) == 4000
    assert time.process_time() - began < 4.0
    assert len(study.tasks()) == 4000


def test_the_expected_time_adds_up():
    study = Study.of("two", {"short": BASE, "long": BASE.override({"clock.ticks": 13})}, 5)
    paces = [Pace(1.0, 0.1, 9), Pace(3.0, 0.3, 9)]
    assert expected(paces, study.points, 5, 1) == pytest.approx(5 * (2 * 2.0 + 0.2 * 16))
    assert expected(paces, study.points, 5, 2) == pytest.approx(expected(paces, study.points, 5, 1) / 2)
    assert expected(paces, study.points, 1, 8) == pytest.approx((2 * 2.0 + 0.2 * 16) / 2), "two runs keep two at work"


def test_kept_paths_take_disk_in_proportion(folder):
    study = Study.of("one", {"base": BASE.override({"clock.ticks": 1000})}, 1, every=1, columns=("bitcoin.price",))
    point = study.points[0]
    without = bytes_of_run(dataclasses.replace(study, every=0, columns=()), point)
    every, fifth = bytes_of_run(study, point), bytes_of_run(dataclasses.replace(study, every=5), point)
    assert 800 * 8 <= every - fifth <= 800 * (8 + 4), "8 bytes a number, and at most 4 a tick"
    assert every > fifth > without > 0


def test_a_market_that_does_not_fit_into_memory_is_refused_before_the_pilot(folder, monkeypatch):
    study = grid(folder, [10])
    monkeypatch.setattr(runs, "free_memory", lambda: 1e4)
    with pytest.raises(ScenarioError, match="agents need about"):
        plan_rows(study, 1)


@pytest.mark.parametrize("pilot", [True, False])
def test_a_plan_says_what_will_be_spent(folder, pilot):
    stop = 'stop = { metric = "bitcoin.price", half_width = 1, max = 20 }\n'
    study = grid(folder, [10, 20, 30], f"2\n{stop}", "plan")
    rows = {row["what"]: row["how much"] for row in plan_rows(study, 2, pilot)}
    assert rows["design 1"] == "grid over amm.fee_bps: 3 rows"
    assert (rows["points"], rows["runs"], rows["ticks of a run"]) == ("3", "6 to 60", "3")
    assert "bitcoin.price" in rows["replicates"] and "at most 20" in rows["replicates"]
    assert ("with 2 at work" in rows["time"]) == pilot
    assert "at most" in rows["disk"] and "free" in rows["disk"]
