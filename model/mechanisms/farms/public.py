"""What others meet of farms: actions, and the view. Amounts are base units."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.sheaf import Sheaf


class StakeFarm(Action):
    """Stake up to `amount` of what farm number `farm` takes, for as many claims; filled: what was staked."""

    fields = ("farm", "amount")
    phase = "stake"


class UnstakeFarm(Action):
    """Give up to `amount` claims of a farm back for as much of what was staked; all that is due is paid; filled: claims."""

    fields = ("farm", "amount")
    phase = "unstake"


class Harvest(Action):
    """Claim all that is due on a stake; filled: tokens or points, or dollars where the farm pays only these."""

    fields = ("farm",)
    phase = "unstake"


class BuyFromShop(Action):
    """Buy a piece of `item` for points (`pay` 0) or for dollars with the artist's fee (1), at most `limit`; filled: its NFT, or the vault of its edition."""

    fields = ("item", "pay", "limit")
    phase = "offers"


class TradeToken(Action):
    """Pay `amount` dollars (`side` 0) or tokens (1) at the pool of a `token`, 0 the reward, 1 the peg, for at least `limit`."""

    fields = ("token", "side", "amount", "limit")
    phase = "swaps"


class AddTokenLiquidity(Action):
    """Deposit up to `usd` and `tokens` in a token's pool, for `limit` shares or more; filled: shares."""

    fields = ("token", "usd", "tokens", "limit")
    phase = "liquidity"


class RemoveTokenLiquidity(Action):
    """Give `shares` of a token's pool back for their part of both balances, at least `limit` of it dollars; filled: dollars."""

    fields = ("token", "shares", "limit")
    phase = "liquidity"


class MintPeg(Action):
    """Make `amount` of the token with a peg: dollars for one part, reward tokens at their mean price burnt for the other."""

    fields = ("amount",)
    phase = "coins"


class RedeemPeg(Action):
    """Give `amount` of it back for at least `limit` dollars, and newly made reward tokens; filled: dollars."""

    fields = ("amount", "limit")
    phase = "coins"


class Stakes(Sheaf):
    """Columns of all farms as kernels take them, see `FarmsView`."""

    kind: Any
    vault: Any
    asset: Any
    claim: Any
    open: Any
    pays: Any
    line: Any
    staked: Any
    staked_usd: Any
    reward_usd: Any
    ranked: Any


class FarmsView(NamedTuple):
    """What strategies see; columns by farm are read-only.

    Attributes:
        n: farms there may be
        names: of the rows
        row, vault: place in `names`, and vault, -1 for none, by farm
        kind: what is staked, by place in `params.STAKABLE`
        asset, claim: what is staked, and the claims on it; -1 while the farm is not open
        open: whether stakes are taken
        pays: what is paid, 0 tokens, 1 points, 2 dollars
        staked: [base units]
        staked_usd, reward_usd: what is staked [USD], and what the farm pays or promises [USD a day], points not valued
        ranked: farms by reward over what is staked, the highest first
        stakes: some of these columns, as kernels take them
        line: income line of the reward, -1 for none
        line_index, settled: of all lines, see `model.books`
        token, token_share: the reward token, shares of its pool
        token_price, token_mean, token_usd, token_depth, token_shares: price and its mean [USD], balances and shares
        token_drift, peg_drift: how fast the price of each leaves its mean [log a day]
        peg: the token with a peg, -1 for none; peg_share, peg_price, peg_usd, peg_depth, peg_shares: the same of its pool
        peg_ratio, peg_fee: part covered by dollars, and fee of redemption [1]; peg_cash: dollars behind it [base units]
        fee: of both pools [1]
        points: asset
        item_points, item_price, item_left: of each item of the shop: points, dollars with the artist's fee
            [base units; 0 not sold so], and pieces left
    """

    n: int
    names: tuple[str, ...]
    row: NDArray[np.int64]
    vault: NDArray[np.int64]
    kind: NDArray[np.int64]
    asset: NDArray[np.int64]
    claim: NDArray[np.int64]
    open: NDArray[np.int64]
    pays: NDArray[np.int64]
    staked: NDArray[np.int64]
    staked_usd: NDArray[np.float64]
    reward_usd: NDArray[np.float64]
    ranked: NDArray[np.int64]
    stakes: Stakes
    line: NDArray[np.int64]
    line_index: NDArray[np.int64]
    settled: NDArray[np.int64]
    token: int
    token_share: int
    token_price: float
    token_mean: float
    token_usd: int
    token_depth: int
    token_shares: int
    token_drift: float
    peg: int
    peg_share: int
    peg_price: float
    peg_usd: int
    peg_depth: int
    peg_shares: int
    peg_drift: float
    peg_ratio: float
    peg_fee: float
    peg_cash: int
    fee: float
    points: int
    item_points: NDArray[np.int64]
    item_price: NDArray[np.int64]
    item_left: NDArray[np.int64]
