"""What bots trade of a gap that they do not quite believe, and the quote that they go by."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import arbitrageurs, sheet
from agents.quotes import amount_out
from model.actions import BUY, SELL
from model.ledger import USD_ASSET
from model.mechanisms.amm import formulas
from model.units import BPS, TOKEN, USD
from tests.sheet_house import seen_of

DEPTH, NAV, FEE = 1_000.0, 10.0, 0.01
PRICES = (NAV, NAV, NAV / 5.0, NAV * 5.0)


@given(st.integers(1, 10**12), st.integers(10**3, 10**12), st.integers(10**3, 10**12), st.integers(0, 1_000))
def test_agents_quote_what_the_pool_pays(paid: int, usd: int, fractions: int, fee_bps: int) -> None:
    got = formulas.amount_out(paid, usd, fractions, fee_bps)
    assert amount_out(float(paid), float(usd), float(fractions), fee_bps / BPS) == pytest.approx(got, rel=1e-9, abs=1.0)


def vaults() -> Any:
    """Figures of vaults of equal NAV."""
    facts = np.zeros((sheet.ROWS, len(PRICES)))
    facts[sheet.NAV], facts[sheet.PRICE] = NAV, PRICES
    facts[sheet.RESERVE], facts[sheet.RESERVE_USD], facts[sheet.FEE] = DEPTH, DEPTH * facts[sheet.PRICE], FEE
    return facts


def rows_of(
    facts: Any,
    bots: int = 1,
    click: float = 0.0,
    days: float = 1.0,
    in_kind: bool = False,
    coming: float = 0.0,
    **given: float,
) -> Any:
    """Trades, subscriptions, sales of coins, redemptions and sales of rigs of rich bots who have fractions of all vaults."""
    n, one = facts.shape[1], np.ones(bots)
    traits = dict.fromkeys(arbitrageurs.ArbitrageurColumns._fields, one) | {
        "margin": 0.02 * one,
        **{name: value * one for name, value in given.items()},
    }
    fraction = np.arange(2, 2 + n)
    balances = np.zeros((2 + n, bots), np.int64)
    balances[USD_ASSET], balances[fraction] = int(1e9 * USD), int(1e4 * TOKEN)
    rows = [np.zeros((bots * n, action.width), np.int64) for action in arbitrageurs.BATCHES]
    count, slots = np.zeros(5, np.int64), np.arange(bots)
    arbitrageurs._decide(
        *(slots, slots, arbitrageurs.ArbitrageurColumns(**traits)),
        *(balances, seen_of(facts, fraction, 20_000.0, click), np.uint64(1), days, in_kind),
        *(np.ones(n), np.full(n, coming), np.zeros(0, np.int64)),
        *(tuple(rows), count, np.empty(n), np.empty(n)),
    )
    return [matrix[:found].tolist() for matrix, found in zip(rows, count, strict=True)]


def prices_after(belief: float) -> dict[tuple[int, int], float]:
    """Marginal prices [USD] to which one rich bot trades vaults of equal NAV, by vault and side."""
    facts, found = vaults(), {}
    for _, v, side, amount, *_ in rows_of(facts, belief=belief)[0]:
        ratio = amount / USD / facts[sheet.RESERVE_USD, v] if side == BUY else amount / TOKEN / DEPTH
        found[v, side] = PRICES[v] * ((1.0 + ratio) * (1.0 + ratio * (1.0 - FEE))) ** (1 if side == BUY else -1)
    return found


@pytest.mark.parametrize(("belief", "widest"), [(0.1, np.exp(0.1)), (0.7, np.exp(0.7)), (5.0, 5.0)])
def test_bots_trade_both_ways_as_much_of_a_gap_as_they_believe(belief: float, widest: float) -> None:
    after = prices_after(belief)
    assert after[2, BUY] == pytest.approx(PRICES[2] * widest, rel=0.05)
    assert after[3, SELL] == pytest.approx(PRICES[3] / widest, rel=0.05)
    assert set(after) == {(2, BUY), (3, SELL)}


@pytest.mark.parametrize(("over", "sides"), [(0.125, {BUY}), (0.67, set()), (1.5, set()), (8.0, {SELL})])
def test_a_market_that_is_far_from_value_as_a_whole_is_not_fair(over: float, sides: set[int]) -> None:
    facts = vaults()
    facts[sheet.PRICE] = over * NAV
    facts[sheet.RESERVE_USD] = DEPTH * facts[sheet.PRICE]
    assert {row[2] for row in rows_of(facts, belief=0.7)[0]} == sides


@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_bot_trades_for_what_it_asks_and_bids_its_part_of_the_gain_after_costs(side: int) -> None:
    """It buys up to value less fee and margin, and reckons its gain with the value less the fee; it sells down to value."""
    price, click = PRICES[2 if side == BUY else 3], 2.0
    usd = DEPTH * price
    if side == BUY:
        paid = arbitrageurs.optimal_purchase(usd, DEPTH, FEE, NAV * (1.0 - FEE) * 0.98)
        least = gain = amount_out(paid, usd, DEPTH, FEE) * NAV * (1.0 - FEE) - paid
    else:
        sold = arbitrageurs.optimal_sale(usd, DEPTH, FEE, NAV)
        gain, least = amount_out(sold, DEPTH, usd, FEE) - sold * NAV, sold * price
    traits = {"belief": 5.0, "tip_share": 0.3, "slippage": 0.5}
    for asked, found in ((0.999, 1), (1.001, 0)):
        trades = [
            row
            for row in rows_of(vaults(), click=click, least_profit=asked * least - click, **traits)[0]
            if row[2] == side
        ]
        assert len(trades) == found
        for row in trades:
            assert row[-1] / USD == pytest.approx(0.3 * (gain - click))


@pytest.mark.parametrize(("over", "asks"), [(0.999, 1), (1.001, 0)])
def test_a_bot_subscribes_below_value_less_fee_and_margin(over: float, asks: int) -> None:
    facts = vaults()
    offer = over * NAV * (1.0 - FEE) * 0.98
    facts[sheet.OFFER, 1], facts[sheet.OFFER_LEFT, 1] = offer, 1_000.0
    offers = rows_of(facts, haste=0.0, belief=5.0)[1]
    assert len(offers) == asks
    for _, v, wanted, limit, *_ in offers:
        assert (v, wanted) == (1, pytest.approx(1_000 * TOKEN)) and offer * USD <= limit <= NAV * (
            1.0 - FEE
        ) * 0.98 * USD + 1


def test_rigs_behind_fractions_count_where_they_can_be_had() -> None:
    facts = vaults()[:, :2].copy()
    facts[sheet.SALVAGE], facts[sheet.LIFE] = 3.0 * NAV, 100.0
    kept, had = (rows_of(facts, belief=5.0, slippage=0.1, in_kind=in_kind) for in_kind in (False, True))
    assert not any(row[2] == BUY for row in kept[0]) and not kept[3]
    assert [row[2] for row in had[0]] == [BUY, BUY] and len(had[3]) == 2
    third, facts[sheet.SALVAGE] = rows_of(facts, belief=5.0, slippage=0.1, in_kind=True, coming=2.0), NAV
    assert third == rows_of(facts, belief=5.0, slippage=0.1, in_kind=True)  # rigs on order cannot be had
    facts[sheet.LIFE] = 0.0
    assert not any(row[2] == BUY for row in rows_of(facts, belief=5.0, in_kind=True)[0])


@pytest.mark.parametrize(("days", "share"), [(1.0, 0.5), (0.25, 1.0 - 0.5**0.25)])
def test_bots_find_a_gap_in_a_day_as_often_at_any_tick(days: float, share: float) -> None:
    trades = rows_of(vaults(), bots=2_000, days=days, haste=0.5, belief=5.0)[0]
    assert len(trades) == pytest.approx(2 * 2_000 * share, rel=0.1)
