"""What a payment buys from a constant product, as agents reckon it: one formula for every pool that equals one."""

from model.jit import helper


@helper("float64(float64, float64, float64, float64)")
def amount_out(amount_in, reserve_in, reserve_out, fee):
    """Amount that a payment x buys: Y (1 - f) x / (X + (1 - f) x)                     [AngerisChitra2020, section 2].

    Args:
        amount_in: x, in the unit of X
        reserve_in, reserve_out: balances X and Y before; the amount is in the unit of Y
        fee: part of the payment kept by the pool, f [1]

    >>> round(amount_out(100.0, 1_000.0, 1_100.0, 0.0), 6)
    100.0
    """
    net = amount_in * (1.0 - fee)
    return reserve_out * net / (reserve_in + net)
