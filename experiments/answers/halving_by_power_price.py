"""What a halving does to rigs that run and to miners who cannot pay, by price of power."""

from typing import TYPE_CHECKING

from experiments.answers.effects import between, levels
from experiments.answers.words import amount, average, is_clear, listed, moved

if TYPE_CHECKING:
    import pandas as pd

LEVEL, HALVED = "param.power.level", "param.network.halvings"
RUNNING, FAILED, RETURN = "rigs.running", "insolvency.miners", "holders.miner_return"
NEEDS = (LEVEL, HALVED, RUNNING, FAILED, RETURN)
PRICE = 0.045  # USD/kWh, the median power price of sites at level 1 [Cambridge 2025]


def answer(table: "pd.DataFrame") -> str:
    """Where the halving shows, in rigs switched off and in rigs seized, then what it costs miners."""
    said, ruined, steps = [], [], levels(table, LEVEL)
    pairs = {}
    for level in steps:
        rows = table[table[LEVEL] == level]
        pairs[level] = rows[~rows[HALVED].astype(bool)], rows[rows[HALVED].astype(bool)]
        off = between(*pairs[level], RUNNING)
        if is_clear(off.interval):
            said.append(f"at {PRICE * level:.3f} USD/kWh the share of rigs that run {moved(off, '%')}")
        bills = between(*pairs[level], FAILED)
        if is_clear(bills.interval):
            ruined.append(f"at {PRICE * level:.3f} USD/kWh the number of miners whose rigs are seized {moved(bills)}")
    span = f"{PRICE * steps[0]:.3f} to {PRICE * steps[-1]:.3f} USD/kWh (median of sites)"
    none = (
        f"at none of {len(steps)} power prices from {span} does the halving change the share of rigs that run clearly"
    )
    text = f"Against the same weeks without a halving, {'; '.join(said) or none}"
    quiet = [f"{PRICE * s:.3f}" for s in steps if not any(f"at {PRICE * s:.3f}" in line for line in said)]
    if said and quiet:
        text += f"; at {listed(quiet)} there is no clear effect"
    dear = pairs[steps[-1]]
    if ruined:
        text += f". Unpaid bills: {'; '.join(ruined)}"
    elif not table[FAILED].any():
        text += f". No miner's rigs are seized in any of {len(table)} runs, with or without it"
    else:
        text += (
            f". On miners whose rigs are seized the halving has no clear effect at any price: at "
            f"{PRICE * steps[-1]:.3f} USD/kWh there are {average(dear[0][FAILED], 'without')} without and "
            f"{average(dear[1][FAILED], 'with')} with it"
        )
    costs = between(*pairs[steps[0]], RETURN), between(*dear, RETURN)
    where = (f"at {PRICE * steps[0]:.3f} USD/kWh", f"at {PRICE * steps[-1]:.3f}")
    lost = [f"{moved(cost, '%')} {place}" for cost, place in zip(costs, where, strict=True)]
    cheap = amount(float(pairs[steps[0]][1][RUNNING].mean()), "%")
    return (
        f"{text}. Miners' return on what they brought in {listed(lost)}. The shares are means over the whole run; with "
        f"the halving {cheap} of rigs run on average where power is cheapest."
    )
