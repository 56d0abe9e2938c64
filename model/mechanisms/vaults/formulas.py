"""Income, redemption and claims of a vault, as plain functions; the kernels agree wherever int64 holds."""

from typing import Any

from model.jit import helper
from model.units import INDEX, TOKEN

WHOLE_UNIT = 10_000  # shares given in 1e-4


@helper("float64(float64, float64, float64)")
def maintenance(electricity: Any, service_fee: Any, discount: Any) -> Any:
    """What running a vault costs its holders: (electricity + service fee) (1 - discount), all in one currency.

    The reference is .05 USD/kWh and .0089 USD/TH/day with a discount of at most .20               [GoMining 2024]

    >>> round(maintenance(13835.1, 2279.4, 0.0), 1)
    16114.5
    """
    return (electricity + service_fee) * (1.0 - discount)


def net_income(payout: float, electricity: float, service_fee: float, discount: float = 0.0) -> float:
    """Income left for holders: payout - (electricity + service fee) (1 - discount), all in one currency.

    >>> round(net_income(18446.9, 13835.1, 2279.4), 1)      # 50 TH on one day, satoshi                [GoMining 2024]
    2332.4
    """
    return payout - float(maintenance(electricity, service_fee, discount))


def income_index(amount: int, outstanding: int) -> int:
    """Step of the accumulator when an amount is shared: floor(amount 1e12 / outstanding).

    >>> income_index(2332, 700)
    3331428571428
    """
    return amount * INDEX // outstanding


def income_of(holding: int, step: int) -> int:
    """What a holding earns from a step of the accumulator: floor(holding step / 1e12).

    >>> step = income_index(2332, 700)
    >>> income_of(100, step), income_of(600, step)
    (333, 1998)
    """
    return holding * step // INDEX


def income_dust(amount: int, holdings: list[int]) -> int:
    """What sharing an amount leaves over, on the vault's side.

    >>> income_dust(2332, [100, 600])
    1
    """
    step = income_index(amount, sum(holdings))
    return amount - sum(income_of(holding, step) for holding in holdings)


def rigs_for(amount: int, ghs: int, outstanding: int) -> int:
    """GH/s that burning fractions brings out of a vault, pro rata and rounded down; burning all brings all.

    >>> rigs_for(25, 1_001, 100), rigs_for(100, 1_001, 100)
    (250, 1001)
    """
    return ghs * amount // outstanding


def debt_of(amount: int, debt: int, outstanding: int) -> int:
    """Part of a vault's debt that goes with burnt fractions, pro rata and rounded up.

    >>> debt_of(25, 1_001, 100)
    251
    """
    return -(-debt * amount // outstanding)


def takes_whole(amount: int, outstanding: int, threshold_bps: int = 9999) -> bool:
    """Whether a holding is large enough to take the whole vault: amount / outstanding >= threshold.

    >>> takes_whole(9_999, 10_000), takes_whole(9_998, 10_000)
    (True, False)
    """
    return outstanding > 0 and amount * WHOLE_UNIT >= outstanding * threshold_bps


def deposit_for(rest: int, price: int, unit: int) -> int:
    """USD base units that buy out the remaining fractions at the last price, rounded up.

    Args:
        rest: fractions of others [base units]
        price: last price [USD base units per whole fraction]
        unit: base units of a whole fraction

    >>> deposit_for(1_500_000, 2_000_001, 1_000_000)
    3000002
    """
    return -(-rest * price // unit)


def claim_of(amount: int, cash: int, outstanding: int) -> int:
    """Cash that burning fractions of an ended vault brings, pro rata and rounded down.

    >>> claim_of(1, 100, 3), claim_of(3, 100, 3)
    (33, 100)
    """
    return cash * amount // outstanding


def part_of_income(amount: int, fractions: int, supply: int) -> int:
    """What some fractions earn of a vault's income, rounded down; the rest is the taker's.

    >>> part_of_income(2332, 300, 1_000), part_of_income(2332, 1_000, 1_000)
    (699, 2332)
    """
    return amount * fractions // supply


def brought_for(amount: int, per_fraction: int, unit: int = TOKEN) -> int:
    """Fractions of a member to bring for fractions of a basket, rounded up.

    Args:
        amount: basket fractions to be made [base units]
        per_fraction: of the member in a whole basket fraction [base units]
        unit: base units of a whole fraction

    >>> brought_for(1, 2_500_000), brought_for(4_000_000, 2_500_000)
    (3, 10000000)
    """
    return -(-amount * per_fraction // unit)


def given_for(amount: int, held: int, outstanding: int) -> int:
    """Fractions of a member that burning fractions of a basket brings, pro rata and rounded down; all bring all.

    >>> given_for(1, 7, 3), given_for(3, 7, 3)
    (2, 7)
    """
    return held * amount // outstanding
