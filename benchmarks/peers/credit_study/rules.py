"""What the radCAD and Mesa models share: parameters, formulas of one pool and one loan, and what is compared.

The formulas are those of `model.mechanisms.amm` and `model.mechanisms.lending`, written out in floats as their sources
have them, so that the peers import nothing of this marketplace.
"""

import math
from typing import Any, NamedTuple

DAYS_PER_YEAR = 365
MOST = 200  # liquidations of one borrower in a day

# recorded every day, named as in this marketplace; `bad_debt` is the sum of its three `lost_` metrics
METRICS = (
    "bitcoin.price",
    "amm.price_median",
    "amm.volume",
    "lending.debt",
    "lending.utilisation",
    "lending.borrow_rate",
    "lending.health_min",
    "lending.liquidations",
    "lending.liquidated_debt",
    "lending.reserve",
    "lending.bad_debt",
)


class Result(NamedTuple):
    """What is compared of one run.

    Attributes:
        price: of a fraction in the pool on the last day [USD]
        debt: owed by all, mean over days [USD]
        liquidations: in all
        liquidated: debt that liquidators repaid, in all [USD]
        reserve: claims of the lending pool's reserve on the last day [USD]
        bad_debt: written off, in all [USD]
    """

    price: float
    debt: float
    liquidations: int
    liquidated: float
    reserve: float
    bad_debt: float


class Loan(NamedTuple):
    """Numbers of `[lending]` in `study.toml` that the formulas take; names as there."""

    threshold: float
    bonus: float
    reserve_factor: float
    close_factor: float
    full_below: float
    whole_usd: float
    rest_usd: float
    loan_to_value: float
    base: float
    kink: float
    slope1: float
    slope2: float


class Sizes(NamedTuple):
    """The market's sizes for a number of borrowers.

    Attributes:
        usd, fractions: in the pool at the start [USD, fractions]
        deposit: supplied to the lending pool on the first day [USD]
        backing: a fraction is a claim on [BTC]
        fee: of the pool [1]
        band: difference from the wanted debt that a borrower does not mind [1]
    """

    usd: float
    fractions: float
    deposit: float
    backing: float
    fee: float
    band: float


def rate(cash: float, debt: float, reserve: float, loan: Loan) -> tuple[float, float]:
    """Utilisation and the yearly rate that borrowers pay at it, steep above the kink."""
    owned = cash + debt - reserve
    used = min(1.0, debt / owned) if debt > 0.0 and owned > 0.0 else float(debt > 0.0)
    if used <= loan.kink:
        return used, loan.base + loan.slope1 * used / loan.kink
    return used, loan.base + loan.slope1 + loan.slope2 * (used - loan.kink) / (1.0 - loan.kink)


def swap(paid: float, reserve_in: float, reserve_out: float, fee: float) -> float:
    """Amount bought from a constant product: (x + (1 - f) dx) (y - dy) = x y."""
    net = paid * (1.0 - fee)
    return net * reserve_out / (reserve_in + net)


def gap(usd: float, fractions: float, worth: float, fee: float) -> tuple[float, float]:
    """Dollars that buy, and fractions that sell, until the pool's price with its fee is `worth`; not positive for none."""
    kept = 1.0 - fee
    buys = (math.sqrt(usd * fractions * kept * worth) - usd) / kept
    sells = (math.sqrt(usd * fractions * kept / worth) - fractions) / kept
    return buys, sells


def liquidate(pledged: float, debt: float, price: float, loan: Loan) -> tuple[float, float, int]:
    """Liquidations of one loan until its health is 1 or nothing is left: repaid [USD], seized, and how many."""
    repaid_in_all, seized_in_all, count = 0.0, 0.0, 0
    while count < MOST:
        worth = pledged * price
        if debt <= 0.0 or worth <= 0.0 or worth * loan.threshold >= debt:
            break
        whole = debt <= loan.whole_usd or worth * loan.threshold / debt < loan.full_below
        repaid, seized = (debt if whole else debt * loan.close_factor), pledged
        if repaid * (1.0 + loan.bonus) < worth:
            seized = repaid * (1.0 + loan.bonus) / price
        else:
            repaid = worth / (1.0 + loan.bonus)
        pledged, debt = pledged - seized, debt - repaid
        repaid_in_all, seized_in_all, count = repaid_in_all + repaid, seized_in_all + seized, count + 1
    return repaid_in_all, seized_in_all, count


def result_of(rows: list[dict[str, Any]]) -> Result:
    """What is compared, from the numbers of all days."""
    last = rows[-1]
    return Result(
        price=last["amm.price_median"],
        debt=math.fsum(row["lending.debt"] for row in rows) / len(rows),
        liquidations=sum(row["lending.liquidations"] for row in rows),
        liquidated=math.fsum(row["lending.liquidated_debt"] for row in rows),
        reserve=last["lending.reserve"],
        bad_debt=last["lending.bad_debt"],
    )
