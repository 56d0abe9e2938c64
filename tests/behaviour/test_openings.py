"""The first day of scenarios with dates of their own: fractions open near what they are worth, and miners have rigs."""

import statistics

import pytest

from experiments import console, runs
from model import Marketplace, Scenario
from model.units import GHS_PER_TH

DATED = (
    "capital_raise", "china_ban", "contract_termination", "history_2018_2024", "institutions_enter", "merge_2022",
    "operator_freeze", "rig_loans_2022",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", DATED)
def test_fractions_open_near_what_holders_think_they_are_worth(name: str) -> None:
    premiums = []
    for seed in (1, 2, 3):
        with Marketplace(name, rng=seed) as market:
            market.step()
            premiums.append(market.recorder.latest["fractions.premium"])
            assert market.recorder.latest["rigs.miners"] > 0.1 * market.recorder.latest["fractions.hashrate"]
    assert abs(statistics.mean(premiums)) < 0.25


def test_a_run_without_room_says_so(tmp_path, capsys) -> None:
    for capacity, told in ((5, True), (6, False)):
        values = {"clock.ticks": 1, "vaults.capacity": capacity, "offerings.least_ghs": 10**12}
        done = runs.execute(Scenario.load("smoke").override(values), 1, tmp_path)
        console.show_run(done)
        assert ("tick -1: all room is taken, vaults.capacity = 5" in capsys.readouterr().out) == told
        assert bool(console.run_record(done)["shortages"]) == told


def test_drawn_miners_have_as_much_of_the_networks_orders_and_shipments_as_of_its_hashrate() -> None:
    """Without them their part of the network fell by a quarter in the first four months of 2018."""
    with Marketplace("smoke", rng=1) as market:
        rigs = market.mechanisms["rigs"]
        fleet, network, miners = rigs.fleet, rigs.opening.network, market.populations["miner"]
        account = miners.account[: miners.size]
        sites, part = fleet.first_site[account], rigs.delivered[account] / GHS_PER_TH / network.hashrate
        assert fleet.sites.backlog[sites] == pytest.approx(part * network.backlog.sum(), rel=1e-3)
        for week, shipped in enumerate(fleet.pipeline):
            of_all = network.pipeline[(network.weeks.burn_in + week) % len(fleet.pipeline)].sum()
            assert of_all > 0.0 and shipped[sites] == pytest.approx(part * of_all, rel=1e-3)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_nobody_is_asked_for_more_than_all_his_cash() -> None:
    few = {"offerings__initial_breadth": 1e-9, "offerings__initial": 1}
    with Marketplace("smoke", rng=1, **few) as market:
        assert market.mechanisms["vaults"].n == 1
