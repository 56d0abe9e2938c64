"""Whether the shape of an emission matters where all shapes give out the same number of tokens."""

from typing import TYPE_CHECKING

from experiments.answers.effects import between
from experiments.answers.words import average, is_clear, listed, moved

if TYPE_CHECKING:
    import pandas as pd

SCHEDULE = "param.farms.chef.schedule"
PRICE, STAKED, MERCENARY, EMITTED = "farms.token_price", "farms.staked_usd", "farms.mercenary_share", "farms.emitted"
WATCHED = ((STAKED, "worth of stakes, mean of the run,", "USD"), (PRICE, "the token's price at the end", "USD"))
NEEDS = (SCHEDULE, PRICE, STAKED, MERCENARY, EMITTED)
REFERENCE = "constant"


def answer(table: "pd.DataFrame") -> str:
    """Each schedule against an even emission, in stakes and in the token's price."""
    rows = {str(label): part for label, part in table.groupby("label", sort=False)}
    first = next((k for k, part in rows.items() if part[SCHEDULE].iloc[0] == REFERENCE), next(iter(rows)))
    even, said, silent = rows[first], [], []
    for metric, words, unit in WATCHED:
        found = {label: between(even, part, metric) for label, part in rows.items() if label != first}
        clear = [label for label, change in found.items() if is_clear(change.interval)]
        said += [f"with “{label}” {words} {moved(found[label], unit)}" for label in clear]
        if not clear:
            silent.append(words.split(",")[0])
    text = f"Against an even emission (“{first}”): {'; '.join(said) or 'no schedule shows a clear difference'}"
    if silent and said:
        text += f". No schedule has a clear effect on {listed(silent, 'or')}"
    tokens = sorted(part[EMITTED].mean() for part in rows.values())
    return (
        f"{text}. With an even emission {average(even[STAKED], 'staked', 'USD')} is staked, the token ends at "
        f"{average(even[PRICE], 'price', 'USD')}, and {average(even[MERCENARY], 'mercenary', '%')} of stakes is "
        f"mercenary. The schedules emitted {tokens[0]:,.0f} to {tokens[-1]:,.0f} tokens."
    )
