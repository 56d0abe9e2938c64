"""What bots trade of a gap that they do not quite believe, and the quote that they go by."""

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

DEPTH, NAV, FEE = 1_000.0, 10.0, 0.01
PRICES = (NAV, NAV, NAV / 5.0, NAV * 5.0)


@given(st.integers(1, 10**12), st.integers(10**3, 10**12), st.integers(10**3, 10**12), st.integers(0, 1_000))
def test_agents_quote_what_the_pool_pays(paid: int, usd: int, fractions: int, fee_bps: int) -> None:
    got = formulas.amount_out(paid, usd, fractions, fee_bps)
    assert amount_out(float(paid), float(usd), float(fractions), fee_bps / BPS) == pytest.approx(got, rel=1e-9, abs=1.0)


def prices_after(belief: float) -> dict[tuple[int, int], float]:
    """Marginal prices [USD] to which one rich bot trades vaults of equal NAV, by vault and side."""
    n, one = len(PRICES), np.ones(1)
    facts = np.zeros((sheet.ROWS, n))
    facts[sheet.NAV], facts[sheet.PRICE] = NAV, PRICES
    facts[sheet.RESERVE], facts[sheet.RESERVE_USD], facts[sheet.FEE] = DEPTH, DEPTH * facts[sheet.PRICE], FEE
    traits = dict.fromkeys(arbitrageurs.ArbitrageurColumns._fields, one) | {
        "margin": 0.02 * one,
        "belief": belief * one,
    }
    fraction = np.arange(2, 2 + n)
    balances = np.zeros((2 + n, 1), np.int64)
    balances[USD_ASSET], balances[fraction] = int(1e9 * USD), int(1e4 * TOKEN)
    rows = [np.zeros((n, action.width), np.int64) for action in arbitrageurs.BATCHES]
    count = np.zeros(5, np.int64)
    arbitrageurs._decide(
        *(np.zeros(1, np.int64), np.zeros(1, np.int64), arbitrageurs.ArbitrageurColumns(**traits)),
        *(balances, fraction, facts, 20_000.0, 0.0, np.uint64(1), 1.0, False, np.zeros(0, np.int64)),
        *(*rows, count, np.empty(n), np.empty(n)),
    )
    found = {}
    for _, v, side, amount, *_ in rows[0][: count[0]].tolist():
        ratio = amount / USD / facts[sheet.RESERVE_USD, v] if side == BUY else amount / TOKEN / DEPTH
        found[v, side] = PRICES[v] * ((1.0 + ratio) * (1.0 + ratio * (1.0 - FEE))) ** (1 if side == BUY else -1)
    return found


@pytest.mark.parametrize(("belief", "widest"), [(0.1, np.exp(0.1)), (0.7, np.exp(0.7)), (5.0, 5.0)])
def test_bots_trade_both_ways_as_much_of_a_gap_as_they_believe(belief: float, widest: float) -> None:
    after = prices_after(belief)
    assert after[2, BUY] == pytest.approx(PRICES[2] * widest, rel=0.05)
    assert after[3, SELL] == pytest.approx(PRICES[3] / widest, rel=0.05)
    assert set(after) == {(2, BUY), (3, SELL)}
