"""Farms: what they emit and pay, what is staked and at what yield, the reward token, the shop, and the peg."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.farms.table import BURNED, EMITTED, PAID_IN
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.metric import metric
from model.units import DAYS_PER_YEAR, TOKEN, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("farms",)
FARMERS = ("farms", "yield_farmer")
UNITS = {"tokens": 0, "dollars": 1, "points": 2}
NOTHING = 2
FRACTIONS, TOKENS = ("fraction",), ("token", "token_share")
POOL_SHARES = ("amm", "weighted", "curve", "curve_fractions")


def _farms(market: "Marketplace") -> Any:
    return market.mechanisms["farms"]


def _pots(farms: Any) -> int:
    """Tokens in the pots of farms [base units]."""
    return int(farms.ledger.books.balances[farms.token, farms.table.pot[_open(farms)]].sum())


def _open(farms: Any) -> Any:
    """Numbers of the farms that ever took stakes."""
    return np.flatnonzero(farms.table.account >= 0)


def _worth(farms: Any) -> Any:
    """What is staked at each of them [USD]."""
    table, ledger, there = farms.table, farms.ledger, _open(farms)
    return -ledger.books.balances[table.share[there], table.account[there]] * ledger.value[table.share[there]]


@metric("tokens", "last", NEEDS, headline=True)
def emitted(market: "Marketplace") -> float:
    """Tokens emitted so far."""
    return sum(int(row.state[EMITTED]) for row in _farms(market).rows) / TOKEN


@metric("tokens", "last", NEEDS)
def pending(market: "Marketplace") -> float:
    """Tokens handed to farms and not yet claimed."""
    return _pots(_farms(market)) / TOKEN


@metric("tokens", "last", NEEDS)
def paid(market: "Marketplace") -> float:
    """Tokens that stakers, and those who share in what is minted, have claimed so far."""
    farms = _farms(market)
    left = sum(farms.ledger.balance(farms.token, row.pot) for row in farms.rows)
    return (sum(int(row.state[EMITTED]) for row in farms.rows) - left - _pots(farms)) / TOKEN


@metric("USD", "mean", NEEDS, headline=True)
def staked_usd(market: "Marketplace") -> float:
    """Worth of everything that is staked."""
    return math.fsum(_worth(_farms(market)))


@metric("1/year", "mean", NEEDS, headline=True)
def apr(market: "Marketplace") -> float:
    """What all farms that pay in tokens or dollars pay on what is staked with them; NaN without stakes."""
    return _apr(market, ())


def _of_kinds(farms: Any, kinds: tuple[str, ...]) -> Any:
    """Which of the farms take such stakes; all for no kinds."""
    fits = np.array([not kinds or row.params.stake in kinds for row in farms.rows], np.bool_)
    return fits[farms.table.row[_open(farms)]]


def _apr(market: "Marketplace", kinds: tuple[str, ...]) -> float:
    """What farms of some kinds of stakes pay on them [1/year], points not counted; NaN without stakes."""
    farms = _farms(market)
    if not farms.rows:
        return math.nan
    there, worth = _open(farms), _worth(farms)
    unit = np.array([UNITS[row.design.pays] for row in farms.rows])[farms.table.row[there]]
    fits = (unit != NOTHING) & _of_kinds(farms, kinds)
    whole = math.fsum(worth[fits])
    if whole <= 0.0:
        return math.nan
    value = np.array([market.ledger.value[farms.token], 1.0 / USD, 0.0])[unit]
    paying = farms.table.per_day[there] * (farms.table.open[there] > 0) * value * fits
    return math.fsum(paying) * DAYS_PER_YEAR / whole


def _staked(market: "Marketplace", kinds: tuple[str, ...]) -> float:
    """What is staked of some kinds [USD]."""
    farms = _farms(market)
    return math.fsum(_worth(farms)[_of_kinds(farms, kinds)]) if farms.rows else 0.0


@metric("1/year", "mean", NEEDS)
def apr_fractions(market: "Marketplace") -> float:
    """What farms of fractions pay on them; NaN without stakes."""
    return _apr(market, FRACTIONS)


@metric("1/year", "mean", NEEDS)
def apr_pool_shares(market: "Marketplace") -> float:
    """What farms of shares of the vaults' pools pay on them; NaN without stakes."""
    return _apr(market, POOL_SHARES)


@metric("1/year", "mean", NEEDS)
def apr_tokens(market: "Marketplace") -> float:
    """What farms of the reward token and of shares of its pool pay on them; NaN without stakes."""
    return _apr(market, TOKENS)


@metric("USD", "mean", NEEDS)
def staked_fractions(market: "Marketplace") -> float:
    """Worth of staked fractions."""
    return _staked(market, FRACTIONS)


@metric("USD", "mean", NEEDS)
def staked_pool_shares(market: "Marketplace") -> float:
    """Worth of staked shares of the vaults' pools."""
    return _staked(market, POOL_SHARES)


@metric("USD", "mean", NEEDS)
def staked_deposits(market: "Marketplace") -> float:
    """Worth of staked deposit shares of the lending pool."""
    return _staked(market, ("deposit",))


@metric("USD", "mean", NEEDS)
def staked_tokens(market: "Marketplace") -> float:
    """Worth of staked reward tokens and shares of its pool and the peg's."""
    return _staked(market, (*TOKENS, "peg_share"))


@metric("USD", "last", NEEDS, headline=True)
def token_price(market: "Marketplace") -> float:
    """Price of the reward token."""
    return float(_farms(market).pools.spot(TOKEN_POOL))


@metric("tokens", "last", NEEDS)
def token_supply(market: "Marketplace") -> float:
    """Reward tokens there are."""
    farms = _farms(market)
    return market.ledger.outstanding(farms.token) / TOKEN


@metric("USD", "last", NEEDS)
def token_depth(market: "Marketplace") -> float:
    """Dollars in the reward token's pool."""
    return _farms(market).pools.balances(TOKEN_POOL)[0] / USD


@metric("USD/day", "mean", NEEDS)
def token_volume(market: "Marketplace") -> float:
    """Dollars exchanged for the reward token."""
    return int(_farms(market).pools.table.volume[TOKEN_POOL]) / USD / market.clock.dt_days


@metric("1", "mean", NEEDS)
def token_sold_share(market: "Marketplace") -> float:
    """Part of the trade in the reward token that is sales; NaN without trade."""
    pools = _farms(market).pools.table
    volume = int(pools.volume[TOKEN_POOL])
    return 1.0 - int(pools.bought[TOKEN_POOL]) / volume if volume > 0 else math.nan


@metric("1", "mean", FARMERS, headline=True)
def mercenary_share(market: "Marketplace") -> float:
    """Part of the stakes, by worth, that belongs to mercenary farmers; NaN without stakes."""
    farms, population = _farms(market), market.populations["yield_farmer"]
    names = list(population.table.shares)
    if "mercenary" not in names:
        return 0.0
    n = len(population)
    who = population.account[:n][population.strategy[:n] == names.index("mercenary")]
    books, value = market.ledger.books, market.ledger.value
    shares = farms.table.share[_open(farms)]
    worth = math.fsum(books.balances[np.ix_(shares, who)].sum(axis=1) * value[shares])
    whole = staked_usd(market)
    return worth / whole if whole > 0.0 else math.nan


@metric("accounts", "mean", NEEDS)
def stakers(market: "Marketplace") -> float:
    """Accounts that stake something."""
    farms, books = _farms(market), market.ledger.books
    shares = farms.table.share[_open(farms)]
    return float((books.balances[shares, : market.ledger.accounts] > 0).any(axis=0).sum())


@metric("USD", "last", NEEDS)
def fees_shared(market: "Marketplace") -> float:
    """Dollars of the platform's revenue that stakers got so far."""
    return sum(int(row.state[PAID_IN]) for row in _farms(market).rows) / USD


@metric("tokens", "last", NEEDS)
def burned(market: "Marketplace") -> float:
    """Tokens burnt for services so far."""
    return sum(int(row.state[BURNED]) for row in _farms(market).rows) / TOKEN


@metric("points", "last", NEEDS)
def points(market: "Marketplace") -> float:
    """Points that are claimed and not spent, or not yet claimed."""
    return market.ledger.outstanding(_farms(market).points) / TOKEN


@metric("pieces", "last", NEEDS)
def shop_sold(market: "Marketplace") -> float:
    """Pieces that the shop sold so far."""
    return float(np.sum(_farms(market).shop.sold))


@metric("USD", "last", NEEDS)
def shop_taken(market: "Marketplace") -> float:
    """Dollars that the shop took so far, artists' fees among them."""
    return int(np.sum(_farms(market).shop.taken)) / USD


@metric("USD", "min", NEEDS)
def peg_price(market: "Marketplace") -> float:
    """Price of the token with a peg; NaN where there is none."""
    farms = _farms(market)
    return float(farms.pools.spot(PEG_POOL)) if farms.peg >= 0 else math.nan


@metric("1", "last", NEEDS)
def peg_backing(market: "Marketplace") -> float:
    """Dollars behind the token with a peg, over its supply; NaN where there is none."""
    farms = _farms(market)
    if farms.peg < 0 or market.ledger.outstanding(farms.peg) == 0:
        return math.nan
    return market.ledger.balance(USD_ASSET, farms.backing) / market.ledger.outstanding(farms.peg)


@metric("tokens", "last", NEEDS)
def minted_for_peg(market: "Marketplace") -> float:
    """Reward tokens made for those who redeemed pegged dollars, so far."""
    return int(_farms(market).minted_for_peg[0]) / TOKEN
