"""What strategies see of farms, what a shop needs, and whose fractions an action moves."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.errors import ScenarioError
from model.jit import kernel
from model.mechanisms.farms.public import BuyFromShop, FarmsView, StakeFarm, Stakes, UnstakeFarm
from model.mechanisms.farms.table import PAYS
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.sheaf import Sheaf, part_of
from model.units import BPS, HOURS_PER_DAY, USD
from model.view import Aliases, frozen

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms

NONE = -1
TOKENS, DOLLARS = PAYS.index("tokens"), PAYS.index("dollars")


def check_shop(farms: "Farms") -> None:
    """Refuse a shop without NFTs to sell."""
    if farms.nfts is None:
        raise ScenarioError("[farms] has a shop, which sells NFTs: add [nfts] to the scenario, or leave farms.shop out")


def _drift(farms: "Farms", k: int) -> float:
    """How fast a token's price leaves its mean [log a day]."""
    t = farms.pools.table
    return math.log(t.price[k] / t.twap[k]) * HOURS_PER_DAY / farms.params.token.twap_hours


class Looked(Sheaf):
    """Columns of the table that every morning's look needs."""

    account: Any
    share: Any
    per_day: Any
    open: Any


@kernel
def _stakes(
    balances: Any, value: Any, table: Looked, pays: Any, token: int, staked: Any, usd: Any, reward: Any, rank: Any
) -> None:
    """Fill what is staked [base units and USD] and what farms pay or promise [USD a day], by farm, and by what they rank.

    Args:
        value: USD per base unit of each asset
        pays: place in `table.PAYS` of what each farm pays; token: asset of the first
    """
    for f in range(table.account.size):
        if table.account[f] >= 0:
            staked[f] = -balances[table.share[f], table.account[f]]
            usd[f] = staked[f] * value[table.share[f]]
        worth = value[token] if pays[f] == TOKENS else 1.0 / USD if pays[f] == DOLLARS else 0.0
        reward[f] = table.per_day[f] * worth if table.open[f] > 0 else 0.0
        rank[f] = -(reward[f] / max(usd[f], 1.0))


class Board:
    """Columns by farm that are worked out every morning and stay read-only in between, and aliases of those that stay."""

    def __init__(self, farms: "Farms") -> None:
        t, size = farms.table, farms.table.account.size
        self.staked, self.usd, self.reward, self.rank = np.zeros(size, np.int64), *(np.zeros(size) for _ in range(3))
        self.ranked = np.zeros(size, np.int64)
        self.table = part_of(t, Looked)
        columns = (
            t.row,
            t.vault,
            farms.kinds,
            t.asset,
            t.share,
            t.open,
            farms.pays,
            self.staked,
            self.usd,
            self.reward,
            self.ranked,
        )
        self.shown: tuple[Any, ...] = tuple(frozen(column) for column in columns)
        self.line, self.line_index = frozen(t.line), frozen(farms.ledger.books.line_index)
        _, vault, kind, asset, claim, open_now, pays, staked, usd, reward, ranked = self.shown
        self.stakes = Stakes(kind, vault, asset, claim, open_now, pays, self.line, staked, usd, reward, ranked)
        self.points, self.price = frozen(farms.shop.points), frozen(farms.shop.price)
        self.settled = Aliases()

    def look(self, farms: "Farms") -> None:
        """Work the columns out."""
        books, value = farms.ledger.books, farms.ledger.value
        _stakes(
            books.balances, value, self.table, farms.pays, farms.token, self.staked, self.usd, self.reward, self.rank
        )
        self.ranked[:] = self.rank.argsort(kind="stable")


def view(farms: "Farms") -> FarmsView:
    """What strategies see this morning."""
    board: Board | None = farms.board
    if board is None:
        board = farms.board = Board(farms)
    board.look(farms)
    ledger, peg, pools, shop = farms.ledger, farms.params.peg, farms.pools.table, farms.shop
    usd_token, depth = farms.pools.balances(TOKEN_POOL)
    with_peg = farms.peg != NONE
    usd_peg, depth_peg = farms.pools.balances(PEG_POOL) if with_peg else (0, 0)
    share, peg_share = pools.share.tolist()
    price, peg_price = pools.price.tolist()
    (settled,) = board.settled.of(ledger.books.settled)
    row, vault, kind, asset, claim, open_now, pays, staked, usd, reward, ranked = board.shown
    return FarmsView(
        board.staked.size, farms.names, row, vault, kind, asset, claim, open_now, pays, staked, usd, reward, ranked,
        board.stakes, board.line, board.line_index, settled, farms.token, share, price, float(pools.twap[TOKEN_POOL]),
        usd_token, depth, ledger.outstanding(share), _drift(farms, TOKEN_POOL), farms.peg, peg_share, peg_price, usd_peg, depth_peg,
        ledger.outstanding(peg_share) if with_peg else 0, _drift(farms, PEG_POOL) if with_peg else 0.0,
        peg.ratio if peg is not None else 0.0, peg.fee_bps / BPS if peg is not None else 0.0,
        ledger.balance(0, farms.backing) if with_peg else 0, farms.pools.fee_bps / BPS, farms.points, board.points,
        board.price, frozen(np.array([shop.left(k) for k in range(len(shop.items))], np.int64)),
    )  # fmt: skip


def vaults_moved(farms: "Farms", action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
    """Vaults whose fractions rows would move, -1 for none; None for actions that never move any."""
    if action in (StakeFarm, UnstakeFarm):
        t, numbers = farms.table, rows["farm"]
        vault = _named(t.vault, numbers)
        staked = _named(t.asset, numbers)
        found: NDArray[np.int64] = np.where((vault >= 0) & (staked == farms.vaults.fraction[vault]), vault, NONE)
        return found
    if action is BuyFromShop:
        return _named(farms.shop.vault, rows["item"])
    return None


def _named(column: Any, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Entries of a column, -1 where there is no such number."""
    there = (numbers >= 0) & (numbers < column.size)
    found: NDArray[np.int64] = np.full(numbers.size, NONE, np.int64)
    found[there] = column[numbers[there]]
    return found
