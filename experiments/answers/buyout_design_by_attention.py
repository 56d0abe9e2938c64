"""Which design of buy-outs takes vaults from holders who sleep, and what they lose."""

from typing import TYPE_CHECKING

import numpy as np

from experiments.answers.effects import between, levels
from experiments.answers.words import amount, average, is_clear, listed, moved

if TYPE_CHECKING:
    import pandas as pd

DESIGN, ATTENTION = "param.buyouts.design", "param.agents.retail_investor.attention"
OPENED, WON, LOST, PART = "buyouts.opened", "buyouts.succeeded", "buyouts.lost_to_raiders", "buyouts.holders_loss"
OR = "or"
NEEDS = (DESIGN, ATTENTION, OPENED, WON, LOST, PART)


def answer(table: "pd.DataFrame") -> str:
    """Losses by design among the sleepiest holders, then what waking them changes."""
    attentions, designs = levels(table, ATTENTION), levels(table, DESIGN)
    asleep, awake = (table[table[ATTENTION] == a] for a in (attentions[0], attentions[-1]))
    by_design = {design: asleep[asleep[DESIGN] == design] for design in designs}
    order = sorted(designs, key=lambda design: -by_design[design][LOST].mean())
    said, helped, same = [], [], []
    for design in order:
        rows = by_design[design]
        opened, won = rows[OPENED].mean(), rows[WON].mean()
        text = f"{design} {average(rows[LOST], design, 'USD')}, {amount(won)} of {amount(opened)} buy-outs won in a run"
        if not opened:
            text = f"{design} nothing, since no buy-out is opened"
        part = rows[PART].to_numpy(float)
        if np.isfinite(part).any():
            text += f", at a mean loss of {amount(float(np.nanmean(part)), '%')} of the appraisal"
        said.append(text)
        change = between(rows, awake[awake[DESIGN] == design], LOST)
        if is_clear(change.interval):
            helped.append(f"under {design} the loss {moved(change, 'USD')}")
        else:
            same.append(design)
    worst = between(by_design[order[1]], by_design[order[0]], LOST) if len(order) > 1 else None
    lead = ""
    if worst is not None and not is_clear(worst.interval):
        lead = f" {order[0]} and {order[1]} cannot be told apart."
    text = (
        f"Where holders look on {amount(attentions[0], '%')} of days, they lose to raiders, against the appraisal and by "
        f"design: {'; '.join(said)}.{lead} Where they look on {amount(attentions[-1], '%')} of days instead, "
        f"{'; '.join(helped) or 'no design shows a clear change'}"
    )
    return f"{text}{f'; no clear change under {listed(same, OR)}' if same and helped else ''}."
