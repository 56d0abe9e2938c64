"""Farms: what they emit and pay, what is staked and at what yield, the reward token, the shop, and the peg."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.farms.figures import NOBODY, Figures, Some, figures_of
from model.mechanisms.farms.params import STAKABLE
from model.mechanisms.farms.table import BURNED, EMITTED, PAID_IN
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.metric import metric, shared
from model.units import DAYS_PER_YEAR, TOKEN, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("farms",)
FARMERS = ("farms", "yield_farmer")
FRACTIONS, TOKENS, DEPOSITS = ("fraction",), ("token", "token_share"), ("deposit",)
POOL_SHARES = ("amm", "weighted", "curve", "curve_fractions")
POINTS = "points"


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


class Row(NamedTuple):
    """A row of the scenario: what is staked, its worth, that of mercenaries and where no points are paid [USD], USD paid a day."""

    stake: str
    usd: float
    mercenary: float
    counted: float
    paid: float


@kernel
def _by_row(row: Any, usd: Any, mercenary: Any, paid: Any, out: Any) -> None:
    """Add columns by farm up by the row that it is of."""
    out[:] = 0.0
    for f in range(row.size):
        if row[f] >= 0:
            out[0, row[f]] += usd[f]
            out[1, row[f]] += mercenary[f]
            out[2, row[f]] += paid[f]


@shared
def _rows(market: "Marketplace") -> list[Row]:
    """All rows of the scenario."""
    farms, figures = _farms(market), _figures(market)
    sums = np.empty((3, len(farms.rows)))
    _by_row(farms.table.row, figures.usd, figures.mercenary, figures.paid, sums)
    return [
        Row(row.params.stake, usd, theirs, usd if row.design.pays != POINTS else 0.0, paid)
        for row, usd, theirs, paid in zip(farms.rows, *sums.tolist(), strict=True)
    ]


@shared
def _state(market: "Marketplace") -> tuple[int, int, int]:
    """Tokens emitted and burnt, and dollars paid in, of all rows [base units]."""
    states = [row.state.item for row in _farms(market).rows]
    return sum([of(EMITTED) for of in states]), sum([of(BURNED) for of in states]), sum([of(PAID_IN) for of in states])


@shared
def _token_pool(market: "Marketplace") -> tuple[int, int]:
    """Dollars and tokens in the reward token's pool [base units]."""
    found: tuple[int, int] = _farms(market).pools.balances(TOKEN_POOL)
    return found


@metric("tokens", "last", NEEDS, headline=True, of=_state)
def emitted(state: tuple[int, int, int]) -> float:
    """Tokens emitted so far."""
    return state[0] / TOKEN


@metric("tokens", "last", NEEDS, of=_figures)
def pending(found: Figures) -> float:
    """Tokens handed to farms and not yet claimed."""
    return found.pots / TOKEN


@metric("tokens", "last", NEEDS)
def paid(market: "Marketplace") -> float:
    """Tokens that stakers, and those who share in what is minted, have claimed so far."""
    farms = _farms(market)
    left = sum(farms.ledger.balance(farms.token, row.pot) for row in farms.rows)
    return (_state(market)[0] - left - _figures(market).pots) / TOKEN


@metric("USD", "mean", NEEDS, headline=True, of=_rows)
def staked_usd(rows: list[Row]) -> float:
    """Worth of everything that is staked."""
    return _staked(rows, STAKABLE)


@metric("1/year", "mean", NEEDS, headline=True, of=_rows)
def apr(rows: list[Row]) -> float:
    """What all farms that pay in tokens or dollars pay on what is staked with them; NaN without stakes."""
    return _apr(rows, STAKABLE)


def _apr(rows: list[Row], kinds: tuple[str, ...]) -> float:
    """What farms of some kinds of stakes pay on them [1/year], points not counted; NaN without stakes."""
    whole = math.fsum([row.counted for row in rows if row.stake in kinds])
    return (
        math.fsum([row.paid for row in rows if row.stake in kinds]) * DAYS_PER_YEAR / whole if whole > 0.0 else math.nan
    )


def _staked(rows: list[Row], kinds: tuple[str, ...]) -> float:
    """What is staked of some kinds [USD]."""
    return math.fsum([row.usd for row in rows if row.stake in kinds])


@metric("1/year", "mean", NEEDS, of=_rows)
def apr_fractions(rows: list[Row]) -> float:
    """What farms of fractions pay on them; NaN without stakes."""
    return _apr(rows, FRACTIONS)


@metric("1/year", "mean", NEEDS, of=_rows)
def apr_pool_shares(rows: list[Row]) -> float:
    """What farms of shares of the vaults' pools pay on them; NaN without stakes."""
    return _apr(rows, POOL_SHARES)


@metric("1/year", "mean", NEEDS, of=_rows)
def apr_tokens(rows: list[Row]) -> float:
    """What farms of the reward token and of shares of its pool pay on them; NaN without stakes."""
    return _apr(rows, TOKENS)


@metric("USD", "mean", NEEDS, of=_rows)
def staked_fractions(rows: list[Row]) -> float:
    """Worth of staked fractions."""
    return _staked(rows, FRACTIONS)


@metric("USD", "mean", NEEDS, of=_rows)
def staked_pool_shares(rows: list[Row]) -> float:
    """Worth of staked shares of the vaults' pools."""
    return _staked(rows, POOL_SHARES)


@metric("USD", "mean", NEEDS, of=_rows)
def staked_deposits(rows: list[Row]) -> float:
    """Worth of staked deposit shares of the lending pool."""
    return _staked(rows, DEPOSITS)


@metric("USD", "mean", NEEDS, of=_rows)
def staked_tokens(rows: list[Row]) -> float:
    """Worth of staked reward tokens and shares of its pool and the peg's."""
    return _staked(rows, (*TOKENS, "peg_share"))


@metric("USD", "last", NEEDS, headline=True, of=_token_pool)
def token_price(pool: tuple[int, int]) -> float:
    """Price of the reward token."""
    usd, tokens = pool
    return usd / tokens


@metric("tokens", "last", NEEDS)
def token_supply(market: "Marketplace") -> float:
    """Reward tokens there are."""
    farms = _farms(market)
    return market.ledger.outstanding(farms.token) / TOKEN


@metric("USD", "last", NEEDS, of=_token_pool)
def token_depth(pool: tuple[int, int]) -> float:
    """Dollars in the reward token's pool."""
    return pool[0] / USD


@metric("USD/day", "mean", NEEDS)
def token_volume(market: "Marketplace") -> float:
    """Dollars exchanged for the reward token."""
    return int(_farms(market).pools.table.volume[TOKEN_POOL]) / USD / market.clock.dt_days


@metric("1", "mean", NEEDS, of=_farms)
def token_sold_share(farms: Any) -> float:
    """Part of the trade in the reward token that is sales; NaN without trade."""
    pools = farms.pools.table
    volume = int(pools.volume[TOKEN_POOL])
    return 1.0 - int(pools.bought[TOKEN_POOL]) / volume if volume > 0 else math.nan


@metric("1", "mean", FARMERS, headline=True)
def mercenary_share(market: "Marketplace") -> float:
    """Part of the stakes, by worth, that belongs to mercenary farmers; NaN without stakes."""
    if "mercenary" not in market.populations["yield_farmer"].table.shares:
        return 0.0
    rows = _rows(market)
    whole = _staked(rows, STAKABLE)
    return math.fsum([row.mercenary for row in rows]) / whole if whole > 0.0 else math.nan


@metric("accounts", "mean", NEEDS, of=_figures)
def stakers(found: Figures) -> float:
    """Accounts that stake something."""
    return float(found.stakers)


@metric("USD", "last", NEEDS, of=_state)
def fees_shared(state: tuple[int, int, int]) -> float:
    """Dollars of the platform's revenue that stakers got so far."""
    return state[2] / USD


@metric("tokens", "last", NEEDS, of=_state)
def burned(state: tuple[int, int, int]) -> float:
    """Tokens burnt for services so far."""
    return state[1] / TOKEN


@metric("points", "last", NEEDS)
def points(market: "Marketplace") -> float:
    """Points that are claimed and not spent, or not yet claimed."""
    return market.ledger.outstanding(_farms(market).points) / TOKEN


@metric("pieces", "last", NEEDS, of=_farms)
def shop_sold(farms: Any) -> float:
    """Pieces that the shop sold so far."""
    return float(sum(farms.shop.sold.tolist()))


@metric("USD", "last", NEEDS, of=_farms)
def shop_taken(farms: Any) -> float:
    """Dollars that the shop took so far, artists' fees among them."""
    return sum(farms.shop.taken.tolist()) / USD


@metric("USD", "min", NEEDS, of=_farms)
def peg_price(farms: Any) -> float:
    """Price of the token with a peg; NaN where there is none."""
    return float(farms.pools.spot(PEG_POOL)) if farms.peg >= 0 else math.nan


@metric("1", "last", NEEDS)
def peg_backing(market: "Marketplace") -> float:
    """Dollars behind the token with a peg, over its supply; NaN where there is none."""
    farms = _farms(market)
    if farms.peg < 0 or market.ledger.outstanding(farms.peg) == 0:
        return math.nan
    return market.ledger.balance(USD_ASSET, farms.backing) / market.ledger.outstanding(farms.peg)


@metric("tokens", "last", NEEDS, of=_farms)
def minted_for_peg(farms: Any) -> float:
    """Reward tokens made for those who redeemed pegged dollars, so far."""
    return int(farms.minted_for_peg[0]) / TOKEN
