"""Who holds fractions and what it brought them: spread over vaults and over holders, and return by kind of agent.

All of it is measured once a week and on the last tick, and stands in between.
"""

import math

from model.gains import Gain
from model.metric import metric
from model.metrics.gains import gains_of
from model.metrics.holdings import Week, week

NEEDS = ("vaults",)
WEEKLY = True


@metric("accounts", "last", NEEDS, of=week)
def holders(now: Week) -> float:
    """Agents who hold fractions of any vault."""
    return float(now.worth.size)


@metric("vaults", "last", NEEDS, of=week)
def diversification(now: Week) -> float:
    """Effective number of vaults in a holder's portfolio, mean over holders: 1 / sum of squared shares of worth."""
    return float(now.vaults_each.mean()) if now.worth.size else math.nan


@metric("1", "last", NEEDS, of=week)
def gini(now: Week) -> float:
    """Gini coefficient of the worth of fractions over those who hold any."""
    return now.gini


@metric("1", "last", NEEDS, of=week)
def herfindahl(now: Week) -> float:
    """Herfindahl index of the worth of fractions over holders."""
    return now.herfindahl


@metric("1", "last", (*NEEDS, "retail_investor"), headline=True, of=gains_of)
def retail_return(gains: dict[str, Gain]) -> float:
    """Retail investors' gain so far over all they brought in."""
    return gains["retail_investor"].rate


@metric("1", "last", (*NEEDS, "miner"), headline=True, of=gains_of)
def miner_return(gains: dict[str, Gain]) -> float:
    """Miners' gain so far, rigs at resale value, over all they brought in."""
    return gains["miner"].rate


@metric("1", "last", (*NEEDS, "liquidity_provider"), of=gains_of)
def provider_return(gains: dict[str, Gain]) -> float:
    """Liquidity providers' gain so far over all they brought in."""
    return gains["liquidity_provider"].rate


@metric("1", "last", (*NEEDS, "arbitrageur"), of=gains_of)
def arbitrageur_return(gains: dict[str, Gain]) -> float:
    """Arbitrageurs' gain so far over all they brought in."""
    return gains["arbitrageur"].rate


@metric("1", "last", (*NEEDS, "institution"), of=gains_of)
def institution_return(gains: dict[str, Gain]) -> float:
    """Institutions' gain so far over all they brought in."""
    return gains["institution"].rate


@metric("1", "last", (*NEEDS, "creator"), of=gains_of)
def creator_return(gains: dict[str, Gain]) -> float:
    """Creators' gain so far, NFTs at appraisal, over all they brought in."""
    return gains["creator"].rate
