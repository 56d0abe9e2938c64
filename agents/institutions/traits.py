"""Traits of institutions, each with unit, range, meaning and source."""

from typing import Any

from agents.base import Traits, trait
from model.nft_kind import NftKind

CHARACTER = "assumption; trust charters and investment policies name asset classes one by one"

MANDATES = {
    "mandate_mining": (NftKind.RIG, NftKind.HASHPOWER_CONTRACT, NftKind.CLUB),
    "mandate_infrastructure": (NftKind.MINING_RIGHT, NftKind.INFRASTRUCTURE),
    "mandate_baskets": (NftKind.BASKET,),
    "mandate_art": (NftKind.ART, NftKind.COLLECTIBLE),
    "mandate_games": (NftKind.GAME_ITEM, NftKind.METAVERSE_LAND),
}


class InstitutionTraits(Traits):
    """Columns drawn once for each institution."""

    cash: Any = trait(
        {"lognormal": {"median": 250_000.0, "sigma": 0.8}},
        "USD",
        "what it may put into this market",
        source="assumption; 100 times a household's, about 1 % of a small fund",
        low=1.0,
        high=9e9,
    )
    attention: Any = trait(
        {"uniform": {"low": 1 / 30, "high": 1 / 7}},
        "1/day",
        "probability of a review on a day",
        source="investment committees meet weekly to monthly",
        low=0.0,
        high=1.0,
    )
    clarity_day: Any = trait(
        0.0, "days", "first day on which it may invest, in a market without [regulation]", low=0.0, high=1e6
    )
    mandate_mining: Any = trait(
        1.0, "1", "above one half: may hold rigs, hashpower contracts and clubs", source=CHARACTER, low=0.0, high=1.0
    )
    mandate_infrastructure: Any = trait(
        1.0, "1", "above one half: may hold mining rights and infrastructure", source=CHARACTER, low=0.0, high=1.0
    )
    mandate_baskets: Any = trait(1.0, "1", "above one half: may hold baskets", source=CHARACTER, low=0.0, high=1.0)
    mandate_art: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.6}},
        "1",
        "above one half: may hold art and collectibles",
        source="assumption; one fund in six",
        low=0.0,
        high=1.0,
    )
    mandate_games: Any = trait(
        0.0, "1", "above one half: may hold game items and land", source=CHARACTER, low=0.0, high=1.0
    )
    risk_aversion: Any = trait(
        {"uniform": {"low": 2.0, "high": 6.0}},
        "1",
        "relative risk aversion a in excess / (a sigma^2)",
        source="Chetty 2006: about 1; portfolio studies 2-10",
        low=0.1,
        high=100.0,
    )
    pull: Any = trait(
        {"uniform": {"low": 0.5, "high": 2.0}},
        "1/year",
        "expected speed at which a price returns to net asset value",
        source="half-lives of closed-end fund discounts of 4-16 months, Pontiff 1995",
        low=0.0,
        high=20.0,
    )
    discount: Any = trait(
        {"normal": {"mean": 0.12, "sd": 0.03}},
        "1/year",
        "required return r: discounts own NAV, and is expected where a fraction costs its NAV; see equations",
        source="assumption; infrastructure and private credit funds ask 8-15 %",
        low=0.02,
        high=2.0,
    )
    drift: Any = trait(
        {"normal": {"mean": 0.25, "sd": 0.10}},
        "1/year",
        "own prior of the coin's drift",
        source="assumption; less disperse than households', Benetton & Compiani 2024",
        low=-3.0,
        high=3.0,
    )
    drift_weight: Any = trait(
        {"uniform": {"low": 0.0, "high": 0.30}},
        "1",
        "weight of the coin's past drift in the expected one",
        source="Greenwood & Shleifer 2014: chief financial officers extrapolate too",
        low=0.0,
        high=1.0,
    )
    drift_memory: Any = trait(
        {"uniform": {"low": 180.0, "high": 720.0}}, "days", "memory of the coin's drift", low=1.0, high=3_650.0
    )
    growth: Any = trait(
        {"normal": {"mean": 0.35, "sd": 0.05}},
        "1/year",
        "expected growth of difficulty",
        source="assumption; fall of the frontier's J/TH .27-.34 a year",
        low=-3.0,
        high=3.0,
    )
    wear: Any = trait(0.4, "1/year", "expected fall of what a rig fetches", low=0.0, high=5.0)
    opinion: Any = trait(0.05, "log", "standard deviation of lasting own opinions on single vaults", low=0.0, high=2.0)
    safe: Any = trait(0.045, "1/year", "safe rate", source="US Treasury bills 2023", low=0.0, high=1.0)
    least_volatility: Any = trait(
        0.5, "1/sqrt(year)", "least volatility reckoned with", source="coin: .69 in 2018-2024", low=0.01, high=5.0
    )
    cap: Any = trait(
        0.10,
        "1",
        "largest weight of one vault",
        source="10 % of one issuer: UCITS directive, article 52",
        low=0.0,
        high=1.0,
    )
    stake: Any = trait(
        0.25,
        "1",
        "largest part of a vault's supply that its desk buys up to",
        source="assumption; significant influence is presumed from 20 %, IAS 28.5",
        low=0.0,
        high=1.0,
    )
    invested: Any = trait(
        {"uniform": {"low": 0.5, "high": 0.95}}, "1", "most of its wealth in fractions; no leverage", low=0.0, high=1.0
    )
    var_limit: Any = trait(
        {"uniform": {"low": 0.10, "high": 0.20}},
        "1",
        "largest value at risk over wealth",
        source="assumption; UCITS caps absolute value at risk at .20 (99 %, 20 days), CESR 10-788",
        low=0.0,
        high=1.0,
    )
    var_days: Any = trait(10.0, "days", "horizon of value at risk", source="Basel Committee 1996", low=0.1, high=365.0)
    var_quantile: Any = trait(
        2.326, "1", "standard deviations of value at risk, 99 %", source="Basel Committee 1996", low=0.0, high=10.0
    )
    correlation: Any = trait(
        0.6,
        "1",
        "assumed correlation among vaults",
        source="assumption; one hashprice moves all rigs",
        low=0.0,
        high=1.0,
    )
    rebalance_days: Any = trait(91.0, "days", "time between rebalancings", source="quarterly", low=1.0, high=3_650.0)
    band: Any = trait(
        0.15, "1", "gap to the target, as part of it, that is left alone", source="Masters 2003: bands of 10-25 %",
        low=0.0, high=10.0,
    )  # fmt: skip
    participation: Any = trait(
        {"uniform": {"low": 0.01, "high": 0.04}},
        "1/day",
        "part of a pool's depth traded in a day",
        source="large orders are split to bound impact, Almgren & Chriss 2001; 4 % of depth moves a price by 8 %",
        low=0.0,
        high=1.0,
    )
    slippage: Any = trait(
        0.01,
        "1",
        "worst price accepted against the quote; an order's transaction fee is no larger part of it",
        low=0.001,
        high=1.0,
    )
    concession: Any = trait(
        {"uniform": {"low": 0.02, "high": 0.08}},
        "1",
        "what it gives way on the price in the batch auction",
        source="price effects of block trades of 1-5 %: Kraus & Stoll 1972; Holthausen, Leftwich & Mayers 1987",
        low=0.0,
        high=0.99,
    )
    margin: Any = trait(
        {"uniform": {"low": 0.05, "high": 0.20}},
        "1",
        "discount to own value at which it buys a whole offering",
        source="block discounts of 5-20 %: Wruck 1989 on private placements",
        low=0.0,
        high=0.99,
    )
    smallest: Any = trait(500.0, "USD", "smallest order; income coins worth this much are sold", low=0.0, high=1e9)


STATE = {  # columns that change, with their values for newcomers
    "drift_seen": 0.0,  # mean of the coin's log returns [per year]
    "coin_seen": 0.0,  # log price of the coin at the last look
    "looked": -1.0,  # day of the last look
}
