"""What a forward on hashprice is worth and what margin it takes.

A forward fixes hashprice at a strike K for a hash rate Q and a term. Each day the long side gets (index − K) Q. Index and
strike are in dollars, or in coins, in which hashprice moves less: a contract in coins leaves the coin's price to its owner.
"""

from model.units import GHS_HOURS, mul_div


def notional(ph: float, days: float, strike: float) -> float:
    """Value of the hash rate over the term at the strike: Q T K [USD or BTC, as the strike].

    >>> notional(50, 90, 65)
    292500
    """
    return ph * days * strike


def initial_margin(worth: float, rate: float = 0.35) -> float:
    """Deposit of each side at the trade: a part of the notional; .35 settled in USD, .18 settled in BTC.

    >>> round(initial_margin(292_500, 0.35), 6)
    102375.0
    """
    return worth * rate


def daily(index: float, strike: float, ph: float, days: float = 1.0) -> float:
    """What the long side gets for a day, or for a part of one: (index − K) Q t [USD].

    >>> daily(60, 65, 50)
    -250.0
    """
    return (index - strike) * ph * days


def margin_units(ghs: int, ticks: int, hours: int, strike: int, rate_ppm: int) -> int:
    """Margin in base units of a strike, rounded up.

    >>> margin_units(50_000_000, 90, 24, 65_000_000, 350_000)
    102375000000
    """
    worth = mul_div(strike, ghs * hours * ticks, GHS_HOURS)
    return -(-worth * rate_ppm // 1_000_000)
