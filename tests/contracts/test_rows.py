"""Rows that kernels fill have the columns of the actions that they become."""

import numpy as np

from agents.rows import claim, put_three, put_two, sell_coins, trade
from model.actions import BUY, SELL, Action, Status, Trade
from model.mechanisms.amm import RemoveLiquidity, Swap
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.lending import StandBy
from model.mechanisms.offerings import Subscribe
from model.mechanisms.rigs import SellRigs
from model.mechanisms.vaults import Redeem
from model.plain import plain
from model.units import BTC


def written(action: type[Action], rows: np.ndarray, n: int) -> list[dict[str, int]]:
    records = action.of_rows(rows[:n]).rows
    return [{name: int(record[name]) for name in records.dtype.names or ()} for record in records]


def some(action: type[Action]) -> np.ndarray:
    return np.full((2, action.width), 99, np.int64)


def test_trades_claims_and_sales_of_coins() -> None:
    rows = some(Swap)
    n = plain(trade)(rows, plain(trade)(rows, 0, 7, 1, BUY, 30, 20), 8, 2, SELL, 5, 4)
    assert written(Swap, rows, n) == [
        {"account": 7, "vault": 1, "side": 0, "amount": 30, "limit": 20, "status": 0, "filled": 0},
        {"account": 8, "vault": 2, "side": 1, "amount": 5, "limit": 4, "status": 0, "filled": 0},
    ]
    rows = some(Redeem)
    (one,) = written(Redeem, rows, plain(claim)(rows, 0, 7, 3, 11))
    assert list(one.values()) == [7, 3, 11, Status.PENDING, 0]
    assert list(one)[1:3] == ["vault", "amount"]
    rows = some(TradeCoins)
    (one,) = written(TradeCoins, rows, plain(sell_coins)(rows, 0, 7, BTC, 50.0, 50.0))
    assert one == {
        "account": 7,
        "side": SELL,
        "amount": BTC,
        **dict.fromkeys(set(one) - {"account", "side", "amount"}, 0),
    }
    assert plain(sell_coins)(rows, 0, 7, BTC, 49.0, 50.0) == 0
    assert plain(sell_coins)(rows, 0, 7, 0, 50.0, 0.0) == 0


def test_other_rows_are_as_wide_as_their_actions() -> None:
    for action in (StandBy, SellRigs):
        rows = some(action)
        assert list(written(action, rows, plain(put_two)(rows, 0, 1, 2, 3))[0].values()) == [1, 2, 3, 0, 0]
    for action in (Subscribe, RemoveLiquidity):
        rows = some(action)
        assert list(written(action, rows, plain(put_three)(rows, 0, 1, 2, 3, 4))[0].values()) == [1, 2, 3, 4, 0, 0]
    assert Trade.width == Swap.width
