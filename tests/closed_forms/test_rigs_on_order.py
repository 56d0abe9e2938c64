"""What fractions of rigs are worth that makers have not shipped yet."""

import math
from types import SimpleNamespace as Made
from typing import Any

import numpy as np
import pytest

from agents.beliefs import Typical
from agents.valuation import net_asset_value
from agents.vault_sheet import VaultSheet
from model.units import DAYS_PER_YEAR

DISCOUNT, GROWTH, DRIFT, LIFE, HASHPRICE, PER_TH = 0.2, 0.5, 0.1, 1_500.0, 0.08, 0.03
BOOK, LAG = 5.0, 8.0  # weeks
YEARS = (BOOK + LAG) * 7.0 / DAYS_PER_YEAR


def rows(here: float, coming: float, promised: float = 0.0) -> Any:
    """TH that earn, TH of rigs and cost of a fraction, some of whose rigs are here, on order, or promised."""
    sheet = object.__new__(VaultSheet)
    traits = dict.fromkeys(Typical._fields, 1.0) | {"discount": DISCOUNT, "growth": GROWTH, "drift": DRIFT}
    sheet.typical = Typical(**traits)
    columns = {"th_per_fraction": here, "th_coming": coming, "cost": here * PER_TH, "cost_per_th": PER_TH}
    rules = Made(backlog_weeks=BOOK, lag_weeks=LAG, overhead=1.0, pue=1.0)
    view = Made(
        vaults=Made(**{name: np.array([value]) for name, value in columns.items()}),
        offerings=Made(any_open=promised > 0.0, promised_th=np.array([promised, 0.0])),
        rigs=Made(rules=rules, median_power=0.05, efficiency=20.0),
        has=lambda key: key == "offerings",
    )
    return tuple(float(column[0]) for column in sheet._with_coming(view))


def nav(th: float, hashprice: float, cost: float) -> float:
    """Of rigs that run now, without what they fetch in the end."""
    return net_asset_value(th * hashprice, cost, LIFE, DRIFT, GROWTH, DISCOUNT)


@pytest.mark.parametrize("promised", [0.0, 1.0])
def test_they_are_worth_what_the_same_rigs_are_on_the_day_they_run_discounted_to_now(promised: float) -> None:
    earns, rigs, cost = rows(0.0, 1.0 - promised, promised)
    then = nav(1.0, HASHPRICE * math.exp(-(GROWTH - DRIFT) * YEARS), PER_TH)
    assert nav(earns, HASHPRICE, cost) == pytest.approx(then * math.exp(-DISCOUNT * YEARS))
    assert rigs == 1.0


def test_those_that_run_count_whole() -> None:
    assert rows(0.7, 0.0) == (0.7, 0.7, pytest.approx(0.7 * PER_TH))
    alone, both = rows(0.0, 0.3), rows(0.7, 0.3)
    assert both == pytest.approx([0.7 + alone[0], 1.0, 0.7 * PER_TH + alone[2]])
