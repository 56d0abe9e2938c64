"""What owners ask for hashpower and hedge, and what dealers quote."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from agents.halvings import mined
from agents.hashprice_dealers import Book, _quote
from agents.miners.renting import Hedging, Letting, hedge, let_rigs
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.forwards.table import ORDER_WIDTH
from model.mechanisms.network.public import NetworkView
from model.mechanisms.rental.table import ISSUER, SERIES_WIDTH
from model.streams import Streams
from model.units import BTC, TOKEN, USD

COIN, PH = 20_000.0, 1_000_000
GROSS, POOL_FEE = 360_000.0, 0.02  # satoshi per PH/s and day; part of it
KEY = Streams(1).key("renting")


def let(
    day: int = 1, offered: int = 0, floor: int = 0, series: Any = None, worn: float = 0.0, click: float = 0.0
) -> Any:  # fmt: skip
    """Rows of two owners, accounts 3 in a pool and 4 alone, with a PH/s each; series of tokens are theirs if at all."""
    traits = {
        "rent_share": 0.5, "rent_discount": 0.04, "rent_hours": 168.0, "token_rate": 1.0, "token_share": 0.2,
        "token_days": 60.0, "token_discount": 0.1,
    }  # fmt: skip
    own = Letting(**{name: np.full(2, value) for name, value in traits.items()})
    series = np.full((1, SERIES_WIDTH), -1, np.int64) if series is None else series
    balances = np.full((4, 6), TOKEN, np.int64)
    rows = tuple(np.zeros(shape, np.int64) for shape in ((2, 7), (2, 6), (2, 5)))
    whole = np.full(6, PH, np.int64)
    found = let_rigs(
        np.arange(2), np.array([3, 4]), own, day, True, GROSS, np.full(2, 4.8), np.array([worn]), np.array([POOL_FEE]),
        np.array([1, 1, 1, 0, 1, 1]), whole, (np.full(6, offered), np.full(6, floor), whole, series, np.array([3])),
        balances, click, KEY, rows,
    )  # fmt: skip
    return tuple(matrix[:n].tolist() for matrix, n in zip(rows, found, strict=True))


def test_rent_is_asked_for_at_what_mining_pays_after_the_own_pools_fee_less_what_certainty_is_worth() -> None:
    offers, issues, asks = let()
    floors = [int(GROSS * (1 - POOL_FEE) * 0.96), int(GROSS * 0.96)]
    assert [row[:5] for row in offers] == [
        [who, PH // 2, least, 1, 168] for who, least in zip((3, 4), floors, strict=True)
    ]
    assert issues == [] and asks == []
    assert [row[0] for row in let(offered=PH // 2, floor=int(floors[1] * 0.985))[0]] == []
    assert [row[0] for row in let(offered=PH // 2, floor=floors[0])[0]] == [4]


def test_tokens_cost_what_mining_pays_for_the_days_that_are_left() -> None:
    _, (issue,), _ = let(day=0)
    assert issue[:4] == [3, PH // 5, 60 * 24, int(4.8 * 0.9 * USD)]
    living = np.zeros((1, SERIES_WIDTH), np.int64)
    living[0, ISSUER] = 4
    _, issues, (ask,) = let(day=0, series=living, worn=1.6)
    assert issues == []
    assert ask[:3] == [4, 0, int(1.6 * 0.9 * USD)]
    assert let(day=0, series=living, worn=0.0)[2] == []


def hedged(short: int = 0, cash: float = 1e9, coins: float = 0.0, in_coins: float = 0.0, day: int = 0) -> Any:
    """Margin and sales of one owner with 10 PH/s who hedges half of them; 7 USD of margin are called."""
    own = Hedging(hedge_share=np.array([0.5]), hedge_discount=np.array([0.1]), hedge_coin=np.array([in_coins]))
    balances = np.zeros((2, 4), np.int64)
    balances[USD_ASSET, 3], balances[BTC_ASSET, 3] = cash * USD, coins * BTC
    called = np.zeros((2, 4), np.int64)
    called[0, 3] = 7 * USD
    margins, sales = np.zeros((2, 5), np.int64), np.zeros((1, 8), np.int64)
    n, m = hedge(
        np.array([0]), np.array([3]), own, day, True, balances, COIN, called, np.full(4, 10 * PH), np.full(4, short),
        np.zeros((0, ORDER_WIDTH), np.int64), np.array([70 * USD, 350_000]), 70.0 * 30 / PH, np.array([0.35, 0.18]), 2,
        (margins, sales),
    )  # fmt: skip
    return margins[:n].tolist(), sales[:m].tolist()


def test_what_is_missing_from_the_hedge_is_sold_at_the_index_of_its_currency_less_a_discount() -> None:
    assert hedged()[1] == [[3, 1, 5 * PH, int(70 * USD * 0.9), 2, 0, 0, 0]]
    assert hedged(coins=1e6, in_coins=1.0)[1] == [[3, 1, 5 * PH, int(350_000 * 0.9), 2, 1, 0, 0]]
    assert hedged(short=3 * PH)[1][0][2] == 2 * PH
    assert hedged(short=int(4.6 * PH))[1] == []  # less than a tenth of it is missing
    assert hedged(day=1)[1] == []


def test_a_hedge_takes_no_more_margin_than_four_fifths_of_the_money_and_calls_are_followed() -> None:
    margins, ((_, _, ghs, *_),) = hedged(cash=1_000.0)
    assert ghs == pytest.approx(0.8 * 1_000 / (70 * 30 * 0.35) * PH, abs=1)
    assert margins == [[3, 7 * USD, 0, 0, 0]]
    (_, _, ghs, *_) = hedged(coins=0.05, in_coins=1.0)[1][0]
    assert ghs == pytest.approx(0.8 * 1_000 / (70 * 30 * 0.18) * PH, abs=1)
    assert hedged(cash=3.0)[0] == [[3, 3 * USD, 0, 0, 0]]


def quotes(
    cash: float, margin: float = 0.0, long: int = 0, short: int = 0, click: float = 0.0, left: float = 1.0,
    standing: Any = (), recalled: tuple[int, ...] = (),
) -> dict[tuple[int, int, int], tuple[int, int]]:  # fmt: skip
    """GH/s and limits of a dealer by side, term and currency, for terms of 30 and 180 days; which of his orders go back."""
    traits = {"growth": 0.25, "dealer_spread": 0.04, "quote_share": 0.1, "lean": 0.2, "coin_share": 0.3}
    own = Book(**{name: np.array([value]) for name, value in traits.items()})
    balances, held = np.zeros((2, 4), np.int64), np.zeros((2, 4), np.int64)
    balances[USD_ASSET, 3], balances[BTC_ASSET, 3] = cash * 0.6 * USD, cash * 0.4 / COIN * BTC
    held[0, 3] = margin * USD
    rows = tuple(np.zeros(shape, np.int64) for shape in ((1, 5), (8, 4), (2, 5), (8, 8)))
    orders = np.array(standing, np.int64).reshape(-1, ORDER_WIDTH)
    at = lambda n: np.array([0, 0, 0, n])  # noqa: E731
    n_coins, n_recalls, n_calls, n = _quote(
        np.array([0]), np.array([3]), own, balances, COIN, 70.0, np.array([70 * USD, 350_000]), np.array([30.0, 180.0]),
        np.array([1.0, left]), np.array([0.35, 0.18]), orders, held, np.zeros((2, 4), np.int64), at(short), at(long),
        click, *rows,
    )  # fmt: skip
    assert (n_coins, n_calls) == (0, 0)
    assert tuple(rows[1][:n_recalls, 1].tolist()) == recalled
    return {(side, tenor, currency): (ghs, limit) for _, side, ghs, limit, tenor, currency, *_ in rows[3][:n].tolist()}


def test_dealers_replace_quotes_at_which_they_would_lose_and_leave_others() -> None:
    """He expects 69.3 USD over 30 days, and quotes 66.5 and 72.0."""
    for side, limit, stays in ((0, 69.2, True), (0, 69.4, False), (1, 69.4, True), (1, 69.2, False)):
        old = [7, 3, side, PH, int(limit * USD), 0, 0, 9]
        found = quotes(50_000.0, standing=[old], recalled=() if stays else (7,))
        assert ((side, 0, 0) not in found) == stays and len(found) == (7 if stays else 8)
    assert quotes(1.0, click=1.0, standing=[[7, 3, 0, PH, 70 * USD, 0, 0, 9]], recalled=(7,)) == {}


def test_dealers_quote_around_the_mean_hashprice_of_the_term_in_both_currencies() -> None:
    found = quotes(50_000.0)
    assert len(found) == 8
    for (side, tenor, currency), (ghs, limit) in found.items():
        days, rate, index = ((30.0, 180.0)[tenor], (0.35, 0.18)[currency], (70 * USD, 350_000)[currency])
        expected = index * math.exp(-0.25 * days / 365 / 2)
        assert limit == pytest.approx(expected * (1.04 if side == 1 else 0.96), abs=1)
        money = min(0.1 * 50_000, 50_000 * (0.4 if currency else 0.6) / 8)
        assert ghs == pytest.approx(money / rate / (days * 70.0) * PH, abs=1)


def test_dealers_and_owners_know_when_the_subsidy_halves() -> None:
    chain = NetworkView(1e14, 839_279, 1e20, 90.0, 0.0, 625_000_000, 0, 144, 1, 5 * 144)
    assert chain.mean_left([5.0, 10.0, 30.0]) == pytest.approx([1.0, 0.75, 1 - 0.5 * 25 / 30])
    with_fees = chain._replace(fees_per_block=625_000_000, blocks_to_halving=0)
    assert with_fees.mean_left([30.0]) == pytest.approx([0.75])
    assert chain._replace(blocks_to_halving=math.inf).mean_left([180.0]) == pytest.approx([1.0])
    market: Any = SimpleNamespace(has=lambda _: True, network=chain, rigs=SimpleNamespace(hashprice=0.09))
    assert mined(market, np.array([0.0, 5.0, 30.0])) == pytest.approx([0.0, 0.45, 0.09 * (5 + 25 / 2)])
    now, then = quotes(50_000.0), quotes(50_000.0, left=0.6)
    assert all(then[key][1] == pytest.approx(now[key][1] * (0.6 if key[1] else 1.0), abs=1) for key in now)


@pytest.mark.parametrize(("long", "short", "tilt"), [(PH, 0, 1.0), (0, PH, -1.0), (3 * PH, PH, 0.5)])
def test_dealers_lean_against_what_they_hold(long: int, short: int, tilt: float) -> None:
    """A quarter of his money backs what he holds: he moves both quotes by a quarter of .2 times his tilt."""
    held, none = quotes(30_000.0, 10_000.0, long, short), quotes(30_000.0)
    for key, (_, limit) in held.items():
        assert limit / none[key][1] == pytest.approx(1.0 - 0.2 * tilt / 4, rel=1e-4)


def test_an_offer_is_changed_where_that_is_worth_a_transaction_within_a_week() -> None:
    """A tenth of half a PH/s."""
    least = int(GROSS * 0.96)
    worth = 0.05 * least * 7
    for click, offers in ((worth * 0.999, 1), (worth * 1.001, 0)):
        assert len([row for row in let(offered=int(PH * 0.45), floor=least, click=click)[0] if row[0] == 4]) == offers


def test_dealers_quote_where_their_spread_pays_for_the_transaction() -> None:
    """An eighth of 3,000 USD at a margin of .35, and of coins for 2,000 USD at .18."""
    cash = 5_000.0
    earns = {0: 0.04 * min(500.0, 0.6 * cash / 8) / 0.35, 1: 0.04 * min(500.0, 0.4 * cash / 8) / 0.18}
    for click in (min(earns.values()) * 0.999, min(earns.values()) * 1.001, max(earns.values()) * 1.001):
        assert {key[2] for key in quotes(cash, click=click)} == {c for c, usd in earns.items() if usd > click}
