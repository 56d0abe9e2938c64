"""Claims: what ended vaults owe is fetched by whoever holds it, whatever else he does.

Cash for fractions, fractions for stakes, and dollars and fractions for pool shares, which the owner of a vault seeded or
a farmer was paid; each once it is worth its transaction. Strategies that claim themselves say so, see `Strategy.claims`.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.sheet import CLICK
from agents.vault_sheet import sheet_of
from model.actions import Action
from model.jit import kernel
from model.mechanisms.amm import RemoveLiquidity
from model.mechanisms.curve import RemoveCurve
from model.mechanisms.vaults import Redeem, Unstake, VaultStatus
from model.mechanisms.weighted import RemoveWeighted
from model.view import MarketView

ENDED = int(VaultStatus.ENDED)
POOLS: dict[str, type[Action]] = {"amm": RemoveLiquidity, "weighted": RemoveWeighted}
ROOM = 64  # holdings for which there is room at first
NONE = -1  # no such asset


class Returned(NamedTuple):
    """Assets by vault that are given back by one action."""

    action: type[Action]
    amount: str  # column that says how many
    more: dict[str, int]
    assets: NDArray[np.int64]


@kernel
def find_held(balances: Any, account: Any, assets: Any, worth: Any, least: float, out: Any) -> int:
    """Write down who of some accounts has how many of which assets, as far as there is room; how many there are.

    Args:
        assets: numbers, int64[list, place], -1 for none; worth: USD of a base unit, by asset
        least: holdings worth no more are left [USD]
        out: rows of a list, an account, a place in it, and an amount
    """
    n = 0
    for i in range(assets.shape[0]):
        for j in range(assets.shape[1]):
            asset = assets[i, j]
            if asset < 0:
                continue
            for who in account:
                amount = balances[asset, who]
                if amount > 0 and amount * worth[asset] > least:
                    if n < out.shape[0]:
                        out[n, 0], out[n, 1], out[n, 2], out[n, 3] = i, who, j, amount
                    n += 1
    return n


def pools_of(market: MarketView) -> Iterable[Returned]:
    """Shares of all pools."""
    n = market.vaults.n
    for key, action in POOLS.items():
        if market.has(key):
            yield Returned(action, "shares", {"limit": 0}, getattr(market, key).share[:n])
    if market.has("curve"):
        for side, share in enumerate(market.curve.share):
            yield Returned(RemoveCurve, "shares", {"side": side, "limit": 0}, share[:n])


class Owed(NamedTuple):
    """What ended vaults owe this morning: lists of assets, and the vaults that their columns stand for."""

    lists: list[Returned]
    vaults: NDArray[np.int64]
    assets: NDArray[np.int64]  # [list, vault]


def owed(market: MarketView) -> Owed | None:
    """For `market.once`: what ended vaults owe; None where they owe nothing."""
    vaults = market.vaults
    ended = ((vaults.status == ENDED) & (vaults.supply > 0)).nonzero()[0]
    if ended.size == 0:
        return None
    lists = [Returned(Redeem, "amount", {}, vaults.fraction)]
    if (vaults.stake[ended] >= 0).any():
        lists.append(Returned(Unstake, "amount", {}, vaults.stake))
    lists += pools_of(market)
    return Owed(lists, ended, np.array([one.assets[ended] for one in lists]))


def given_back(lists: list[Returned], found: NDArray[np.int64], vaults: NDArray[np.int64]) -> Iterable[Action]:
    """Actions that give back what `find_held` found; `vaults` are those that places in the lists stand for."""
    for i, one in enumerate(lists):
        rows = found[found[:, 0] == i]
        if rows.size:
            yield one.action(rows[:, 1], vault=vaults[rows[:, 2]], **{one.amount: rows[:, 3]}, **one.more)


def claims_of(market: Any, account: NDArray[np.int64]) -> Iterable[Action]:
    """What some accounts hand in to get what ended vaults owe them.

    Args:
        market: the marketplace
        account: of those who look
    """
    view = market.view
    known = view.once(owed) if view.has("vaults") else None
    if known is None:
        return
    least = float(sheet_of(market).look().scalars[CLICK])
    out = np.empty((ROOM, 4), np.int64)
    n = find_held(view.balances, account, known.assets, market.ledger.value, least, out)
    if n > ROOM:
        out = np.empty((n, 4), np.int64)
        find_held(view.balances, account, known.assets, market.ledger.value, least, out)
    if n:
        yield from given_back(known.lists, out[:n], known.vaults)
