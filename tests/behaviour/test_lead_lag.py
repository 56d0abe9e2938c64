"""Lead-lag traders: what they take for fair after a move of the coin, how much they trade, and what comes of it."""

import math

import numpy as np
import pytest

from agents.arbitrageurs import ArbitrageurColumns
from agents.lead_lag import LeadLagColumns, Watched, _decide, _gap
from agents.quotes import amount_out
from agents.sheet import FEE, NAV, PRICE, RESERVE, RESERVE_USD, ROWS
from model import Marketplace, Scenario
from model.actions import BUY, SELL
from model.ledger import USD_ASSET
from model.mechanisms.amm import Swap
from model.units import TOKEN, USD
from tests.sheet_house import seen_of

FRACTION, WHO, DEPTH, FEES, MARGIN, MEMORY = 5, 3, 1_000.0, 0.01, 0.02, 20.0
PRICE_THEN, COIN_THEN, BELIEF = 2.0, 30_000.0, 0.7
OWN = LeadLagColumns(np.array([MEMORY]), np.array([1.0]))
BOT = ArbitrageurColumns(
    **{name: np.array([value]) for name, value in {
        "margin": MARGIN, "least_profit": 1.0, "haste": 1.0, "belief": BELIEF, "stake": 1.0, "slippage": 0.005,
        "harvest": 50.0, "tip_share": 0.0,
    }.items()}
)  # fmt: skip


def used_to(days: float, ratio: float = PRICE_THEN / COIN_THEN) -> Watched:
    """A memory of so many days of one ratio."""
    first, last, usual = (np.full((1, 1), value) for value in (0.0, days, math.log(ratio)))
    return Watched(first, last, usual)


def orders(
    coin: float, price: float = PRICE_THEN, *, cash: float = 1e6, held: float = 0.0, days: float = MEMORY,
    nav: float = 10.0, mines: bool = True,
) -> list[list[int]]:  # fmt: skip
    """Trades of one bot with a pool, on the day after so many days of one ratio."""
    facts = np.zeros((ROWS, 1))
    facts[PRICE], facts[NAV], facts[RESERVE], facts[RESERVE_USD], facts[FEE] = price, nav, DEPTH, DEPTH * price, FEES
    balances = np.zeros((8, 8), np.int64)
    balances[FRACTION, WHO], balances[USD_ASSET, WHO] = held * TOKEN, cash * USD
    rows, count = (np.empty((1, 7), np.int64), np.empty((1, 5), np.int64)), np.empty(2, np.int64)
    _decide(
        np.array([0]), np.array([WHO]), BOT, OWN, balances, seen_of(facts, [FRACTION], coin=coin), np.array([mines]),
        np.uint64(1), days + 1.0, 1.0, used_to(days), rows, count,
    )  # fmt: skip
    return rows[0][: count[0]].tolist()


def test_the_gap_is_what_of_the_coins_move_has_not_been_made() -> None:
    watched = used_to(MEMORY)
    assert _gap(0, 0, MEMORY + 1.0, 2.2, 1.5 * COIN_THEN, OWN, watched) == pytest.approx(math.log(1.5 / 1.1))
    kept = math.exp(-1.0 / MEMORY)
    assert _gap(0, 0, MEMORY + 2.0, 2.2, 1.5 * COIN_THEN, OWN, watched) == pytest.approx(math.log(1.5 / 1.1) * kept)


def test_half_of_the_elasticity_is_half_of_the_gap() -> None:
    watched, half = used_to(MEMORY, PRICE_THEN / math.sqrt(COIN_THEN)), LeadLagColumns(OWN.coin_memory, np.array([0.5]))
    gap = _gap(0, 0, MEMORY + 1.0, PRICE_THEN, 1.5 * COIN_THEN, half, watched)
    assert gap == pytest.approx(0.5 * math.log(1.5))


def test_a_new_pool_is_watched_first_and_its_first_ratios_count_alike() -> None:
    watched = Watched(*np.full((3, 1, 1), math.nan))
    paths = [2.0, 4.0, 4.0, 2.0]
    gaps = [_gap(0, 0, float(day), price, COIN_THEN, OWN, watched) for day, price in enumerate(paths)]
    assert gaps == [0.0] * 4
    assert watched.usual[0, 0] == pytest.approx(np.mean(np.log(paths[1:])) - math.log(COIN_THEN))


def test_it_buys_until_the_price_with_fees_leaves_its_margin() -> None:
    fair = 1.3 * PRICE_THEN
    ((who, vault, side, amount, limit, *_),) = orders(1.3 * COIN_THEN)
    assert (who, vault, side) == (WHO, 0, BUY)
    paid = amount / USD
    got = amount_out(paid, DEPTH * PRICE_THEN, DEPTH, FEES)
    marginal = (got - amount_out(paid - 0.01, DEPTH * PRICE_THEN, DEPTH, FEES)) / 0.01
    assert 1.0 / marginal == pytest.approx(fair * (1.0 - FEES) * (1.0 - MARGIN), rel=1e-4)
    assert limit == pytest.approx(got * TOKEN * 0.995, rel=1e-6)


def test_it_sells_what_it_holds_until_the_receipt_is_fair() -> None:
    ((_, _, side, amount, *_),) = orders(0.8 * COIN_THEN, held=500.0)
    assert side == SELL
    sold, fair = amount / TOKEN, 0.8 * PRICE_THEN
    receipt = [amount_out(part, DEPTH, DEPTH * PRICE_THEN, FEES) for part in (sold, sold + 0.01)]
    assert (receipt[1] - receipt[0]) / 0.01 == pytest.approx(fair, rel=1e-4)
    ((_, _, _, amount, *_),) = orders(0.8 * COIN_THEN, held=30.0)
    assert amount == 30 * TOKEN


@pytest.mark.parametrize(
    "case",
    [
        {"coin": COIN_THEN},  # nothing has moved
        {"coin": 1.03 * COIN_THEN},  # less than fees and margin
        {"coin": 0.8 * COIN_THEN},  # nothing to sell
        {"coin": 1.3 * COIN_THEN, "days": MEMORY / 2},  # not watched long enough
        {"coin": 1.3 * COIN_THEN, "mines": False},  # a picture does not follow the coin
        {"coin": 1.3 * COIN_THEN, "nav": 0.9},  # dearer than it believes by value
        {"coin": 1.3 * COIN_THEN, "cash": 0.5},
    ],
)
def test_what_it_leaves_alone(case: dict[str, float]) -> None:
    assert orders(**case) == []


def traded(size: float) -> tuple[int, int]:
    """Purchases and sales of bots within five days of a change of the coin's price on day 60."""
    shock = {"channel": "price", "size": size, "day": 60, "source": "test"}
    changes = {
        "clock.ticks": 65, "bitcoin.process": "constant", "agents.arbitrageur.strategy": "lead_lag", "shocks": [shock],
        "agents.arbitrageur.coin_memory": 15.0, "agents.arbitrageur.haste": 0.2,
    }  # fmt: skip
    found = {BUY: 0, SELL: 0}
    with Marketplace(Scenario.load("smoke").override(changes), rng=1) as market:
        (strategy,) = market.populations["arbitrageur"].strategies
        while market.running:
            market.step()
            if market.clock.day >= 60:
                rows = strategy.receipts[Swap]
                for side in found:
                    found[side] += int((rows["side"] == side).sum())
        market.check()
    return found[BUY], found[SELL]


def test_a_market_whose_coin_jumps_is_bought_and_one_whose_coin_falls_is_sold() -> None:
    bought, sold = traded(0.5)
    assert bought > 3 * max(sold, 1)
    bought, sold = traded(-0.3)
    assert sold > bought
