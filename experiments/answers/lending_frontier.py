"""How much can be borrowed for how bad a tail: the ends of the frontier, from `trials.csv` of the search."""

from typing import TYPE_CHECKING, Any

from experiments.answers.words import amount, ends

if TYPE_CHECKING:
    import pandas as pd

LOSS, DEBT = "es75(lending.lost_depositors)", "mean(lending.debt)"
RULES = ("lending.loan_to_value", "lending.threshold", "lending.bonus", "lending.cap_share")
NEEDS = (LOSS, DEBT, "frontier", "stays", f"fresh {LOSS}", f"fresh {DEBT}", *RULES)


def answer(table: "pd.DataFrame") -> str:
    """Safest and largest place of the frontier under fresh seeds, and what holds them together.

    Args:
        table: one row a trial, as `optimise` writes it
    """
    won = table[table["frontier"].astype(bool)].dropna(subset=[f"fresh {LOSS}"])
    if won.empty:
        return "No place that was tried keeps within the limit, or none could be run again under fresh seeds."
    kept = won[won["stays"].astype(bool)]
    if kept.empty:
        return f"None of the {len(won)} places that the search found keeps within the limit under fresh seeds."
    ordered = kept.sort_values(f"fresh {DEBT}")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    text = (
        f"{len(table)} places were tried, the search took {len(won)} for the frontier, and {len(kept)} stay on it under "
        f"seeds that it never saw. Of these the most cautious carries {span(low, DEBT)} of debt, and depositors lose "
        f"{span(low, LOSS)} on average in the worst quarter of runs ({rules(low)}). The boldest carries {span(high, DEBT)} and loses {span(high, LOSS)} ({rules(high)})"
    )
    apart = (
        low[f"fresh {LOSS} high"] < high[f"fresh {LOSS} low"] or high[f"fresh {LOSS} high"] < low[f"fresh {LOSS} low"]
    )
    if len(kept) > 1 and not apart:
        text += ". Their losses cannot be told apart with so few runs"
    flattered = (won[f"fresh {LOSS}"] > won[LOSS]).sum()
    return f"{text}. Afresh {flattered} of {len(won)} places lose more than in the search, as winners of a search do."


def span(row: Any, name: str) -> str:
    """A fresh number with its interval."""
    low, high = row[f"fresh {name} low"], row[f"fresh {name} high"]
    return f"{amount(row[f'fresh {name}'], 'USD')} (95 % interval {ends(low, high, 'USD')})"


def rules(row: Any) -> str:
    """Parameters of a place."""
    return ", ".join(f"{name.rsplit('.', 1)[1].replace('_', ' ')} {amount(float(row[name]))}" for name in RULES)
