"""Farms: what they emit and pay, what is staked and at what yield, the reward token, the shop, and the peg."""

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

from model.ledger import USD_ASSET
from model.mechanisms.farms.figures import NOBODY, Figures, Some, figures_of
from model.mechanisms.farms.params import STAKABLE
from model.mechanisms.farms.table import BURNED, EMITTED, PAID_IN, PAYS, STATES
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.metric import metric, shared
from model.units import DAYS_PER_YEAR, TOKEN, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("farms",)
FARMERS = ("farms", "yield_farmer")
FRACTIONS, TOKENS, DEPOSITS = ("fraction",), ("token", "token_share"), ("deposit",)
POOL_SHARES = ("amm", "weighted", "curve", "curve_fractions")
POINTS = PAYS.index("points")


def _farms(market: "Marketplace") -> Any:
    return market.mechanisms["farms"]


def _mercenaries(market: "Marketplace") -> Some:
    """Accounts of mercenary farmers."""
    population = market.populations.get("yield_farmer")
    if population is None or "mercenary" not in population.table.shares:
        return NOBODY
    place = list(population.table.shares).index("mercenary")
    return Some(population.account, population.strategy, place, len(population))


@shared
def _figures(market: "Marketplace") -> Figures:
    return figures_of(_farms(market), _mercenaries(market))


@shared
def _rows(market: "Marketplace") -> list[tuple[str, list[float], list[float], list[float]]]:
    """Rows of the scenario: what is staked, its worth, that of farms that pay no points [USD], and pay [USD a day], by farm."""
    farms, figures = _farms(market), _figures(market)
    found, vaults = [], market.mechanisms["vaults"].n
    for row in farms.rows:
        end = min(row.end, row.first + vaults) if row.by_vault else row.end
        usd, paid = figures.usd[row.first : end].tolist(), figures.paid[row.first : end].tolist()
        found.append((row.params.stake, usd, usd if farms.pays[row.first] != POINTS else [], paid))
    return found


@shared
def _state(market: "Marketplace") -> list[int]:
    """The state of all rows added up, by place."""
    return [sum(column) for column in zip(*(row.state.tolist() for row in _farms(market).rows), strict=True)] or [
        0
    ] * STATES


@shared
def _token_pool(market: "Marketplace") -> tuple[int, int]:
    """Dollars and tokens in the reward token's pool [base units]."""
    found: tuple[int, int] = _farms(market).pools.balances(TOKEN_POOL)
    return found


@metric("tokens", "last", NEEDS, headline=True)
def emitted(market: "Marketplace") -> float:
    """Tokens emitted so far."""
    return _state(market)[EMITTED] / TOKEN


@metric("tokens", "last", NEEDS)
def pending(market: "Marketplace") -> float:
    """Tokens handed to farms and not yet claimed."""
    return _figures(market).pots / TOKEN


@metric("tokens", "last", NEEDS)
def paid(market: "Marketplace") -> float:
    """Tokens that stakers, and those who share in what is minted, have claimed so far."""
    farms = _farms(market)
    left = sum(farms.ledger.balance(farms.token, row.pot) for row in farms.rows)
    return (_state(market)[EMITTED] - left - _figures(market).pots) / TOKEN


@metric("USD", "mean", NEEDS, headline=True)
def staked_usd(market: "Marketplace") -> float:
    """Worth of everything that is staked."""
    return _staked(market, STAKABLE)


@metric("1/year", "mean", NEEDS, headline=True)
def apr(market: "Marketplace") -> float:
    """What all farms that pay in tokens or dollars pay on what is staked with them; NaN without stakes."""
    return _apr(market, STAKABLE)


@shared
def _sums(market: "Marketplace") -> dict[tuple[str, ...], float]:
    """What is staked of some kinds of stakes [USD], once it has been asked for."""
    return {}


def _apr(market: "Marketplace", kinds: tuple[str, ...]) -> float:
    """What farms of some kinds of stakes pay on them [1/year], points not counted; NaN without stakes."""
    rows = [row for row in _rows(market) if row[0] in kinds]
    if all(counted is usd for _, usd, counted, _ in rows):
        whole = _staked(market, kinds)
    else:
        whole = math.fsum(chain.from_iterable(counted for _, _, counted, _ in rows))
    if not whole > 0.0:
        return math.nan
    return math.fsum(chain.from_iterable(paid for _, _, _, paid in rows)) * DAYS_PER_YEAR / whole


def _staked(market: "Marketplace", kinds: tuple[str, ...]) -> float:
    """What is staked of some kinds [USD]."""
    known = _sums(market)
    if kinds not in known:
        known[kinds] = math.fsum(chain.from_iterable(usd for kind, usd, _, _ in _rows(market) if kind in kinds))
    return known[kinds]


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
    return _staked(market, DEPOSITS)


@metric("USD", "mean", NEEDS)
def staked_tokens(market: "Marketplace") -> float:
    """Worth of staked reward tokens and shares of its pool and the peg's."""
    return _staked(market, (*TOKENS, "peg_share"))


@metric("USD", "last", NEEDS, headline=True)
def token_price(market: "Marketplace") -> float:
    """Price of the reward token."""
    usd, tokens = _token_pool(market)
    return usd / tokens


@metric("tokens", "last", NEEDS)
def token_supply(market: "Marketplace") -> float:
    """Reward tokens there are."""
    farms = _farms(market)
    return market.ledger.outstanding(farms.token) / TOKEN


@metric("USD", "last", NEEDS)
def token_depth(market: "Marketplace") -> float:
    """Dollars in the reward token's pool."""
    return _token_pool(market)[0] / USD


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
    if "mercenary" not in market.populations["yield_farmer"].table.shares:
        return 0.0
    whole = staked_usd(market)
    return math.fsum(_figures(market).mercenary.tolist()) / whole if whole > 0.0 else math.nan


@metric("accounts", "mean", NEEDS)
def stakers(market: "Marketplace") -> float:
    """Accounts that stake something."""
    return float(_figures(market).stakers)


@metric("USD", "last", NEEDS)
def fees_shared(market: "Marketplace") -> float:
    """Dollars of the platform's revenue that stakers got so far."""
    return _state(market)[PAID_IN] / USD


@metric("tokens", "last", NEEDS)
def burned(market: "Marketplace") -> float:
    """Tokens burnt for services so far."""
    return _state(market)[BURNED] / TOKEN


@metric("points", "last", NEEDS)
def points(market: "Marketplace") -> float:
    """Points that are claimed and not spent, or not yet claimed."""
    return market.ledger.outstanding(_farms(market).points) / TOKEN


@metric("pieces", "last", NEEDS)
def shop_sold(market: "Marketplace") -> float:
    """Pieces that the shop sold so far."""
    return float(sum(_farms(market).shop.sold.tolist()))


@metric("USD", "last", NEEDS)
def shop_taken(market: "Marketplace") -> float:
    """Dollars that the shop took so far, artists' fees among them."""
    return sum(_farms(market).shop.taken.tolist()) / USD


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
