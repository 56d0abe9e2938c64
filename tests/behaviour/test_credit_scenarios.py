"""Scenarios of credit from their first day to the end of the crisis: how fast, and how far."""

import numpy as np
import pytest

from model import Marketplace
from model.units import USD


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bank_runs_in_days(seed: int) -> None:
    with Marketplace("bank_run", rng=seed) as m:
        for _ in range(150):
            m.step()
        deposits, cash, least, asked = m.view.lending.deposits, m.view.lending.cash, 1.0, 0.0
        for _ in range(9):
            m.step()
            least = min(least, m.mechanisms["lending"].cash / USD / deposits)
            asked = max(asked, m.view.lending.queue)
        assert least < 0.05 < cash / deposits
        assert asked > 0.1 * deposits


@pytest.mark.slow
def test_leverage_rises_with_prices_and_is_lost_in_the_fall() -> None:
    with Marketplace("leverage_cycle", rng=3) as m:
        debts = []
        for _ in range(18):
            for _ in range(30):
                m.step()
            debts.append(m.view.lending.debt)
        top = int(np.argmax(debts))
        assert 4 < top < 15
        assert debts[-1] < 0.2 * debts[top]
        assert "liquidation" in set(m.events().kind)
