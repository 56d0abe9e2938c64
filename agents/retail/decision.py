"""What an awake retail investor wants: one pass over the cohort in a single kernel.

He updates drift, mood and rule; sells everything in a panic; otherwise he looks at one of his holdings and at some
vaults he has heard of. With expected excess return E = kappa ln(NAV/P) + r - safe (fundamentalist) or trend - safe
(chartist; ever fewer the further price is from value), plus herding times mood, the target weight is clip(E/(a sigma^2), 0, cap). He moves a part of the gap, and
only as far as the marginal gain h |E - a sigma^2 w| over his horizon h beats fee and slippage x/(R + x).
"""

import math
from typing import Any

import numpy as np

from agents.beliefs import chartist_probability, sobered, target_weight, trend_step
from agents.retail.portfolio import AHEAD, drawn, following, holding, look_ahead, remember
from agents.retail.traits import PORTFOLIO_BITS
from agents.rows import unsettled
from agents.sheet import (
    CLAIM,
    CLICK,
    COIN,
    COST,
    FEE,
    HALVING,
    INCOME,
    LIFE,
    OFFER,
    OFFER_LEFT,
    PRICE,
    PROFIT_CHARTIST,
    PROFIT_FUNDAMENTAL,
    RESERVE,
    RESERVE_USD,
    SALVAGE,
    SUBSIDY_SHARE,
    TREND,
    VARIANCE,
    WAITS,
)
from agents.valuation import one_of_many, until_halving
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.streams import normal, u01
from model.units import BTC, DAYS_PER_YEAR, TOKEN, USD

BUY, SELL = 0, 1
WIDTH = 7  # account | three or four own fields | status | filled, at most


@kernel
def decide(
    slots: Any,
    account: Any,
    alert: Any,
    table: Any,
    own: Any,
    balances: Any,
    wealth: Any,
    fraction: Any,
    receipt: Any,
    stake: Any,
    pledge: Any,
    open_vaults: Any,
    on_offer: Any,
    facts: Any,
    scalars: Any,
    indptr: Any,
    indices: Any,
    sentiment: Any,
    heard: Any,
    imitation: float,
    sentiment_days: float,
    elation: float,
    word_of_mouth: float,
    key: Any,
    opinion_key: Any,
    day: float,
    trades: Any,
    offers: Any,
    sales: Any,
    claims: Any,
    count: Any,
    moods: Any,
    picks: Any,
    edges: Any,
    known: Any,
) -> None:
    """Fill rows of trades, subscriptions, coin sales and claims on ended vaults; `count` gets how many of each.

    `table` are the rows behind the columns of `own`. `moods` (a number for each slot), `picks`, `edges` (by
    vault) and `known` are work space, see `look_ahead` and `one_of_many`; moods change together, at the end.
    """
    n_trades = n_offers = n_sales = n_claims = 0
    log_coin = math.log(scalars[COIN]) if scalars[COIN] > 0.0 else 0.0
    click = scalars[CLICK]
    for v in range(fraction.size):
        edges[v] = 0.0
        if facts[INCOME, v] > 0.0 and facts[COST, v] > 0.0:
            edges[v] = math.log(facts[INCOME, v] / facts[COST, v])
    for a in range(-AHEAD, slots.size):
        look_ahead(
            *(slots, a, account, table, own.portfolio, own.cursor, own.considered, balances, wealth),
            *(fraction, stake, pledge, open_vaults, on_offer, indptr, indices, sentiment, key, picks),
        )
        if a < 0:
            continue
        slot = slots[a]
        who = account[slot]
        cash = balances[USD_ASSET, who] / USD
        coins = balances[BTC_ASSET, who]
        worth = max(cash, wealth[who]) if who < wealth.size else cash
        # beliefs, mood, rule
        first = own.looked[slot] < 0.0
        elapsed = 0.0 if first else day - own.looked[slot]
        if not first:
            own.drift_seen[slot] = trend_step(
                own.drift_seen[slot], log_coin - own.coin_seen[slot], elapsed, own.drift_memory[slot]
            )
        mood = 0.0
        if who < sentiment.size:
            mood = sentiment[who]
            kept = math.exp(-elapsed / sentiment_days)
            felt = 0.0
            if own.wealth_seen[slot] > 0.0 and worth > 0.0:
                felt = elation * math.log(worth / own.wealth_seen[slot])
            near = picks[a % AHEAD, picks.shape[1] - 1]
            met = sentiment[near] if near >= 0 else mood
            mood = kept * mood + (1.0 - imitation) * felt + imitation * (1.0 - kept) * (met - mood)
            mood = min(max(mood, -1.0), 1.0)
        moods[a] = mood
        p = chartist_probability(own.intensity[slot], scalars[PROFIT_CHARTIST], scalars[PROFIT_FUNDAMENTAL])
        leaning = u01(key, slot, 0)
        own.chartist[slot] = 1.0 if leaning < p else 0.0
        own.coin_seen[slot], own.looked[slot], own.wealth_seen[slot] = log_coin, day, worth
        own.peak[slot] = max(own.peak[slot], worth)
        if cash < click:
            continue
        if coins > 0 and coins * scalars[COIN] / BTC >= own.harvest[slot] + click:
            sales[n_sales, 0], sales[n_sales, 1], sales[n_sales, 2] = who, SELL, coins
            n_sales += 1
        drift = own.drift_prior[slot] + own.drift_weight[slot] * own.drift_seen[slot]
        decay, rate = (own.growth[slot] - drift) / DAYS_PER_YEAR, own.discount[slot] / DAYS_PER_YEAR
        panic = worth < own.peak[slot] * (1.0 - own.tolerance[slot])
        looks = int(own.considered[slot])
        before, reckoned = n_trades + n_offers, False
        seen0, seen1 = -1, -1
        for j in range(looks):
            v = -1
            if j == 0 or panic:
                bits = np.int64(own.portfolio[slot])
                first = int(own.cursor[slot]) if own.cursor[slot] < fraction.size else 0
                for arc in range(2):
                    end = fraction.size if arc == 0 else first
                    place = following(bits, first if arc == 0 else 0, end)
                    while v < 0 and place < end:
                        if holding(balances, fraction[place], stake[place], pledge[place], who) > 0:
                            if facts[PRICE, place] > 0.0 or facts[CLAIM, place] > 0.0:
                                v = place
                                own.cursor[slot] = place + 1
                        elif place < PORTFOLIO_BITS and (receipt[place] < 0 or balances[receipt[place], who] == 0):
                            bits &= ~(np.int64(1) << place)
                        place = following(bits, place + 1, end)
                own.portfolio[slot] = bits
                if panic and (v < 0 or v == seen0):
                    own.peak[slot] = worth
                    own.attention[slot] *= 1.0 - own.discouragement[slot]
                    break
            if panic and j == looks - 1:
                alert[slot] = True
            if v < 0:
                v = picks[a % AHEAD, j] if j > 0 else drawn(key, slot, j, looks, open_vaults, on_offer)
                advertised = j == looks - 1 and on_offer.size > 0
                unheard = v >= 0 and not advertised and u01(opinion_key, slot, 2 * v) >= own.awareness[slot]
                if unheard and holding(balances, fraction[v], stake[v], pledge[v], who) <= 0:
                    continue
            if v < 0 or v in (seen0, seen1):
                continue
            if j == 0:
                seen0 = v
            else:
                seen1 = v
            held, fee = holding(balances, fraction[v], stake[v], pledge[v], who), facts[FEE, v]
            if facts[CLAIM, v] > 0.0:
                claims[n_claims, 0], claims[n_claims, 1], claims[n_claims, 2] = who, v, held
                n_claims += 1
                continue
            price = facts[PRICE, v]
            if panic:
                quote = price * (1.0 - fee) * (held / TOKEN) * facts[RESERVE, v] / (facts[RESERVE, v] + held / TOKEN)
                trades[n_trades, 0], trades[n_trades, 1], trades[n_trades, 2] = who, v, SELL
                trades[n_trades, 3], trades[n_trades, 4] = held, int(quote * USD * (1.0 - 2.0 * own.slippage[slot]))
                n_trades += 1
                continue
            offer = facts[OFFER, v]
            primary = offer > 0.0 and facts[OFFER_LEFT, v] > 0.0 and (price <= 0.0 or offer <= price * (1.0 + fee))
            if price <= 0.0:
                price = offer
            if price <= 0.0:
                continue
            # value and target
            if not reckoned:
                until_halving(decay, rate, own.wear[slot] / DAYS_PER_YEAR, scalars[HALVING], known)
                reckoned = True
            value = one_of_many(
                edges[v],
                facts[INCOME, v],
                facts[COST, v],
                facts[LIFE, v],
                facts[SALVAGE, v],
                own.wear[slot] / DAYS_PER_YEAR,
                scalars[WAITS] > 0.0,
                decay,
                rate,
                scalars[HALVING],
                scalars[SUBSIDY_SHARE],
                known,
            )
            value *= math.exp(own.opinion[slot] * normal(opinion_key, slot, 2 * v + 1))
            if primary:
                if value <= offer:
                    continue
                price = offer
            cheap, excess = 0.0, -own.pull[slot]
            if value > 0.0:  # see `agents.beliefs.reversion`
                cheap = math.log(value / price)
                excess = own.pull[slot] * cheap + own.discount[slot] - own.safe[slot]
            trendy = leaning < p and value > 0.0 and not primary
            if trendy and leaning < p * sobered(cheap, own.sobriety[slot]):
                excess = own.extrapolation[slot] * facts[TREND, v] - own.safe[slot]
            excess += own.herding[slot] * mood
            variance = max(facts[VARIANCE, v], own.least_volatility[slot] * own.least_volatility[slot])
            risk = own.risk_aversion[slot]
            target = target_weight(excess, risk, variance, own.cap[slot])
            if primary and receipt[v] >= 0:
                held += balances[receipt[v], who]
            has = held / TOKEN * price
            gap = target * worth - has
            gain = own.horizon[slot] * abs(excess - risk * variance * (has / worth if worth > 0.0 else 0.0))
            smallest = own.smallest[slot]
            if gap > 0.0:
                spend = min(own.pace[slot] * gap, cash - 2.0 * click)
                if primary:
                    spend = min(spend, facts[OFFER_LEFT, v] * offer)
                    if spend >= smallest and gain * spend > click:
                        offers[n_offers, 0], offers[n_offers, 1] = who, v
                        limit = min(value, offer * (1.0 + own.slippage[slot]))  # a price that rises with what is sold
                        offers[n_offers, 2], offers[n_offers, 3] = int(spend / offer * TOKEN), int(limit * USD + 0.5)
                        n_offers += 1
                        remember(own.portfolio, slot, v)
                        cash -= spend + click
                    continue
                spare = gain - fee
                if spare <= 0.0:
                    continue
                depth = facts[RESERVE_USD, v]
                slip = min(spare, own.impact[slot])
                spend = min(spend, depth * slip / (1.0 - slip))
                if spend < smallest or spare * spend <= click:
                    continue
                net = spend * (1.0 - fee)
                quote = facts[RESERVE, v] * net / (depth + net)
                trades[n_trades, 0], trades[n_trades, 1], trades[n_trades, 2] = who, v, BUY
                trades[n_trades, 3] = int(spend * USD)
                trades[n_trades, 4] = int(quote * TOKEN * (1.0 - own.slippage[slot]))
                n_trades += 1
                remember(own.portfolio, slot, v)
                cash -= spend + click
            elif held > 0 and facts[PRICE, v] > 0.0:
                spare = gain - fee
                if spare <= 0.0:
                    continue
                slip = min(spare, own.impact[slot])
                depth = facts[RESERVE, v]
                amount = min(own.pace[slot] * -gap / price, held / TOKEN, depth * slip / (1.0 - slip))
                if has <= 2.0 * smallest and target == 0.0:
                    amount = held / TOKEN
                if spare * amount * price <= click or (amount * price < smallest and amount * TOKEN < held):
                    continue
                net = amount * (1.0 - fee)
                quote = facts[RESERVE_USD, v] * net / (depth + net)
                trades[n_trades, 0], trades[n_trades, 1], trades[n_trades, 2] = who, v, SELL
                trades[n_trades, 3] = min(int(amount * TOKEN), held)
                trades[n_trades, 4] = int(quote * USD * (1.0 - own.slippage[slot]))
                n_trades += 1
        if n_trades + n_offers > before and who + 1 < indptr.size and word_of_mouth > 0.0:
            for e in range(indptr[who], indptr[who + 1]):
                if u01(key, indices[e], 64 + slot) < word_of_mouth:
                    heard[indices[e]] = True
    for a in range(slots.size):
        if account[slots[a]] < sentiment.size:
            sentiment[account[slots[a]]] = moods[a]
    unsettled(trades, n_trades)
    unsettled(offers, n_offers)
    unsettled(sales, n_sales)
    unsettled(claims, n_claims)
    count[0], count[1], count[2], count[3] = n_trades, n_offers, n_sales, n_claims
