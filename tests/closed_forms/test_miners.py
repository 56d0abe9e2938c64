"""What a miner does in his week: what he orders and offers, which coins he sells, what he lacks for power, partners, cards."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.miners.arrears import short_of
from agents.miners.gpus import MineGpu
from agents.miners.mining import coins_for_sale
from agents.miners.partners import EquityPartner
from agents.miners.payback import REVIEWED, Payback, Review, Terms, review
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanisms.rigs.fleet import Fleet
from model.mechanisms.rigs.rules import InvestmentRules
from model.mechanisms.rigs.running import Tariff
from model.streams import Streams
from model.units import BTC, USD

RULES = InvestmentRules.of()
ALL_IN = 1.23 * 1.05
POWER, LIMIT, COOLING, J_PER_TH = 0.045, 10.0, 1.2, 30.0
PRICE, SITE, HASHPRICE, MARK = 40.0, 3.0, 0.3, 100.0
TH, OWN_COST, DAYS = 100, 0.2, 0.5  # rigs of each, what a TH of theirs costs in a day, and the length of a tick
FETCHED, TYPICAL, SUPPLY = 70.0, 0.19, 10_000
TRAITS: dict[str, float] = {
    "power_price": POWER, "payback_limit": LIMIT, "tokenise_rate": 1.0, "tokenise_share": 0.5, "keep": 0.2,
    "markup": 1.2, "undercut": 0.05, "working_cash": 0.1, "contract_share": 0.0, "contract_days": 180.0,
    "contract_price": 0.85,
}  # fmt: skip


def reviewed(cash: float, day: int = 0, tariff: Tariff | None = None, fetched: float = FETCHED, **traits: float) -> Any:
    """Orders, offers and contracts of two miners, accounts 3 and 4, of whom the first reviews on day 0."""
    own = Review(**{name: np.full(2, value) for name, value in {**TRAITS, **traits}.items()})
    fleet = Fleet(1)
    fleet.reserve_accounts(8)
    site = np.full(8, -1, np.int64)
    for who in (3, 4):
        site[who] = fleet.add_sites(np.array([who]), np.array([POWER]))[0]
        fleet.sites.cooling[site[who]] = COOLING
    ghs = np.full(8, TH * 1_000, np.int64)
    bill = np.full(8, int(OWN_COST * TH * DAYS * USD), np.int64)
    matrices = tuple(np.zeros((2, action.width), np.int64) for action in REVIEWED)
    found = review(
        np.arange(2), np.array([3, 4]), own, day, np.full(8, int(cash * USD), np.int64), ghs, site, fleet.sites,
        PRICE, SITE, J_PER_TH, HASHPRICE, MARK, RULES, tariff or Tariff(), ghs, bill, DAYS,
        Terms(fetched, TYPICAL, 5, 1_000, SUPPLY), Streams(1).key("tokenise"), matrices,
    )  # fmt: skip
    return tuple(rows[:n].tolist() for rows, n in zip(matrices, found, strict=True))


def value_of(power: float) -> float:
    """What a new rig is worth to a miner [USD/TH]."""
    return LIMIT * 30.4 * (HASHPRICE - 0.024 * power * J_PER_TH * ALL_IN * COOLING)


WORTH = LIMIT * 30.4 * (HASHPRICE - OWN_COST)  # of his own rigs [USD/TH]
RESALE = MARK * WORTH / value_of(POWER)
ASKED = 1.2 * max(WORTH, RESALE)


@pytest.mark.parametrize(("tariff", "power"), [(Tariff(), POWER), (Tariff(0.5, 0.002, 0.1), POWER * 0.5 * 1.1 + 0.002)])
def test_an_eighth_of_cash_goes_into_rigs_by_what_they_pay_after_power_overhead_and_cooling(
    tariff: Tariff, power: float
) -> None:
    cash, value = 50_000.0, value_of(power)
    eager = 1.0 / (1.0 + (value / (PRICE + SITE)) ** -4.0)
    ((who, site, usd, *_),), _, _ = reviewed(cash, tariff=tariff, tokenise_rate=0.0)
    assert (who, site) == (3, 0)
    assert usd == pytest.approx(cash * (1.0 - math.exp(-1.0 / 8.0)) * eager * USD, abs=1)
    assert [row[0] for row in reviewed(cash, day=6, tokenise_rate=0.0)[0]] == [4]
    assert reviewed(cash, day=1, tokenise_rate=0.0)[0] == []


def test_rigs_are_offered_at_what_theirs_would_fetch_less_what_they_cost_more_to_run() -> None:
    market = (FETCHED - LIMIT * 30.4 * (OWN_COST - TYPICAL)) * 0.95
    assert market > ASKED
    _, ((who, ghs, price, keep, *_),), contracts = reviewed(50_000.0)
    assert (who, ghs, keep) == (3, TH * 1_000 // 2, 2_000) and contracts == []
    assert price == pytest.approx(TH / 2 * market / SUPPLY * USD, abs=1)
    _, ((_, _, first, *_),), _ = reviewed(0.0, fetched=0.0)  # nothing trades: his own price, as he is short
    assert first == pytest.approx(TH / 2 * ASKED / SUPPLY * USD, abs=1)


def test_below_what_he_asks_only_who_is_short_of_cash_offers_and_nobody_below_worth() -> None:
    dearer = LIMIT * 30.4 * (OWN_COST - TYPICAL)
    between = (max(WORTH, RESALE) * 1.1) / 0.95 + dearer
    working = 0.1 * TH * (PRICE + SITE)
    assert reviewed(working + 1.0, fetched=between)[1] == []
    assert len(reviewed(working - 1.0, fetched=between)[1]) == 1
    below = (max(WORTH, RESALE) * 0.99) / 0.95 + dearer
    assert reviewed(0.0, fetched=below)[1] == []


def test_a_contract_costs_a_part_of_what_its_hashpower_nets_over_the_term() -> None:
    _, offers, ((who, ghs, days, price, keep, *_),) = reviewed(50_000.0, contract_share=1.0)
    assert offers == [] and (who, ghs, days, keep) == (3, TH * 1_000 // 2, 180, 2_000)
    assert price == pytest.approx(TH / 2 * (HASHPRICE - OWN_COST) * 180 * 0.85 / SUPPLY * USD, abs=1)


def coins_sold(coins: list[int], kept: Any, cash: list[float] | None = None, bill: float = 0.0) -> dict[int, int]:
    """Satoshi sold by policies 0, 1 and 2, at 100 USD a coin and a dollar a transaction; half of the rigs run."""
    usd = np.array(cash or [0.0] * 3) * USD
    rows, half, whole = np.zeros((3, 5), np.int64), np.full(3, 50), np.full(3, 100)
    n = coins_for_sale(
        np.array(coins), usd.astype(np.int64), np.full(3, int(bill * USD)), half, whole, 100.0, DAYS, 1.0, kept,
        np.arange(3), np.arange(3), np.array([0.0, 1.0, 2.0]), np.full(3, 0.3), rows,
    )  # fmt: skip
    return dict(rows[:n, [0, 2]].tolist())


def test_coins_are_sold_by_policy_and_what_is_held_back_stays_back() -> None:
    """All; seven tenths of what is new since the last sale; none while there are no bills."""
    kept = np.zeros(3)
    assert coins_sold([1_000, 1_000, 1_000], kept) == {0: 1_000, 1: 700}
    assert coins_sold([0, 300 + 500, 1_000], kept) == {1: 350}
    assert kept.tolist() == [0.0, 450.0, 0.0]


def test_who_keeps_coins_sells_what_two_weeks_of_all_his_rigs_and_a_transaction_lack() -> None:
    """Power of .10 USD a half day for half of the rigs: 5.60 in two weeks for all."""
    for cash, sold in ((2.6, 0.04), (7.0, 0.0), (0.0, 0.066)):
        found = coins_sold([BTC, BTC, BTC], np.array([0.0, BTC, 0.0]), [cash] * 3, bill=0.1)
        assert [found.get(k, 0) for k in (1, 2)] == pytest.approx([sold * BTC] * 2, abs=1)
    assert coins_sold([5, 5, 5], np.array([0.0, 5.0, 0.0]), bill=0.1) == {0: 5, 1: 5, 2: 5}


def test_who_is_short_lacks_what_he_owes_and_a_week_of_losses_less_cash_and_coins() -> None:
    """Power of 30 USD a half day for 100 TH/s that earn .5 USD a day each: ten dollars are lost a day."""
    balances = np.zeros((3, 6), np.int64)
    balances[PAYABLE_ASSET, 2:6] = 100 * USD
    balances[USD_ASSET, 3], balances[BTC_ASSET, 4] = 40 * USD, BTC // 1_000
    bill, running = np.full(6, 30 * USD, np.int64), np.full(6, TH * 1_000, np.int64)
    bill[5] = 10 * USD  # earns more than its power
    out = np.empty(4)
    short_of(np.arange(2, 6), balances, 20_000.0, bill, running, 0.5, 0.5, out)
    assert out == pytest.approx([170.0, 130.0, 150.0, 100.0])
    balances[USD_ASSET, 2:6] = 1_000 * USD
    short_of(np.arange(2, 6), balances, 20_000.0, bill, running, 0.5, 0.5, out)
    assert out.tolist() == [0.0] * 4


# -- cards


def cards(
    monkeypatch: pytest.MonkeyPatch, held: int, kept: float, treasury: int, days_left: float, cash: float = 1.0
) -> tuple[Any, Any]:
    """Rows that an owner of cards hands in, who waits ten days, and coins that he holds back afterwards."""
    monkeypatch.setattr(Payback, "decide", lambda *_: iter(()))
    back: dict[str, Any] = {}
    cohort: Any = SimpleNamespace(
        account=np.array([4]), gpu_kept=np.array([kept]), treasury=np.array([treasury]), gpu_hold_share=np.array([0.3]),
        gpu_patience=np.array([10.0]), cash=np.array([cash]), held=lambda asset: np.array([held]), write=back.__setitem__,
    )  # fmt: skip
    view = SimpleNamespace(
        asset=7, price=1_500.0, mhs=np.full(5, 900, np.int64), days_left=days_left, mined=days_left > 0.0, resale=6.0
    )
    fees = SimpleNamespace(per_transaction=0.5)
    market: Any = SimpleNamespace(has=lambda _: True, new_day=True, gpu_coin=view, fees=fees)
    rows = [action.rows.tolist()[0] for action in object.__new__(MineGpu).decide(cohort, market)]
    return rows, back["gpu_kept"].tolist()


def test_a_share_of_new_coins_is_held_back_under_policies_1_and_2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cards(monkeypatch, BTC, 0.0, 0, 30.0) == ([(4, 1, BTC, 0, 0)], [0.0])
    (sale,), kept = cards(monkeypatch, BTC, 0.4 * BTC, 1, 30.0)
    assert sale[2] == pytest.approx(0.7 * 0.6 * BTC, abs=1)
    assert kept == [BTC - sale[2]]


def test_cards_go_after_the_owners_patience_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cards(monkeypatch, 0, 0.0, 0, 1.0)[0] == []
    assert cards(monkeypatch, 0, 0.0, 0, -9.0)[0] == []
    assert cards(monkeypatch, 0, 0.0, 0, -10.0)[0] == [(4, 900, 0, 0)]


def test_who_has_no_dollar_for_the_fee_hands_in_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, kept = cards(monkeypatch, BTC, 0.0, 0, -10.0, cash=0.4)
    assert rows == [] and kept == [BTC]


# -- partners

ASK = {
    "partner_months": 2.0, "partner_multiple": 1.5, "partner_days": 300.0, "partner_eager": 0.0, "partner_slack": 1.5,
    "power_price": POWER, "payback_limit": LIMIT,
}  # fmt: skip


def partner(**traits: float) -> Any:
    strategy: Any = object.__new__(EquityPartner)
    columns = {name: np.array([value]) for name, value in {**ASK, **traits}.items()}
    strategy.population = SimpleNamespace(columns=columns, account=np.array([2]))
    return strategy


def world(cash: int = 0, revenue: float = 1_000.0, most_share: float = 0.5) -> Any:
    cost = 0.024 * POWER * J_PER_TH * ALL_IN
    rigs = SimpleNamespace(
        price=PRICE, site_cost=SITE, hashprice_mean=HASHPRICE, rules=RULES, all_in_cost=lambda *_: [cost]
    )
    view = SimpleNamespace(
        revenue=np.full(3, revenue), sold=np.zeros(3, np.int64), most_ppm=int(most_share * 1e6), most_bps=30_000,
        longest_days=1_825,
    )  # fmt: skip
    balances = np.zeros((1, 3), np.int64)
    balances[USD_ASSET, 2] = cash * USD
    return SimpleNamespace(rigs=rigs, revenue_shares=view, balances=balances)


def test_a_partner_is_asked_for_months_of_revenue_and_a_share_that_repays_the_cap_in_his_days() -> None:
    ((who, share, money, cap, days, *_),) = partner()._ask(0, 2, world())
    assert (who, cap, days) == (2, 15_000, 450)
    assert money == 2.0 * 30.4 * 1_000 * USD
    assert share == pytest.approx(1e6 * 1.5 * 2.0 * 30.4 / 300.0, abs=1)
    ((_, capped, *_),) = partner()._ask(0, 2, world(most_share=0.2))
    assert capped == 200_000
    assert partner()._ask(0, 2, world(cash=60_800)) == []


def test_rigs_must_be_worth_the_cap_times_their_price() -> None:
    value = LIMIT * 30.4 * (HASHPRICE - 0.024 * POWER * J_PER_TH * ALL_IN)
    eager = 1.0 / (1.0 + (value / (1.5 * (PRICE + SITE))) ** -4.0)
    assert len(partner(partner_eager=eager - 1e-6)._ask(0, 2, world())) == 1
    assert partner(partner_eager=eager + 1e-6)._ask(0, 2, world()) == []
