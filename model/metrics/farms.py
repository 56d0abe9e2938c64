"""Farms: what they emit and pay, what is staked and at what yield, the reward token, the shop, and the peg."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from model.jit import kernel
from model.ledger import USD_ASSET
from model.mechanisms.farms.figures import NOBODY, Figures, Some, figures_of
from model.mechanisms.farms.params import STAKABLE
from model.mechanisms.farms.table import BURNED, EMITTED, PAID_IN, PAYS
from model.mechanisms.farms.token_pools import PEG_POOL, TOKEN_POOL
from model.metric import metric, shared
from model.units import DAYS_PER_YEAR, TOKEN, USD

if TYPE_CHECKING:
    from model.marketplace import Marketplace

NEEDS = ("farms",)
FARMERS = ("farms", "yield_farmer")
SETS = (
    STAKABLE,
    ("fraction",),
    ("amm", "weighted", "curve", "curve_fractions"),
    ("deposit",),
    ("token", "token_share"),
    ("token", "token_share", "peg_share"),
)  # of kinds of stakes
ALL, FRACTIONS, POOL_SHARES, DEPOSITS, TOKENS, PEGGED = range(len(SETS))
AMONG = np.array([[kind in some for kind in STAKABLE] for some in SETS])
WORTH, COUNTED, MERCENARY, PAID = range(4)
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


@kernel
def _by_kind(kinds: Any, pays: Any, usd: Any, mercenary: Any, paid: Any, among: Any, out: Any) -> None:
    """Add columns by farm up for some sets of kinds of stakes.

    Args:
        kinds: of what is staked, by farm, places in `STAKABLE`; pays: what farms pay, places in `PAYS`
        usd, mercenary, paid: staked, of that by mercenaries [USD], and paid a day [USD], by farm
        among: bool[set, kind]
        out: worth, worth where no points are paid, that of mercenaries, and pay of a set, float64[set, 4]
    """
    out[:] = 0.0
    for f in range(kinds.size):
        if usd[f] == 0.0 and paid[f] == 0.0:
            continue
        for k in range(among.shape[0]):
            if among[k, kinds[f]]:
                out[k, WORTH] += usd[f]
                out[k, COUNTED] += 0.0 if pays[f] == POINTS else usd[f]
                out[k, MERCENARY] += mercenary[f]
                out[k, PAID] += paid[f]


@shared
def _stakes(market: "Marketplace") -> list[list[float]]:
    """What is staked and paid for each of the sets of kinds, see `_by_kind`."""
    farms, figures, out = _farms(market), _figures(market), np.empty((len(SETS), 4))
    _by_kind(farms.kinds, farms.pays, figures.usd, figures.mercenary, figures.paid, AMONG, out)
    found: list[list[float]] = out.tolist()
    return found


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


@metric("USD", "mean", NEEDS, headline=True, of=_stakes)
def staked_usd(stakes: list[list[float]]) -> float:
    """Worth of everything that is staked."""
    return stakes[ALL][WORTH]


@metric("1/year", "mean", NEEDS, headline=True, of=_stakes, weight="farms.staked_usd")
def apr(stakes: list[list[float]]) -> float:
    """What all farms that pay in tokens or dollars pay on what is staked with them; NaN without stakes."""
    return _apr(stakes[ALL])


def _apr(stakes: list[float]) -> float:
    """What farms of a set of kinds pay on its stakes [1/year], points not counted; NaN without stakes."""
    return stakes[PAID] * DAYS_PER_YEAR / stakes[COUNTED] if stakes[COUNTED] > 0.0 else math.nan


@metric("1/year", "mean", NEEDS, of=_stakes, weight="farms.staked_fractions")
def apr_fractions(stakes: list[list[float]]) -> float:
    """What farms of fractions pay on them; NaN without stakes."""
    return _apr(stakes[FRACTIONS])


@metric("1/year", "mean", NEEDS, of=_stakes, weight="farms.staked_pool_shares")
def apr_pool_shares(stakes: list[list[float]]) -> float:
    """What farms of shares of the vaults' pools pay on them; NaN without stakes."""
    return _apr(stakes[POOL_SHARES])


@metric("1/year", "mean", NEEDS, of=_stakes, weight="farms.staked_tokens")
def apr_tokens(stakes: list[list[float]]) -> float:
    """What farms of the reward token and of shares of its pool pay on them; NaN without stakes."""
    return _apr(stakes[TOKENS])


@metric("USD", "mean", NEEDS, of=_stakes)
def staked_fractions(stakes: list[list[float]]) -> float:
    """Worth of staked fractions."""
    return stakes[FRACTIONS][WORTH]


@metric("USD", "mean", NEEDS, of=_stakes)
def staked_pool_shares(stakes: list[list[float]]) -> float:
    """Worth of staked shares of the vaults' pools."""
    return stakes[POOL_SHARES][WORTH]


@metric("USD", "mean", NEEDS, of=_stakes)
def staked_deposits(stakes: list[list[float]]) -> float:
    """Worth of staked deposit shares of the lending pool."""
    return stakes[DEPOSITS][WORTH]


@metric("USD", "mean", NEEDS, of=_stakes)
def staked_tokens(stakes: list[list[float]]) -> float:
    """Worth of staked reward tokens and shares of its pool and the peg's."""
    return stakes[PEGGED][WORTH]


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


@metric("1", "mean", NEEDS, of=_farms, weight="farms.token_volume")
def token_sold_share(farms: Any) -> float:
    """Part of the trade in the reward token that is sales; NaN without trade."""
    pools = farms.pools.table
    volume = int(pools.volume[TOKEN_POOL])
    return 1.0 - int(pools.bought[TOKEN_POOL]) / volume if volume > 0 else math.nan


@metric("1", "mean", FARMERS, headline=True, weight="farms.staked_usd")
def mercenary_share(market: "Marketplace") -> float:
    """Part of the stakes, by worth, that belongs to mercenary farmers; NaN without stakes."""
    if "mercenary" not in market.populations["yield_farmer"].table.shares:
        return 0.0
    stakes = _stakes(market)[ALL]
    return stakes[MERCENARY] / stakes[WORTH] if stakes[WORTH] > 0.0 else math.nan


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
