"""Constant-product numbers of Uniswap v2's own tests, digit for digit, and worked examples."""

import pytest

from model.mechanisms import amm

E18 = 10**18


@pytest.mark.parametrize(
    ("paid", "reserve_in", "reserve_out", "bought"),
    [
        (1, 5, 10, 1662497915624478906),
        (1, 10, 5, 453305446940074565),
        (2, 5, 10, 2851015155847869602),
        (2, 10, 5, 831248957812239453),
        (1, 10, 10, 906610893880149131),
        (1, 100, 100, 987158034397061298),
        (1, 1000, 1000, 996006981039903216),
    ],
)
def test_swaps_of_uniswap_v2(paid: int, reserve_in: int, reserve_out: int, bought: int) -> None:
    assert amm.amount_out(paid * E18, reserve_in * E18, reserve_out * E18) == bought


def test_amount_in_is_the_inverse_rounded_up() -> None:
    assert amm.amount_in(1662497915624478906, 5 * E18, 10 * E18) == E18
    with pytest.raises(ValueError, match="holds 10"):
        amm.amount_in(10, 10, 10)


def test_shares() -> None:
    assert amm.first_shares(E18, 4 * E18) == 2 * E18 - 1000
    assert amm.first_shares(1000, 1000) == 0
    assert amm.later_shares(3 * E18, 3 * E18, 2 * E18, E18, 4 * E18) == 3 * E18 * 2 // 4
    assert amm.matching_amount(E18, 2 * E18, 6 * E18) == 3 * E18
    assert amm.burn_amounts(3 * E18 - 1000, 3 * E18, 3 * E18, 3 * E18) == (3 * E18 - 1000, 3 * E18 - 1000)


def test_protocol_fee_of_uniswap_v2() -> None:
    """Its test 'feeTo:on': 1000/1000 pool, 1 swapped in, all burned: platform gets 249750499251388."""
    bought = amm.amount_out(E18, 1000 * E18, 1000 * E18)
    assert bought == 996006981039903216
    k, k_last = 1001 * E18 * (1000 * E18 - bought), (1000 * E18) ** 2
    assert amm.protocol_fee_shares(1000 * E18, k, k_last) == 249750499251388
    assert amm.protocol_fee_shares(1000 * E18, k, 0) == 0
    assert amm.protocol_fee_shares(1000 * E18, k_last, k) == 0


@pytest.mark.parametrize(("ratio", "loss"), [(1.25, -0.006192), (2.0, -0.057191), (4.0, -0.20), (1.0, 0.0)])
def test_impermanent_loss(ratio: float, loss: float) -> None:
    assert amm.impermanent_loss(ratio) == pytest.approx(loss, abs=5e-7)
    assert amm.impermanent_loss(1 / ratio) == pytest.approx(loss, abs=5e-7)


def test_weighted_loss_is_smaller() -> None:
    assert amm.impermanent_loss(4.0, 0.8) == pytest.approx(4**0.8 / 3.4 - 1)


def test_cost_of_moving_price_and_mean() -> None:
    assert amm.price_move_cost(1000.0, 1.21) == pytest.approx(100.0)
    x, y, paid = 10**15, 10**15, round(amm.price_move_cost(1e15, 1.21, 100))
    after = (x + paid) / (y - amm.amount_out(paid, x, y, 100))
    assert after == pytest.approx(1.21, rel=1e-12)
    assert amm.twap_spot_move(1.5, 72.0, 24.0) == 2.5
    assert amm.loss_versus_rebalancing(0.8) == pytest.approx(0.08)
