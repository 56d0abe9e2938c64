"""What accounts have besides dollars this morning, and how those sell it who want none of it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from model.actions import SELL, Row
from model.jit import helper
from model.ledger import BTC_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.nfts import SellNft
from model.mechanisms.rigs import SellRigs
from model.units import BTC
from model.view import MarketView, frozen

NONE = frozen(np.zeros(0, np.int64))
_i, _f = types.int64, types.float64
_row, _table = (types.Array(_i, d, "C", readonly=True) for d in (1, 2))


@helper(types.boolean(_table, _i, _f, _f, _row, _row), from_python=False)
def has_goods(balances, who, harvest, coin, owner, registered):
    """Whether an account has coins worth a transaction, an NFT, or rigs.

    Args:
        balances: holdings by asset and account; who: account
        harvest: USD from which coins are sold; the rest: see `goods_of`
    """
    coins = balances[BTC_ASSET, who]
    if coins > 0 and coins / BTC * coin >= harvest:
        return True
    for n in range(owner.size):
        if owner[n] == who:
            return True
    return who < registered.size and registered[who] > 0


def goods_of(market: MarketView) -> tuple[Any, ...]:
    """For `market.once`, what `has_goods` looks at: a coin's price [USD], who owns NFTs, rigs."""
    coin = float(market.bitcoin.price) if market.has("bitcoin") else 0.0
    owner = market.nfts.owner if market.has("nfts") else NONE
    return coin, owner, market.rigs.registered if market.has("rigs") else NONE


def places_of(account: int, column: NDArray[np.int64]) -> list[int]:
    """Where an account stands in a column of accounts, in rising order.

    >>> places_of(7, np.array([7, -1, 5, 7]))
    [0, 3]
    """
    found: list[int] = (column == account).nonzero()[0].tolist()
    return found


def coins_sold(agent: Any, market: MarketView) -> Iterable[Row]:
    """All coins, once they are worth a transaction."""
    account = agent.account
    coins = market.balances.item(BTC_ASSET, account)
    if coins and agent.coins * market.bitcoin.price >= agent.harvest:
        yield TradeCoins.row(account, side=SELL, amount=coins)


def sold_out(agent: Any, market: MarketView) -> Iterable[Row]:
    """Coins, NFTs and rigs are sold."""
    account = agent.account
    yield from coins_sold(agent, market)
    if market.has("nfts"):
        for n in places_of(account, market.nfts.owner):
            yield SellNft.row(account, nft=n, limit=0)
    registered = market.rigs.registered
    if account < registered.size and registered[account] > 0:
        yield SellRigs.row(account, ghs=int(registered[account]), limit=0)
