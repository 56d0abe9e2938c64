"""What an awake retail investor wants: one pass over the cohort in a single kernel.

He updates drift, mood and rule; sells everything in a panic, which lasts until nothing that trades is left; otherwise he
looks at one of his holdings and at some vaults he has heard of. With expected excess return E = kappa ln(NAV/P) + r - safe
(fundamentalist) or trend - safe (chartist; ever fewer the further price is from value), plus herding times mood, the target
weight is clip(E/(a sigma^2), 0, cap). He moves a part of the gap, and only as far as the marginal gain h |E - a sigma^2 w|
over his horizon h beats fee and slippage x/(R + x).
"""

import math
from typing import Any

from agents.beliefs import chartist_probability
from agents.retail.appraisal import appraise, excess_return, marginal_gain, rates, variance_of, wanted_part
from agents.retail.mood import feel
from agents.retail.portfolio import AHEAD, drawn, holding, in_turn, look_ahead, looked_at, remember
from agents.retail.trading import buy, flee, sell, subscribe
from agents.rows import claim, sell_coins
from agents.sheet import (
    CLAIM,
    CLICK,
    COIN,
    COST,
    FEE,
    HALVING,
    INCOME,
    OFFER,
    OFFER_LEFT,
    PRICE,
    PROFIT_CHARTIST,
    PROFIT_FUNDAMENTAL,
    Seen,
)
from agents.valuation import until_halving
from model.jit import kernel
from model.ledger import BTC_ASSET, USD_ASSET
from model.sheaf import Sheaf
from model.streams import u01
from model.units import DAYS_PER_YEAR, TOKEN, USD


class Circle(Sheaf):
    """Whom investors know, what all feel, and how moods and rumours spread; see `[social]`."""

    indptr: Any
    indices: Any
    sentiment: Any
    heard: Any
    imitation: Any
    sentiment_days: Any
    elation: Any
    word_of_mouth: Any


@kernel
def decide(
    slots: Any,
    account: Any,
    alert: Any,
    table: Any,
    own: Any,
    balances: Any,
    wealth: Any,
    seen: Seen,
    open_vaults: Any,
    on_offer: Any,
    circle: Circle,
    key: Any,
    opinion_key: Any,
    day: float,
    rows: Any,
    count: Any,
    space: Any,
) -> None:
    """Fill rows of trades, subscriptions, coin sales and claims on ended vaults.

    Moods change together, at the end.

    Args:
        table: rows behind the columns of `own`
        open_vaults, on_offer: vaults that are traded or on offer, and those of them on offer
        key, opinion_key: of the tick's draws, and of lasting opinions
        rows: out, matrices of each; count: out, how many of each
        space: work space: moods by place in `slots`, `picks` of `look_ahead`, `edges` and `known` of `appraise`
    """
    trades, offers, sales, claims = rows
    moods, picks, edges, known = space
    fraction, receipt, stake, pledge = seen.fraction, seen.receipt, seen.stake, seen.pledge
    facts, scalars = seen.facts, seen.scalars
    indptr, indices, sentiment, heard = circle.indptr, circle.indices, circle.sentiment, circle.heard
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
        worth = max(cash, wealth[who]) if who < wealth.size else cash
        near = picks[a % AHEAD, picks.shape[1] - 1]
        met = sentiment[near] if near >= 0 else math.nan
        mood = sentiment[who] if who < sentiment.size else math.nan
        mood = feel(own, slot, day, log_coin, worth, mood, met, circle.sentiment_days, circle.elation, circle.imitation)
        moods[a] = mood
        p = chartist_probability(own.intensity[slot], scalars[PROFIT_CHARTIST], scalars[PROFIT_FUNDAMENTAL])
        leaning = u01(key, slot, 0)
        own.chartist[slot] = 1.0 if leaning < p else 0.0
        if cash < click:
            continue
        n_sales = sell_coins(sales, n_sales, who, balances[BTC_ASSET, who], scalars[COIN], own.harvest[slot] + click)
        decay, rate = rates(own, slot)
        panic = worth < own.peak[slot] * (1.0 - own.tolerance[slot])
        looks = min(int(own.considered[slot]), picks.shape[1] - 1)
        before, reckoned = n_trades + n_offers, False
        row = picks[a % AHEAD]
        for j in range(looks):
            v = -1
            if j == 0 or panic:
                v = in_turn(own, slot, who, balances, fraction, receipt, stake, pledge, facts)
                if panic and v < 0:
                    own.peak[slot] = worth
                    own.attention[slot] *= 1.0 - own.discouragement[slot]
                    break
                if panic and j > 0 and v == row[0]:
                    alert[slot] = True
                    break
            if panic and j == looks - 1:
                alert[slot] = True
            if v < 0:
                v = row[j] if j > 0 else drawn(key, slot, j, looks, open_vaults, on_offer)
                advertised = j == looks - 1 and on_offer.size > 0
                unheard = v >= 0 and not advertised and u01(opinion_key, slot, 2 * v) >= own.awareness[slot]
                if unheard and holding(balances, fraction[v], stake[v], pledge[v], who) <= 0:
                    row[j] = -1
                    continue
            again = looked_at(row, j, v)
            row[j] = -1 if again else v
            if v < 0 or again:
                continue
            held, fee = holding(balances, fraction[v], stake[v], pledge[v], who), facts[FEE, v]
            if facts[CLAIM, v] > 0.0:
                n_claims = claim(claims, n_claims, who, v, held)
                continue
            price = facts[PRICE, v]
            if panic:
                n_trades = flee(own, slot, who, v, facts, trades, n_trades, held)
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
            value = appraise(own, slot, v, facts, scalars, edges, decay, rate, opinion_key, known)
            if primary:
                if value <= offer:
                    continue
                price = offer
            excess = excess_return(own, slot, v, facts, value, price, not primary, leaning, p)
            excess += own.herding[slot] * mood
            variance = variance_of(own, slot, v, facts)
            target = wanted_part(own, slot, excess, variance)
            if primary and receipt[v] >= 0:
                held += balances[receipt[v], who]
            has = held / TOKEN * price
            gap = target * worth - has
            gain = marginal_gain(own, slot, excess, variance, has / worth if worth > 0.0 else 0.0)
            spent = 0.0
            if gap > 0.0 and primary:
                spent = subscribe(own, slot, who, v, facts, offers, n_offers, value, gap, gain, cash, click)
                n_offers += spent > 0.0
            elif gap > 0.0:
                spent = buy(own, slot, who, v, facts, trades, n_trades, gap, gain, cash, click)
                n_trades += spent > 0.0
            elif held > 0 and facts[PRICE, v] > 0.0:
                rest = target == 0.0 and has <= 2.0 * own.smallest[slot]
                n_trades = sell(own, slot, who, v, facts, trades, n_trades, price, gap, gain, held, rest, click)
            if spent > 0.0:
                remember(own.portfolio, slot, v)
                cash -= spent + click
        if n_trades + n_offers > before and who + 1 < indptr.size and circle.word_of_mouth > 0.0:
            for e in range(indptr[who], indptr[who + 1]):
                if u01(key, indices[e], 64 + slot) < circle.word_of_mouth:
                    heard[indices[e]] = True
    for a in range(slots.size):
        if account[slots[a]] < sentiment.size:
            sentiment[account[slots[a]]] = moods[a]
    count[0], count[1], count[2], count[3] = n_trades, n_offers, n_sales, n_claims
