"""Bids that stand without an end are taken back by those who have waited long enough."""

from types import SimpleNamespace

import numpy as np

from agents.standing_bids import PATIENCE, taken_back

STOOD, BIDDERS = np.array([np.nan, 4.0, 20.0, 20.0]), np.array([1, 2, 3, 9])


def back(patience: np.ndarray | float, account: tuple[int, ...] = (3, 2, 1), n_open: int = 4) -> list[tuple[int, int]]:
    """Who takes the bid for which vault back."""
    seen = SimpleNamespace(stood=STOOD, opener=BIDDERS, n_open=n_open)
    rows = [action.rows[0] for action in taken_back(seen, np.array(account), patience)]
    return [(int(row["account"]), int(row["vault"])) for row in rows]


def test_each_waits_as_long_as_he_will_and_only_for_his_own_bid():
    assert back(np.array([20.0, 4.0, 0.0])) == [(2, 1), (3, 2)]
    assert back(np.array([20.1, 4.1, 0.0])) == []
    assert back(PATIENCE) == [(3, 2)]
    assert back(0.0, account=(1, 5)) == []


def test_nothing_is_looked_up_while_no_buyout_is_open():
    assert back(0.0, n_open=0) == []
