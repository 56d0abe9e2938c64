"""What everybody who farms needs: what farms pay on top, what waits, rows of orders, and how stakes are bought and sold."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action
from model.ledger import USD_ASSET
from model.mechanisms.amm import AddLiquidity, RemoveLiquidity
from model.mechanisms.farms import (
    STAKABLE,
    AddTokenLiquidity,
    Harvest,
    RemoveTokenLiquidity,
    StakeFarm,
    TradeToken,
    UnstakeFarm,
    pending_rewards,
)
from model.mechanisms.lending import Supply, Withdraw
from model.units import DAYS_PER_YEAR, INDEX, TOKEN, USD
from model.view import MarketView

BUY, SELL = 0, 1
REWARD, PEG = 0, 1  # tokens
WORTH_CLAIMING = 25.0  # USD of rewards for which holders who do not live on them trouble to claim or sell
SOLD_AT_ONCE = 0.05  # part of the token's pool sold at once, and worst outcome accepted
ALL = 1 << 52  # more than anybody holds: stakes and claims are taken up to what is there
TOKENS, POINTS, DOLLARS = range(3)  # what a farm pays
FRACTION, AMM, DEPOSIT, TOKEN_ITSELF, TOKEN_SHARE, PEG_SHARE = (
    STAKABLE.index(name) for name in ("fraction", "amm", "deposit", "token", "token_share", "peg_share")
)
GOLDEN = 0.6180339887498949  # spreads one draw over all farms
ENTERED = (FRACTION, AMM, DEPOSIT, TOKEN_ITSELF, TOKEN_SHARE, PEG_SHARE)  # kinds of stakes that farmers can buy


def yields(market: MarketView, key: str, size: int) -> NDArray[np.float64]:
    """What farms pay on pool shares of a venue by vault [1/day]; zeros where there are none."""
    more = np.zeros(size)
    if market.has("farms") and key in STAKABLE:
        farms = market.farms
        mine = (farms.kind == STAKABLE.index(key)) & (farms.open > 0) & (farms.vault >= 0) & (farms.vault < size)
        worth = np.maximum(farms.staked_usd, 1.0)
        np.add.at(more, farms.vault[mine], farms.reward_usd[mine] / worth[mine])
    return more


def tend(
    market: MarketView, accounts: NDArray[np.int64], kinds: Iterable[str], out: Any = None, leaving: Any = ()
) -> Iterable[Action]:
    """Stake what accounts have of some kinds where it pays most, sell rewards at hand, claim, and leave farms that pay nothing.

    Args:
        accounts: of holders who would have these assets with or without farms
        kinds: what they stake
        out: whom a farm's vault no longer suits, bool[vault, account]; nobody if not given
        leaving: pairs of account and vault whose pool shares are given back today
    """
    if not market.has("farms") or accounts.size == 0:
        return
    farms, codes = market.farms, [STAKABLE.index(kind) for kind in kinds]
    mine = np.isin(farms.kind, codes) & (farms.claim >= 0)
    pays = mine & (farms.open > 0) & (farms.reward_usd > 0.0)
    rate = farms.reward_usd / np.maximum(farms.staked_usd, 1.0)
    gone: dict[int, set[int]] = {}
    for who, v in leaving:
        gone.setdefault(v, set()).add(who)
    best: dict[int, int] = {}
    for f in np.flatnonzero(pays)[np.argsort(-rate[pays], kind="stable")].tolist():
        best.setdefault(int(farms.asset[f]), f)
    tokens = market.balances[farms.token, accounts]
    rich = tokens * (farms.token_price / TOKEN) > WORTH_CLAIMING
    if rich.any():
        yield _sales(market, accounts[rich], tokens[rich])
    farmed, assets = list(best.values()), np.array(list(best), np.int64)
    at_hand = market.balances[np.ix_(assets, accounts)] > 0
    for place in np.flatnonzero(at_hand.any(axis=1)).tolist():
        f, able = farmed[place], at_hand[place]
        if out is not None:
            able &= ~out[farms.vault[f]]
        if gone.get(int(farms.vault[f])):
            able &= ~np.isin(accounts, sorted(gone[int(farms.vault[f])]))
        if able.any():
            yield StakeFarm(accounts[able], farm=f, amount=ALL)
    waits = waiting(market, accounts) * (farms.token_price / TOKEN) > WORTH_CLAIMING
    chosen = np.flatnonzero(mine)
    at_stake = market.balances[np.ix_(farms.claim[chosen], accounts)] > 0
    for place in np.flatnonzero(at_stake.any(axis=1)).tolist():
        f, staked = int(chosen[place]), at_stake[place]
        idle = staked if not pays[f] else staked & out[farms.vault[f]] if out is not None else np.zeros_like(staked)
        if idle.any():
            yield UnstakeFarm(accounts[idle], farm=f, amount=ALL)
        due = staked & ~idle & waits[f] & (farms.pays[f] == TOKENS)
        if due.any():
            yield Harvest(accounts[due], farm=f)


def _sales(market: MarketView, accounts: NDArray[np.int64], tokens: NDArray[np.int64]) -> Action:
    """Reward tokens at hand are sold, at most a part of the pool at once."""
    farms = market.farms
    amount = np.minimum(tokens, int(farms.token_depth * SOLD_AT_ONCE))
    net = amount * (1.0 - farms.fee)
    limit = (farms.token_usd * net / (farms.token_depth + net) * (1.0 - SOLD_AT_ONCE)).astype(np.int64)
    return TradeToken(accounts, token=REWARD, side=SELL, amount=amount, limit=limit)


def waiting(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tokens or points that wait for accounts, int64[farm, account]."""
    farms, out = market.farms, np.zeros((market.farms.n, accounts.size), np.int64)
    pending_rewards(market.balances, farms.claim, farms.line, farms.line_index, farms.settled, accounts, out)
    return out


class Orders:
    """Rows of many agents by action, filled in plain Python.

    Args:
        market: what they see
        venues: the sheet's venues
        slippage: worst outcome accepted against the quote, set for each agent
    """

    def __init__(self, market: MarketView, venues: Any) -> None:
        self.market, self.venues = market, venues
        self.rows: dict[type[Action], list[tuple[int, ...]]] = defaultdict(list)
        self.swaps: list[tuple[int, ...]] = []
        self.slippage = 0.03

    def add(self, action: type[Action], *values: int) -> None:
        """A row of any action."""
        self.rows[action].append((*(int(x) for x in values), 0, 0))

    def batches(self) -> Iterable[Action]:
        """All rows, swaps at the best venue for each."""
        for action, rows in self.rows.items():
            yield action.of_rows(rows)
        if self.swaps:
            yield from self.venues.route(np.array(self.swaps, np.int64), len(self.swaps))

    # -- trades, amounts in base units

    def token_pool(self, token: int) -> tuple[int, int, int]:
        """Dollars, tokens and shares of a token's pool."""
        v = self.market.farms
        return (
            (v.token_usd, v.token_depth, v.token_shares) if token == REWARD else (v.peg_usd, v.peg_depth, v.peg_shares)
        )

    def trade_token(self, account: int, token: int, side: int, amount: int) -> int:
        """Swap at a token's pool; what it should bring at least."""
        usd, tokens, _ = self.token_pool(token)
        give, take = (usd, tokens) if side == BUY else (tokens, usd)
        net = amount * (1.0 - self.market.farms.fee)
        worst = int(take * net / (give + net) * (1.0 - self.slippage))
        if worst > 0:
            self.add(TradeToken, account, token, side, amount, worst)
        return max(worst, 0)

    def sell_token(self, account: int, token: int, amount: int) -> None:
        """Sell tokens, no more at once than the slippage allows."""
        most = int(self.token_pool(token)[1] * self.slippage)
        if amount > 0:
            self.trade_token(account, token, SELL, min(amount, max(most, 1)))

    def trade_fraction(self, account: int, v: int, side: int, amount: int) -> int:
        """Swap fractions of a vault; what it should bring at least."""
        price, usd, fractions, fee = self.venues.figures[:, v]
        if price <= 0.0 or amount <= 0:
            return 0
        give, take = (usd, fractions) if side == BUY else (fractions, usd)
        net = amount * (1.0 - fee)
        worst = int(take * net / (give + net) * (1.0 - self.slippage))
        if worst > 0:
            self.swaps.append((account, v, side, amount, worst, 0, 0))
        return max(worst, 0)

    # -- stakes

    def enter(self, account: int, f: int, usd: int) -> None:
        """Buy what a farm takes for so many dollars, and stake it on the same day."""
        farms = self.market.farms
        kind, v = int(farms.kind[f]), int(farms.vault[f])
        half = usd // 2
        if kind == FRACTION:
            self.trade_fraction(account, v, BUY, usd)
        elif kind == AMM:
            got = self.trade_fraction(account, v, BUY, half)
            if got:
                self.add(AddLiquidity, account, v, half, got, 1)
        elif kind == DEPOSIT:
            self.add(Supply, account, usd)
        elif kind == TOKEN_ITSELF:
            self.trade_token(account, REWARD, BUY, usd)
        else:
            token = REWARD if kind == TOKEN_SHARE else PEG
            got = self.trade_token(account, token, BUY, half)
            if got:
                self.add(AddTokenLiquidity, account, token, half, got, 1)
        self.add(StakeFarm, account, f, ALL)

    def leave(self, account: int, f: int, claims: int) -> None:
        """Give all claims back and sell what they stood for, on the same day where the order of the day allows."""
        self.add(UnstakeFarm, account, f, claims)
        self.dispose(account, int(self.market.farms.kind[f]), int(self.market.farms.vault[f]), claims, True)

    def dispose(self, account: int, kind: int, v: int, amount: int, fresh: bool) -> None:
        """Sell a stake that is at hand; `fresh` if it is only after today's unstaking."""
        if kind == FRACTION:
            most = int(self.venues.figures[2, v] * self.slippage)
            self.trade_fraction(account, v, SELL, min(amount, max(most, 1)))
        elif kind == AMM:
            self.add(RemoveLiquidity, account, v, amount, 0)
        elif kind == DEPOSIT and not fresh:
            self.add(Withdraw, account, amount)
        elif kind == TOKEN_ITSELF:
            self.sell_token(account, REWARD, amount)
        elif kind in (TOKEN_SHARE, PEG_SHARE):
            self.add(RemoveTokenLiquidity, account, REWARD if kind == TOKEN_SHARE else PEG, amount, 0)

    def add_stake(self, account: int, f: int) -> None:
        """Stake all that is at hand."""
        self.add(StakeFarm, account, f, ALL)

    def harvest(self, account: int, f: int) -> None:
        """Claim what waits."""
        self.add(Harvest, account, f)


def unit_worth(market: MarketView, venues: Any) -> NDArray[np.float64]:
    """USD of a base unit of what each farm takes, by the morning's prices; 0 where it cannot be told."""
    farms, worth = market.farms, np.zeros(market.farms.n)
    there = np.flatnonzero(farms.asset >= 0)
    kind, v = farms.kind[there], farms.vault[there]
    price = venues.figures[0]
    worth[there] = np.where(kind == FRACTION, price[np.maximum(v, 0)] / TOKEN, worth[there])
    if market.has("amm"):
        pool = market.amm
        each = 2.0 * pool.reserve_usd / USD / np.maximum(pool.shares, 1)
        worth[there] = np.where(kind == AMM, each[np.maximum(v, 0)], worth[there])
    if market.has("lending"):
        worth[there[kind == DEPOSIT]] = market.lending.index_deposit / INDEX / USD
    worth[there[kind == TOKEN_ITSELF]] = farms.token_price / TOKEN
    worth[there[kind == TOKEN_SHARE]] = 2.0 * farms.token_usd / USD / max(farms.token_shares, 1)
    worth[there[kind == PEG_SHARE]] = 2.0 * farms.peg_usd / USD / max(farms.peg_shares, 1)
    return worth


def underlying(market: MarketView) -> NDArray[np.float64]:
    """What a stake earns besides the farm's reward [1/year]: fees of pools, interest, and the tokens' fall, never their rise."""
    farms, more = market.farms, np.zeros(market.farms.n)
    v = np.maximum(farms.vault, 0)
    if market.has("amm"):
        more = np.where(farms.kind == AMM, np.nan_to_num(market.amm.lp_return[v]) * DAYS_PER_YEAR, more)
    if market.has("lending"):
        more = np.where(farms.kind == DEPOSIT, market.lending.supply_rate, more)
    fall, broken = (min(0.0, drift) * DAYS_PER_YEAR for drift in (farms.token_drift, farms.peg_drift))
    more = np.where(farms.kind == TOKEN_ITSELF, more + fall, more)
    more = np.where(farms.kind == TOKEN_SHARE, more + 0.5 * fall, more)
    return np.where(farms.kind == PEG_SHARE, more + 0.5 * broken, more)


def cash_of(market: MarketView, accounts: NDArray[np.int64]) -> NDArray[np.float64]:
    """USD at hand."""
    cash: NDArray[np.float64] = market.balances[USD_ASSET, accounts] / USD
    return cash


def depths(market: MarketView, venues: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dollars of the pool in which each farm's stake is bought, endless where none is needed, and the fee on what is put in."""
    farms = market.farms
    v = np.maximum(farms.vault, 0)
    usd, fee = venues.figures[1][v] / USD, venues.figures[3][v]
    depth = np.where((farms.kind == FRACTION) | (farms.kind == AMM), usd, np.inf)
    cost = np.where(farms.kind == FRACTION, fee, np.where(farms.kind == AMM, 0.5 * fee, 0.0))
    tokens = np.where(farms.kind == TOKEN_SHARE, 0.5, 1.0)
    own = (farms.kind == TOKEN_ITSELF) | (farms.kind == TOKEN_SHARE)
    depth, cost = np.where(own, farms.token_usd / USD, depth), np.where(own, tokens * farms.fee, cost)
    rest = ~own & (farms.kind != FRACTION) & (farms.kind != AMM) & (farms.kind != DEPOSIT)
    return np.where(rest, farms.peg_usd / USD, depth), np.where(rest, 0.5 * farms.fee, cost)
