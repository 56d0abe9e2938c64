"""At which loan to value a volatile year leaves bad debt, and what a lower one costs in lending."""

from typing import TYPE_CHECKING

from experiments.answers.effects import at, contrast, levels
from experiments.answers.words import amount, average, chance, is_clear, moved

if TYPE_CHECKING:
    import pandas as pd

LTV, VOLATILITY = "param.lending.loan_to_value", "param.bitcoin.volatility"
LOST = ("lending.lost_depositors", "lending.lost_reserve", "lending.lost_fund")
DEBT = "lending.debt"
NEEDS = (LTV, VOLATILITY, *LOST, DEBT)
A_CENT = 0.01  # USD; less is dust of rounding


def answer(table: "pd.DataFrame") -> str:
    """Bad debt by loan to value at both ends of volatility, then the loans that a lower one gives up."""
    told = table.assign(bad=table[list(LOST)].sum(axis=1))
    ltvs, volatilities = levels(told, LTV), levels(told, VOLATILITY)
    wild = told[told[VOLATILITY] == volatilities[-1]]
    hits = {ltv: wild[wild[LTV] == ltv]["bad"] >= A_CENT for ltv in ltvs}
    first = next((ltv for ltv in ltvs if hits[ltv].any()), None)
    if first is None:
        n = len(hits[ltvs[-1]])
        text = (
            f"No loan to value from {ltvs[0]:g} to {ltvs[-1]:g} left bad debt at a volatility of {volatilities[-1]:g}: "
            f"at {ltvs[-1]:g} {chance(0, n)}"
        )
    else:
        rows = at(wild, lending__loan_to_value=ltvs[-1])
        text = (
            f"At a volatility of {volatilities[-1]:g} bad debt appears from a loan to value of {first:g} on: "
            f"{chance(int(hits[first].sum()), len(hits[first]))}"
        )
        if first != ltvs[-1]:
            text += f", and at {ltvs[-1]:g} in {chance(int(hits[ltvs[-1]].sum()), len(rows))}"
        text += f"; its mean at {ltvs[-1]:g} is {average(rows['bad'], 'bad debt', 'USD')}"
        text += f", {amount(float(rows['bad'].mean() / rows[DEBT].mean()), '%')} of mean debt there"
    calm = at(told, bitcoin__volatility=volatilities[0], lending__loan_to_value=ltvs[-1])["bad"] >= A_CENT
    text += (
        f". At a volatility of {volatilities[0]:g} and a loan to value of {ltvs[-1]:g} it appears in "
        f"{chance(int(calm.sum()), len(calm))}"
    )
    change = contrast(told, LTV, DEBT, ltvs[0], ltvs[-1])
    text += (
        f". Over all volatilities, from a loan to value of {ltvs[0]:g} to {ltvs[-1]:g} mean debt {moved(change, 'USD')}"
    )
    harm = contrast(told, LTV, "bad", ltvs[0], ltvs[-1])
    if is_clear(harm.interval) and is_clear(change.interval):
        price = harm.interval.value / change.interval.value
        text += f": about {amount(price, '%')} of each further dollar lent is lost"
    return f"{text}."
