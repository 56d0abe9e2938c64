"""What the rest of the network orders, elastic or by history, and which pools hoppers go to."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.hoppers import Hopper
from agents.rest_of_network import Elastic, History
from model.ledger import BTC_ASSET
from model.mechanisms.rigs.fleet import Fleet
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import Tariff
from model.units import USD

RULES = InvestmentRules.of()
PRICE, SITE, HASHPRICE, J_PER_TH = 40.0, 3.0, 0.2, 30.0
OWN = 3


def rigs(prices: list[float], tariff: Tariff | None = None) -> Any:
    """A view of the rig market, with sites of the rest at these power prices."""
    fleet, n = Fleet(1), len(prices)
    fleet.reserve_accounts(5)
    sites = fleet.add_sites(np.full(n, OWN), np.array(prices), weight=1.0 / n, payback_limit=RULES.payback_limit)
    return SimpleNamespace(
        sites=fleet.sites, tariff=tariff or Tariff(), hashprice_mean=HASHPRICE, efficiency=J_PER_TH, price=PRICE,
        site_cost=SITE, rules=RULES, site=np.full(5, sites[0]),
    )  # fmt: skip


def test_the_elastic_rest_sells_its_coins_and_commits_an_eighth_of_its_purse_by_what_each_bin_pays() -> None:
    purse, prices, tariff = 1e6, [0.03, 0.06], Tariff(1.2, 0.005, 0.1)
    balances = np.zeros((2, 5), np.int64)
    balances[BTC_ASSET, OWN] = 77
    cohort: Any = SimpleNamespace(account=np.array([OWN]), held=lambda asset: np.array([purse * USD]))
    for week in (True, False):
        market: Any = SimpleNamespace(balances=balances, new_week=week, rigs=rigs(prices, tariff))
        sale, *orders = object.__new__(Elastic).decide(cohort, market)
        assert sale.rows.tolist() == [(OWN, 1, 77, 0, 0)]
        assert len(orders) == int(week)
        for order in orders:
            power = np.array(prices) * 1.2 * 1.1 + 0.005
            value = 10.0 * 30.4 * (HASHPRICE - 0.024 * power * J_PER_TH * 1.23 * 1.05)
            eager = 1.0 / (1.0 + (value / (PRICE + SITE)) ** -4.0)
            assert order.rows["usd"] == pytest.approx(purse * (1 - math.exp(-1 / 8)) * eager / 2 * USD, abs=1)


def test_history_orders_what_growth_and_a_week_of_wear_take_with_their_sites() -> None:
    strategy: Any = object.__new__(History)
    strategy.open()
    cohort: Any = SimpleNamespace(account=np.array([OWN]))
    wear = 0.08 * 7 / 365
    for hashrate, th in ((1e18, 1e6 * wear), (1.1e18, 1e5 + 1.1e6 * wear), (0.9e18, 0.9e6 * wear)):
        market: Any = SimpleNamespace(
            new_week=True, has=lambda _: True, rigs=rigs([0.05]), network=SimpleNamespace(rest_hashrate=hashrate)
        )
        (order,) = strategy.decide(cohort, market)
        assert order.rows["usd"][0] / USD == pytest.approx(th * (PRICE + SITE))


def hopped(ages: list[float], large: float = 1.0) -> tuple[int, dict[str, float]]:
    """Pool that a hopper goes to from alone, and what he counts; two proportional pools whose rounds have these ages."""
    difficulty, own = 5e13, 1_000_000  # GH/s
    blocks = 1e9 * 86_400 / 2**32 / difficulty
    seen: dict[str, float] = {}
    cohort: Any = type("Cohort", (SimpleNamespace,), {"__len__": lambda self: 1})(
        account=np.array([2]), hop_earned=np.zeros(1), hop_worth=np.zeros(1), hop_at=np.array([0.4348]),
        hop_blocks=np.array([0.2]), write=lambda name, values: seen.update({name: float(values[0])}),
    )  # fmt: skip
    payout = SimpleNamespace(
        schemes=("fpps", "proportional", "proportional", "pplns", "pps"), open=np.array([True, True, True, True, False]),
        fee=np.array([0.03, 0.0, 0.0, 0.01, 0.001]), round_shares=np.array([0.0, *ages, 0.0, 0.0]) * difficulty,
        hashrate=np.array([0.0, 0.1, 0.1 * large, 0.0, 0.0]) / blocks, pool_of=np.full(3, 5), gross=np.full(3, 700),
    )  # fmt: skip
    market: Any = SimpleNamespace(
        payout=payout, network=SimpleNamespace(difficulty=difficulty, subsidy=6 * 10**8, fees_per_block=10**8),
        rigs=SimpleNamespace(running=np.full(3, own)), dt_days=1.0,
    )  # fmt: skip
    (move,) = object.__new__(Hopper).choose(cohort, market)
    assert seen["hop_earned"] == 700.0
    assert seen["hop_worth"] == pytest.approx(own * blocks * 7e8)
    return int(move.rows["pool"][0]), seen


def test_hoppers_join_the_youngest_round_that_they_can_follow_or_the_cheapest_pool_that_cannot_be_hopped() -> None:
    assert hopped([0.1, 0.2])[0] == 1
    assert hopped([0.3, 0.2])[0] == 2
    assert hopped([0.3, 0.2], large=3.0)[0] == 1  # of the other a round is over before it is seen
    assert hopped([0.5, 0.9])[0] == 3
