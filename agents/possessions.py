"""What accounts have besides dollars this morning, found once for all who ask, and how those sell it who want none of it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.base import Cohort
from agents.holder_rows import held_rows
from model.actions import Row
from model.ledger import BTC_ASSET
from model.mechanisms.bitcoin import TradeCoins
from model.mechanisms.nfts import SellNft
from model.mechanisms.rigs import SellRigs
from model.mechanisms.vaults import Redeem, VaultStatus
from model.view import MarketView

SELL = 1
ENDED = int(VaultStatus.ENDED)
Claims = dict[int, list[tuple[int, int]]]


def by_account(column: NDArray[np.int64]) -> dict[int, list[int]]:
    """Places of a column of accounts by account, in rising order; an account below 0 is nobody.

    >>> by_account(np.array([7, -1, 5, 7]))
    {7: [0, 3], 5: [2]}
    """
    found: dict[int, list[int]] = {}
    there = np.flatnonzero(column >= 0)
    for place, who in zip(there.tolist(), column[there].tolist(), strict=True):
        found.setdefault(who, []).append(place)
    return found


def nfts_by_owner(market: MarketView) -> dict[int, list[int]]:
    """NFTs by account, for `market.once`."""
    return by_account(market.nfts.owner)


def _ended(market: MarketView) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Vaults that have ended, and their fractions."""
    ended = np.flatnonzero(market.vaults.status == ENDED)
    return ended, market.vaults.fraction[ended]


def claims_of(cohort: Cohort, market: MarketView) -> Claims:
    """Vaults that have ended and how many of their fractions each has [base units], by account."""
    found: Claims = defaultdict(list)
    if market.has("vaults"):
        ended, fractions = market.once(_ended)
        if ended.size:
            rows = held_rows(market.balances, cohort.slots, cohort.population.account, ended, fractions)
            for who, vault, amount, *_ in rows.tolist():
                found[who].append((vault, amount))
    return found


def coins_sold(agent: Any, market: MarketView) -> Iterable[Row]:
    """All coins, once they are worth a transaction."""
    account = agent.account
    coins = market.balances.item(BTC_ASSET, account)
    if coins and agent.coins * market.bitcoin.price >= agent.harvest:
        yield TradeCoins.row(account, side=SELL, amount=coins)


def sold_out(agent: Any, market: MarketView, claims: Claims) -> Iterable[Row]:
    """Coins, NFTs and rigs are sold, ended vaults claimed."""
    account = agent.account
    yield from coins_sold(agent, market)
    if account in claims:
        for vault, amount in claims[account]:
            yield Redeem.row(account, vault=vault, amount=amount)
    if market.has("nfts"):
        for n in market.once(nfts_by_owner).get(account, ()):
            yield SellNft.row(account, nft=n, limit=0)
    registered = market.rigs.registered
    if account < registered.size and registered[account] > 0:
        yield SellRigs.row(account, ghs=int(registered[account]), limit=0)
