"""Gains by sector: they sum to what only things bring about, agree with flows and balances, and are printed and drawn."""

import math

import numpy as np
import pytest

from experiments import gains
from experiments.gains import Account, Follower, over_seeds
from model import Marketplace, Scenario
from model.flows import Group
from model.ledger import BTC_ASSET

TICKS = 29


@pytest.fixture(scope="module")
def run():
    """A run with arrivals and departures, followed from outside as well: gains, price by tick, sheets, metrics."""
    changes = {"clock.ticks": TICKS, "adoption.potential": 400, "adoption.innovation": 5.0, "adoption.churn": 5.0}
    with Marketplace(Scenario.load("smoke").override(changes), rng=1) as market:
        follower, prices = Follower(market), [float(market.ledger.value[BTC_ASSET])]
        first = market.balance_sheet()
        while market.running:
            follower.step()
            prices.append(float(market.ledger.value[BTC_ASSET]))
        coins = np.array(
            [
                h[Group.BTC, [i for i, s in enumerate(market.ledger.sectors) if s not in ("world", "protocol")]].sum()
                for h in market.journal.holdings
            ]
        )
        yield follower.gains(), np.array(prices), coins, (first, market.balance_sheet()), market.summary()


def test_gains_sum_to_what_only_things_bring_about(run):
    found, prices, coins, (first, last), _ = run
    by_coins = math.fsum(coins[:-1] * np.diff(prices))
    by_rigs = last.loc["rigs", "sum"] - first.loc["rigs", "sum"]
    scale = math.fsum(abs(a.gain) for a in found.accounts.values())
    total = math.fsum(a.gain for a in found.accounts.values())
    assert total == pytest.approx(by_coins + by_rigs, abs=1e-9 * scale)
    assert found.reasons == pytest.approx({"rigs: new less worn": by_rigs, gains.COINS: by_coins})
    assert abs(found.rounding) < 1e-9 * scale


def test_what_the_world_pays_in_arrives(run):
    accounts = run[0].accounts.values()
    moved = math.fsum(a.paid_in for a in accounts)
    assert moved > 0.0
    assert moved == pytest.approx(math.fsum(a.taken_out for a in accounts)), (
        "the world's own entries are the other side"
    )
    assert run[0].accounts["retail_investor"].paid_in > 0.0, "newcomers bring cash"


def test_gains_and_returns_agree_with_the_metrics_from_the_opening_on(run):
    for kind, metric in (("retail_investor", "retail_return"), ("miner", "miner_return")):
        assert run[0].accounts[kind].gain == pytest.approx(run[4][f"gains.{kind}"], rel=1e-6)
        assert run[0].accounts[kind].rate == pytest.approx(run[4][f"holders.{metric}"], rel=1e-6)


def test_companies_owe_what_their_partners_own():
    """Miners' gain of the metrics is that of the sheet, where running shares of revenue are a debt."""
    scenario = Scenario.load("capital_raise").with_agents(300).override({"clock.ticks": 60})
    with Marketplace(scenario, rng=1) as market:
        follower = Follower(market)
        while market.running:
            follower.step()
        numbers, accounts = market.summary(), follower.gains().accounts
    assert numbers["revenue_shares.outstanding"] > 1_000.0
    for kind in ("miner", "retail_investor"):
        assert numbers[f"gains.{kind}"] == pytest.approx(accounts[kind].gain, rel=1e-6)


def test_a_run_that_ends_early_reports_what_a_run_of_that_length_reports():
    crash = {"shocks": [{"channel": "price", "size": -0.5, "day": 9, "source": "test"}]}
    rule = {"metric": "bitcoin.price", "below": 12_000.0}
    scenario = Scenario.load("smoke").override({**crash, "clock.ticks": 40})
    with Marketplace(scenario.override({"clock.stop_when": rule}), rng=1) as stopped:
        stopped.run()
        ticks = stopped.clock.tick + 1
        assert ticks < 40 and stopped.clock.tick % 7 != 0
        with Marketplace(scenario.override({"clock.ticks": ticks}), rng=1) as whole:
            assert whole.run().metrics().equals(stopped.metrics())
        before, last = stopped.recorder.path("gains.miner")[-2:], stopped.recorder.path("holders.miner_return")[-2:]
        assert before[0] != before[1] and last[0] != last[1], "weekly figures are measured on the last tick"


def test_claims_on_income_count_for_their_holders():
    with Marketplace(Scenario.load("smoke").override({"clock.ticks": 3}), rng=1) as market:
        market.run()
        owed, sectors = gains.claims(market), market.ledger.sectors
        wealth = np.bincount(market.ledger.books.sector[: market.wealth.size], market.wealth, len(sectors))
        net, _ = gains.worth(market)
        real = market.mechanisms["rigs"].real_assets()["rigs"]
    assert owed.sum() == pytest.approx(0.0, abs=1e-6)
    assert owed[sectors.index("vaults")] < 0.0 < owed[sectors.index("retail_investor")]
    for kind in ("retail_investor", "arbitrageur", "miner"):
        place = sectors.index(kind)
        assert net[place] == pytest.approx(wealth[place] + real[kind], rel=1e-9), "as the market's own survey has it"


def test_a_gain_is_over_what_was_brought_in():
    account = Account(start=100.0, paid_in=100.0, taken_out=50.0, end=130.0)
    assert account.gain == pytest.approx(-20.0)
    assert account.rate == pytest.approx(-0.1)
    assert math.isnan(Account(-5.0, 0.0, 0.0, 0.0).rate)


def test_means_over_seeds():
    one = gains.Gains({"miner": Account(10.0, 0.0, 0.0, 12.0)}, {})
    two = gains.Gains({"miner": Account(10.0, 0.0, 0.0, 14.0)}, {})
    found = over_seeds([one, two])["miner"]
    assert found.gain.mean == pytest.approx(3.0)
    assert found.rate.mean == pytest.approx(0.3)
    assert found.gain.low < 3.0 < found.gain.high


def test_it_prints_and_draws(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["smoke", "--seeds", "2", "--set", "clock.ticks=3", "--set", "agents.retail_investor.count=20"]
    assert gains.main(words) == 0
    printed = capsys.readouterr().out
    for word in ("retail investor", "world", "all", "rigs: new less worn", gains.COINS, gains.ROUNDING):
        assert word in printed
    assert (tmp_path / "gains.png").read_bytes()[:4] == b"\x89PNG"


def test_bad_input_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert gains.main(["no_such_scenario"]) == 2
    assert gains.main(["smoke", "--set", "amm.fee_bps=much"]) == 2
    (tmp_path / "file").write_text("")
    assert gains.main(["smoke", "--set", "clock.ticks=1", "--out", "file/gains.png"]) == 2
    lines = capsys.readouterr().err.strip().split("\n")
    assert len(lines) == 3, lines
