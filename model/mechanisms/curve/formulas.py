"""The NIFTEX curve as pure functions: integers of any size, `//` is floor.

A pool quotes on a hyperbola of virtual balances, y = k // x, whatever its providers have really lent. Letters: x virtual
fractions, y virtual coins, n fractions bought or sold, f fees as parts of the amount [1e-4]. The rule, its fees and its
roundings are those of the contract `BondingCurve` of NIFTEX v2 [NIFTEX2021]. Since y depends on x alone, payments for any
series of trades add up to the change of y: no series of trades alone that ends with as many fractions as it began with can
gain. Deposits between them can: a lender of fractions owns a part of all coins above what lenders of coins lent, so who lends,
buys dear, withdraws and sells back takes a part of what he paid out of the pool. It is a hole of the rule, left as it is.
"""

from model.units import BPS

TENTHS = 10  # in which the stretch is counted, of the supply
UNIT = 1_000_000  # base units of a whole fraction on our ledger; the contract has 10**18


def curve_start(supply: int, price: int, stretch: int = 4, unit: int = UNIT) -> tuple[int, int]:
    """Virtual fractions and constant of a new pool: x0 = T s // 10, k = T^2 p s^2 // (100 unit)        [NIFTEX2021].

    Args:
        supply: fractions in existence, T [base units]
        price: first price, p [base units of coin per whole fraction]
        stretch: virtual fractions as tenths of the supply, s
        unit: base units of a whole fraction

    >>> curve_start(1000 * 10**18, 10**15, 4, 10**18) == (400 * 10**18, 160 * 10**36)
    True
    """
    return supply * stretch // TENTHS, supply**2 * price * stretch**2 // (TENTHS**2 * unit)


def curve_cost(
    amount: int, x: int, k: int, lp_bps: int = 30, artist_bps: int = 10, platform_bps: int = 0
) -> tuple[int, int]:
    """Coins that buying costs, and the virtual fractions left: k // (x - n (1 + f)) - k // x          [NIFTEX2021].

    The providers' fee is priced but stays: x falls by n (1 + artist's and platform's fee) alone.

    Args:
        amount: fractions that the buyer gets, n [base units]
        x: virtual fractions before [base units]
        k: constant of the curve
        lp_bps: providers' fee [1e-4]
        artist_bps: fee of the NFT's creator [1e-4]
        platform_bps: the platform's fee [1e-4]

    Raises:
        ValueError: the curve does not reach that far

    >>> x, k = curve_start(1000 * 10**18, 10**15, 4, 10**18)
    >>> curve_cost(5 * 10**18, x, k)
    (5083801711479062, 394995000000000000000)
    """
    priced = x - amount * (BPS + lp_bps + artist_bps + platform_bps) // BPS
    if priced <= 0:
        raise ValueError(f"amount = {amount}: the curve ends before {x} virtual fractions are bought; ask for less")
    return k // priced - k // x, x - amount * (BPS + artist_bps + platform_bps) // BPS


def curve_gross(amount: int, x: int, k: int) -> int:
    """Coins that sold fractions bring before fees: k // x - k // (x + n)                              [NIFTEX2021].

    >>> curve_gross(100, 1_000, 1_100_000)
    100
    """
    return k // x - k // (x + amount)


def curve_proceeds(
    amount: int, x: int, k: int, lp_bps: int = 30, artist_bps: int = 10, platform_bps: int = 0
) -> tuple[int, int]:
    """Coins that a seller gets, and the virtual fractions then: gross (1 - f), x + n                  [NIFTEX2021].

    Args:
        amount: fractions sold, n [base units]
        x: virtual fractions before [base units]
        k: constant of the curve
        lp_bps: providers' fee [1e-4]
        artist_bps: fee of the NFT's creator [1e-4]
        platform_bps: the platform's fee [1e-4]

    >>> curve_proceeds(100, 1_000, 1_100_000)
    (99, 1100)
    """
    gross = curve_gross(amount, x, k)
    return gross * (BPS - lp_bps - artist_bps - platform_bps) // BPS, x + amount


def curve_purchase(coins: int, x: int, k: int, lp_bps: int = 30, artist_bps: int = 10, platform_bps: int = 0) -> int:
    """Most fractions that cost no more than an amount of coins; the inverse of `curve_cost`, exact.

    With y = k // x the curve may be followed down to x' = k // (y + coins + 1) + 1, fees included.

    Args:
        coins: coins to spend [base units]
        x: virtual fractions before [base units]
        k: constant of the curve
        lp_bps: providers' fee [1e-4]
        artist_bps: fee of the NFT's creator [1e-4]
        platform_bps: the platform's fee [1e-4]

    >>> x, k = curve_start(1000 * 10**18, 10**15, 4, 10**18)
    >>> bought = curve_purchase(5083801711479062, x, k)
    >>> 5 * 10**18 <= bought < 5 * 10**18 + 1000, curve_cost(bought, x, k)[0]
    (True, 5083801711479062)
    """
    reach = x - k // (k // x + coins + 1) - 1
    return max(0, ((reach + 1) * BPS - 1) // (BPS + lp_bps + artist_bps + platform_bps))


def most_bought(held: int, x: int, lp_bps: int = 30, artist_bps: int = 10, platform_bps: int = 0) -> int:
    """Most fractions that can be bought: what the pool holds with artist's and platform's part, and not all of x.

    >>> most_bought(1_004, 5_000)
    1003
    """
    real = ((held + 1) * BPS - 1) // (BPS + artist_bps + platform_bps)
    return max(0, min(real, (x * BPS - 1) // (BPS + lp_bps + artist_bps + platform_bps)))


def most_sold(held: int, x: int, k: int, largest: int) -> int:
    """Most fractions that can be sold before the pool's coins run dry, and never more than `largest`.

    >>> most_sold(100, 1_000, 1_100_000, 10**6)
    100
    """
    least = max(1, k // x - held)
    return max(0, min(largest, k // least - x))


def lent_shares(amount: int, shares: int, nominal: int) -> int:
    """Shares of a side for a deposit: the amount itself at first, then amount S // nominal            [NIFTEX2021].

    Args:
        amount: deposit [base units of the side's asset]
        shares: shares of the side in circulation, S
        nominal: what its providers have lent, with their fees [base units]

    >>> lent_shares(100, 0, 0), lent_shares(100, 1_000, 1_250)
    (100, 80)
    """
    return amount if shares == 0 else amount * shares // nominal


def lender_owns(held: int, nominal: int, other_held: int, other_nominal: int) -> tuple[int, int]:
    """What providers of a side own: their own asset up to what they lent, and the other's above what that side lent.

    Args:
        held: balance of the side's own asset [base units]
        nominal: what its providers have lent, with their fees
        other_held: balance of the other asset
        other_nominal: what the other side's providers have lent

    >>> lender_owns(80, 100, 60, 50), lender_owns(60, 50, 80, 100)
    ((80, 10), (50, 0))
    """
    return min(held, nominal), max(0, other_held - other_nominal)
