"""The NIFTEX curve's worked example in 1e18 fixed point, digit for digit."""

import pytest

from model.ledger import USD_ASSET
from model.mechanisms import curve
from model.mechanisms.curve import AddCurve, Curve, CurveSwap, RemoveCurve
from tests.venue_house import WHOLE, VenueMarket

E18 = 10**18
SUPPLY, PRICE = 1000 * E18, E18 // 1000


def test_purchase_of_the_contract() -> None:
    x, k = curve.curve_start(SUPPLY, PRICE, 4, E18)
    assert (x, k) == (400 * E18, 16 * 10**37)
    cost, after = curve.curve_cost(5 * E18, x, k, 30, 10, 0)
    assert (cost, after) == (5083801711479062, 394_995 * E18 // 1000)
    assert curve.curve_cost(5 * E18, x, k, 0, 0, 0)[0] == k // (395 * E18) - k // (400 * E18)


def test_sale_of_the_contract() -> None:
    x, k = curve.curve_start(SUPPLY, PRICE, 4, E18)
    gross = k // x - k // (x + 5 * E18)
    assert gross == 4938271604938272
    assert curve.curve_gross(5 * E18, x, k) == gross
    assert curve.curve_proceeds(5 * E18, x, k, 30, 10, 0) == (gross * 996 // 1000, 405 * E18)


def test_the_first_price_is_the_price_that_was_given() -> None:
    for stretch in (1, 4, 10):
        x, k = curve.curve_start(SUPPLY, PRICE, stretch, E18)
        assert k * E18 // x**2 == PRICE


def test_the_end_of_the_curve() -> None:
    with pytest.raises(ValueError, match="ask for less"):
        curve.curve_cost(400 * E18, *curve.curve_start(SUPPLY, PRICE, 4, E18))


def test_compiled_deposits_and_withdrawals_are_the_formulas() -> None:
    market = VenueMarket(Curve)
    c, ledger, lender = market.venue, market.ledger, market.agents[2]
    pool, fraction = int(c.pools.account[0]), int(market.vaults.fraction[0])
    market.settle(CurveSwap(market.agents[3], vault=0, side=0, amount=3_000 * WHOLE, limit=0))
    market.settle(CurveSwap(market.agents[3], vault=0, side=1, amount=WHOLE, limit=0))
    for side, (own, other) in enumerate(((USD_ASSET, fraction), (fraction, USD_ASSET))):
        share = int(c.pools.share[side, 0])
        shares, nominal = -ledger.balance(share, pool), int(c.pools.nominal[side, 0])
        row = market.settle(AddCurve(lender, vault=0, side=side, amount=7 * WHOLE, limit=0)).rows
        made = curve.lent_shares(7 * WHOLE, shares, nominal)
        assert row["filled"][0] == made > 0
        owns = curve.lender_owns(
            ledger.balance(own, pool),
            int(c.pools.nominal[side, 0]),
            ledger.balance(other, pool),
            int(c.pools.nominal[1 - side, 0]),
        )
        before = ledger.balance(own, lender), ledger.balance(other, lender)
        market.settle(RemoveCurve(lender, vault=0, side=side, shares=made, limit=0))
        got = ledger.balance(own, lender) - before[0], ledger.balance(other, lender) - before[1]
        assert got == tuple(part * made // (shares + made) for part in owns)
