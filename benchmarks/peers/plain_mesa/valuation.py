"""What a fraction is worth, and what anybody can see of a vault in the morning."""

from collections.abc import Sequence
from math import exp, expm1, log
from typing import Any


def net_asset_value(
    vault: Any, decay: float, rate: float, wear: float, cuts: Sequence[tuple[float, float, float]], waits: bool
) -> float:
    """Worth of one fraction's income with rates per day; `cuts` are halvings: day, what is left of income, its log.

    The same sum as `agents.valuation.present_value`; it stops at the halving after which the rig can never pay again.
    """
    level, cost, life, edge = vault.income, vault.cost, vault.life, vault.edge
    value = end = start = 0.0
    both = rate + decay
    for stop, cut, log_cut in cuts:
        if stop > life:
            stop = life
        span = stop - start
        if span > 0.0:
            begin, finish = 0.0, span
            if cost > 0.0:
                if decay > 0.0:
                    finish = edge / decay
                    if finish > span:
                        finish = span
                elif edge < 0.0:
                    begin = edge / decay if decay < 0.0 else span
            if finish > begin:
                runs = finish - begin
                earned = level * (-expm1(-both * runs) / both if both else runs)
                if begin:
                    earned *= exp(-decay * begin)
                earned += cost * expm1(-rate * runs) / rate
                value += earned * exp(-rate * (start + begin)) if start or begin else earned
                end = start + finish
        if stop >= life:
            break
        fall = decay * span
        edge += log_cut - fall
        if edge <= 0.0 <= decay and cost > 0.0:
            break
        level *= cut * exp(-fall)
        start = stop
    return value + vault.salvage * exp(-(rate + wear) * (life if waits else end))


def look(vault: Any, m: Any) -> tuple[float, float]:
    """Take the morning's figures; what both rules of expectation would have earned here since yesterday."""
    typical = m.typical
    vault.price = vault.usd / vault.fractions if vault.status == "live" and vault.fractions > 0.0 else 0.0
    vault.depth_usd, vault.depth = vault.usd, vault.fractions
    per_fraction = (vault.th + vault.coming) / vault.supply
    vault.income = m.hashprice * per_fraction
    vault.cost = (vault.cost_per_th or m.rig_market.new_cost) * per_fraction
    vault.edge = log(vault.income / vault.cost) if vault.income > 0.0 < vault.cost else 0.0
    vault.life = max(0.0, vault.born + vault.term - m.day) if vault.status == "live" else vault.term
    vault.salvage = 0.0 if vault.lent else m.rig_market.resale(vault.efficiency) * per_fraction
    decay, rate = (typical["growth"] - typical["drift_prior"]) / 365.0, typical["discount"] / 365.0
    vault.nav = net_asset_value(vault, decay, rate, typical["wear"] / 365.0, m.cuts, m.waits)
    vault.move = 0.0
    if vault.price <= 0.0:
        return 0.0, 0.0
    vault.past.append(vault.price)
    window = vault.past[-m.twap_ticks :]
    vault.twap = sum(window) / len(window)
    log_now, least, earned = log(vault.price), typical["least_volatility"] ** 2, [0.0, 0.0]
    risk, safe, cap = typical["risk_aversion"], typical["safe"], typical["cap"]
    if vault.log_last == vault.log_last:
        gain = vault.move = log_now - vault.log_last + vault.smooth / vault.price
        kept = exp(-1.0 / m.trend_days)
        vault.trend = vault.trend * kept + (1.0 - kept) * gain * 365.0
        vault.variance = vault.variance * kept + (1.0 - kept) * gain * gain * 365.0
        variance = max(vault.variance, least)
        for i, z in enumerate((vault.by_value, vault.by_trend)):
            earned[i] = z * (gain - safe / 365.0) - 0.5 * risk * variance * z * z / 365.0
    vault.log_last = log_now
    scale = risk * max(vault.variance, least)
    excess = typical["pull"] * log(vault.nav / vault.price) + typical["discount"] - safe if vault.nav > 0.0 else -1.0
    by_value = min(max(excess / scale, 0.0), cap)
    by_trend = min(max((typical["extrapolation"] * vault.trend - safe) / scale, 0.0), cap)
    earned[0] -= m.fee * abs(by_value - vault.by_value)
    earned[1] -= m.fee * abs(by_trend - vault.by_trend)
    vault.by_value, vault.by_trend = by_value, by_trend
    return earned[0], earned[1]
