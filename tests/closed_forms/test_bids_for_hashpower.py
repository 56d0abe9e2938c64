"""What renters, launches and attackers bid for hashpower."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.renters.attack import Majority
from agents.renters.launch import Launch
from agents.renters.renting import Bullish, Wishes, _rent
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.rental import BuyTokens, affordable
from model.mechanisms.rental.table import ENDS, ISSUER, LEFT, OWNER, PRICE, SERIES_WIDTH
from model.mechanisms.rental.table import ORDER_WIDTH as BID_WIDTH
from model.streams import Streams
from model.units import BTC, TOKEN, USD

COIN, PH = 20_000.0, 1_000_000
GROSS, FEE = 360_000.0, 0.03  # satoshi per PH/s and day; part of it
KEY = Streams(1).key("renting")


def wanted(
    orders: Any, certainty: float = 0.1, chance: float = 1.0, quote: int = 0, in_coins: float = 1.0, click: float = 0.0,
    left: float = 1.0,
) -> Any:  # fmt: skip
    """Changes of price and bids of one renter with a coin who believes in a tenth more than mining pays."""
    traits = {
        "conviction": 0.1, "order_share": 0.25, "order_days": 4.0, "coin_priced": in_coins, "fixed_share": 0.0,
        "fixed_hours": 72.0, "certainty": certainty, "pocket": 50.0,
    }  # fmt: skip
    own = Wishes(**{name: np.array([value]) for name, value in traits.items()})
    balances = np.zeros((2, 4), np.int64)
    balances[BTC_ASSET if in_coins else USD_ASSET, 3] = BTC if in_coins else int(COIN * USD)
    rows = np.zeros((1, 5), np.int64), np.zeros((1, 5), np.int64), np.zeros((1, 9), np.int64)
    _, changes, bids = _rent(
        np.array([0]), np.array([3]), own, balances, COIN, COIN, click, orders, int(GROSS), np.array([left]), quote, FEE, chance,
        1.0, KEY, *rows
    )  # fmt: skip
    return rows[1][:changes].tolist(), rows[2][:bids].tolist()


@pytest.mark.parametrize("in_coins", [1.0, 0.0])
def test_renters_bid_what_they_believe_in_after_the_fee_and_more_for_a_fixed_term(in_coins: float) -> None:
    none, unit = np.zeros((0, BID_WIDTH), np.int64), 1.0 if in_coins else COIN * USD / BTC
    believed = GROSS * 1.1 / 1.03
    _, ((_, ghs, price, budget, currency, hours, _, *_),) = wanted(none, chance=0.0, in_coins=in_coins)
    assert (price, hours, currency) == (int(believed * unit), 0, int(in_coins))
    assert budget == 0.25 * (BTC if in_coins else COIN * USD)
    assert ghs == affordable(budget, price, 4 * 24, int(FEE * 1e6) + 1)
    _, ((_, _, price, _, _, hours, _, *_),) = wanted(none, quote=int(believed * 1.1), in_coins=in_coins)
    assert (price, hours) == (int(believed * 1.1 * unit), 72)
    assert wanted(none, quote=int(believed * 1.1) + 2, in_coins=in_coins)[1] == []
    ((_, _, price, *_),) = wanted(none, quote=int(believed * 0.66), in_coins=in_coins, left=0.6)[1]
    assert price == int(believed * 0.66 * unit)
    assert wanted(none, quote=int(believed * 0.66) + 2, in_coins=in_coins, left=0.6)[1] == []


def test_tokens_are_worth_the_days_that_are_left_of_them() -> None:
    """Ten days in ticks of six hours at 360,000 satoshi per PH/s and day: .72 USD; he pays no more, and less at a halving."""
    cohort: Any = SimpleNamespace(
        account=np.array([4]), cash=np.array([800.0]), coin_priced=np.zeros(1), pocket=np.full(1, 50.0),
        order_share=np.full(1, 0.25), held=lambda asset: np.zeros(1, int),
    )  # fmt: skip
    series = np.zeros((1, SERIES_WIDTH), np.int64)
    series[0, [ISSUER, ENDS]] = 9, 60
    for price, left, buys in (
        (719_999, 1.0, True),
        (720_002, 1.0, False),
        (539_999, 0.75, True),
        (540_002, 0.75, False),
    ):
        rental = SimpleNamespace(tokens=[7], series=series, asks=np.array([[0, 9, price, 1_000 * TOKEN]]))
        market: Any = SimpleNamespace(
            rental=rental, bitcoin=SimpleNamespace(price=COIN, sell_price=COIN), tick=20, dt_days=0.25, has=lambda _: True,
            network=SimpleNamespace(mean_left=lambda days, left=left: np.full(len(days), left)),
        )  # fmt: skip
        found = list(Bullish._tokens([0], cohort, market, np.full(1, GROSS), np.arange(1), np.zeros(1)))
        assert [type(action) for action in found] == ([BuyTokens] if buys else [])


def launching(day: float, orders: Any = None, click: float = 0.0) -> list[Any]:
    """What somebody hands in who wants a coin that starts on day 30 at twice what mining pays, half of it in a week."""
    agent = SimpleNamespace(
        account=3, launch_day=30.0, launch_premium=1.0, launch_half_life=7.0, order_share=0.5, order_days=2.0, coin_priced=1
    )  # fmt: skip
    balances = np.zeros((2, 4), np.int64)
    balances[USD_ASSET, 3], balances[BTC_ASSET, 3] = 30 * USD, BTC
    bids = np.zeros((0, BID_WIDTH), np.int64) if orders is None else orders
    market: Any = SimpleNamespace(
        has=lambda _: True, balances=balances, day=day, dt_days=1.0, bitcoin=SimpleNamespace(price=COIN, sell_price=COIN),
        rental=SimpleNamespace(orders=bids, fair=int(GROSS), fee=FEE), fees=SimpleNamespace(per_transaction=click),
    )  # fmt: skip
    strategy: Any = object.__new__(Launch)
    return [row.values for row in strategy.decide_one(agent, market)]


def test_a_launch_is_bid_for_at_its_premium_which_halves() -> None:
    assert launching(29.0) == []
    for since, premium in ((0.0, 1.0), (7.0, 0.5), (14.0, 0.25)):
        ((_, ghs, price, budget, *_),) = launching(30.0 + since)
        assert price == int(GROSS * (1.0 + premium) / 1.03)
        assert ghs == affordable(budget, price, 48, int(FEE * 1e6) + 1)
    assert launching(30.0 + 7 * 7) == []  # less than a hundredth is left of it


def attacker(target: float = 0.0, **columns: float) -> tuple[Any, Any]:
    """An attacker who needs .51 for six hours, and his strategy."""
    traits = {
        "account": 3, "slot": 0, "attack_day": 30.0, "attack_hours": 6.0, "attack_share": 0.51, "target_ph": target,
        "attack_bid": 1.0, "attack_step": 0.05, "attack_limit": 1.2, "spare": 0.05, "coin_priced": 1,
    }  # fmt: skip
    names = ("attack_held", "attack_cost", "attack_needed", "attack_hired", "attack_best", "attack_bids")
    strategy: Any = object.__new__(Majority)
    own = {name: np.array([columns.get(name, 0.0)]) for name in names}
    strategy.population = SimpleNamespace(columns=own)
    return SimpleNamespace(**traits), strategy


def attacked(agent: Any, strategy: Any, hired: int, ordered: bool = False) -> list[Any]:
    """What he hands in at an hour in which he has hired so much, of a network of 100 PH/s."""
    balances = np.zeros((2, 4), np.int64)
    balances[USD_ASSET, 3], balances[BTC_ASSET, 3] = 100 * USD, 100 * BTC
    orders = np.zeros((int(ordered), BID_WIDTH), np.int64)
    orders[:, 1] = 3
    rental = SimpleNamespace(
        orders=orders, fair=int(GROSS), fee=FEE, rented_in=np.full(4, hired), spent=np.full(4, 9 * USD)
    )
    market: Any = SimpleNamespace(
        has=lambda _: True, balances=balances, day=31, dt_days=1 / 24, bitcoin=SimpleNamespace(price=COIN, sell_price=COIN), rental=rental,
        network=SimpleNamespace(hashrate=1e17),
    )  # fmt: skip
    return [row.values for row in strategy.decide_one(agent, market)]


def test_an_attack_needs_a_share_of_the_own_network_or_a_majority_added_to_another() -> None:
    for target, needed, best in ((0.0, 51.0, 0.255), (49.0, 51.0, 25.5 / 74.5)):
        agent, strategy = attacker(target)
        ((_, ghs, price, *_),) = attacked(agent, strategy, int(25.5 * PH))
        column = strategy.population.columns
        assert column["attack_needed"][0] == pytest.approx(needed * PH)
        assert ghs == pytest.approx(needed * 1.05 * PH, abs=1) and price == int(GROSS)
        assert column["attack_best"][0] == pytest.approx(best)
        assert column["attack_cost"][0] == 9.0


def test_an_attack_counts_hours_without_a_break_and_raises_its_bid_to_its_limit() -> None:
    agent, strategy = attacker()
    held, bids = (strategy.population.columns[name] for name in ("attack_held", "attack_bids"))
    for _ in range(5):
        attacked(agent, strategy, 52 * PH, ordered=True)
    assert held[0] == pytest.approx(5.0) and bids[0] == 0.0
    ((_, _, price, *_),) = attacked(agent, strategy, 50 * PH, ordered=True)
    assert held[0] == 0.0 and price == int(int(GROSS) * 1.05)
    for _ in range(9):
        ((_, _, price, *_),) = attacked(agent, strategy, 50 * PH, ordered=True)
    assert price == int(int(GROSS) * 1.2)
    for _ in range(7):
        rows = attacked(agent, strategy, 52 * PH, ordered=True)
    assert held[0] == pytest.approx(6.0) and [len(row) for row in rows] == [4]  # his order goes back


def order(price: float, left: float) -> Any:
    """A standing order of account 3 at a price [satoshi per PH/s and day] with so much left of it [USD]."""
    row = np.zeros((1, BID_WIDTH), np.int64)
    row[0, [OWNER, PRICE, LEFT]] = 3, price, left / COIN * BTC
    return row


def test_a_price_is_changed_where_what_that_saves_is_more_than_the_transaction_costs() -> None:
    """A price is twenty in a hundred too low: on 10 USD that are left that is 2 USD."""
    for made, bid in ((lambda o, c: wanted(o, click=c)[0], 1.1), (lambda o, c: launching(30.0, o, c), 2.0)):
        low = order(GROSS * bid / 1.03 / 1.2, 10.0)
        assert [len(made(low, click)) for click in (1.99, 2.01)] == [1, 0]
        assert made(order(GROSS * bid / 1.03 / 1.009, 1e6), 1.99) == []
