"""How much speculation lifts rented hashpower above its band, and what the market's fee does to it."""

from typing import TYPE_CHECKING

from experiments.answers.effects import contrast, levels
from experiments.answers.words import amount, average, moved
from experiments.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

CONVICTION, FEE = "param.agents.renter.conviction", "param.rental.fee"
OVER, INSIDE, RENTED = "rental.over_hashprice", "rental.in_band", "rental.rented_share"
NEEDS = (CONVICTION, FEE, OVER, INSIDE, RENTED)

NEAR = 0.01  # a bot changes its price only when it is so far off: the same part that rental.in_band allows


def answer(table: "pd.DataFrame") -> str:
    """The least conviction at which the price surely exceeds 1 / (1 + fee), by fee; then both effects."""
    convictions, fees = levels(table, CONVICTION), levels(table, FEE)
    said = []
    for fee in fees:
        top = (1.0 + NEAR) / (1.0 + fee)
        left = None
        for conviction in convictions:
            rows = table[(table[FEE] == fee) & (table[CONVICTION] == conviction)]
            if mean_interval(rows[OVER], f"{fee} {conviction}").low > top:
                left = conviction, rows
                break
        if left is None:
            said.append(
                f"at a fee of {amount(fee, '%')} no conviction up to {amount(convictions[-1])} surely lifts it above {top:.3f}"
            )
        else:
            said.append(
                f"at a fee of {amount(fee, '%')} it takes {amount(left[0])} to lift it above {top:.3f}: "
                f"{average(left[1][OVER], f'over {fee}')}, with {average(left[1][INSIDE], f'inside {fee}', '%')} of days inside"
            )
    belief = contrast(table, CONVICTION, OVER, convictions[0], convictions[-1])
    cost = contrast(table, FEE, OVER, fees[0], fees[-1])
    rented = contrast(table, FEE, RENTED, fees[0], fees[-1])
    return (
        "Without speculation nobody pays more for rented hashpower than hashprice over 1 plus the fee, to 1 %. As part of "
        f"hashprice after pool fees, where conviction is what renters expect beyond it: {'; '.join(said)}. From a "
        f"conviction of {amount(convictions[0])} to {amount(convictions[-1])} the price {moved(belief)}. From a fee of "
        f"{amount(fees[0], '%')} to {amount(fees[-1], '%')} the price {moved(cost)}, and the rented share of rigs {moved(rented, '%')}."
    )
