"""Regulation: what the law refuses, and what is held under its cap."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.figures.panels import Lines, Picture
from experiments.figures.style import STYLES, compact

if TYPE_CHECKING:
    from experiments.figures.page import Page

PLACE = 60
KIND = "retail_investor"


class Held(NamedTuple):
    """Worth of fractions by retail investor who holds any, largest first, and the cap [USD]."""

    worth: NDArray[np.float64]
    cap: float

    def __len__(self) -> int:
        return self.worth.size


def holdings(page: "Page") -> Held | None:
    """What retail investors hold at the end; None where the law sets no cap."""
    regulation, vaults = page.mechanism("regulation"), page.mechanism("vaults")
    if regulation is None or vaults is None or regulation.params.retail_cap is None:
        return None
    people, ledger = page.market.populations[KIND], page.market.ledger
    accounts = people.account[: people.size]
    fractions = vaults.fraction[: vaults.n]
    fractions = fractions[fractions >= 0]
    worth = ledger.value[fractions] @ ledger.books.balances[np.ix_(fractions, accounts)]
    return Held(np.sort(worth[worth >= 1.0])[::-1], float(regulation.params.retail_cap))


def paint(axes: Axes, held: Held) -> None:
    """Holdings by rank with the cap."""
    axes.plot(np.arange(1, len(held) + 1), held.worth, color=STYLES[0][0])
    axes.axhline(held.cap, color="black", linewidth=0.6)
    axes.text(len(held), held.cap, f"cap {compact(held.cap)} ", va="bottom", ha="right", fontsize=6)
    axes.set_yscale("log")
    axes.set_ylim(1.0, 3.0 * max(held.cap, held.worth.max(initial=1.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(compact))
    axes.set_ylabel("USD in fractions")
    axes.set_xlabel("retail investors, largest first")
    axes.set_xlim(1, max(2, len(held)))
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(True, linewidth=0.25, alpha=0.5)
    axes.set_title("Retail holdings at the end")


PANELS = (
    Lines(
        "Purchases refused so far",
        (("regulation.refused", "all"), ("regulation.over_cap", "above the cap")),
        "so far",
        when=("regulation.refused",),
        zeros=False,
    ),
    Picture(holdings, paint),
    Lines(
        "Retail holdings",
        (("holdings.retail_largest", "largest"),),
        twin=("holdings.retail_top_tenth", "top tenth's part"),
        when=("regulation.over_cap",),
    ),
    Lines("Rigs that a ban keeps still", (("regulation.banned", "share"),), when=("regulation.banned",)),
    Lines("Institutions may buy", (("regulation.clear", "1 = yes"),), when=("regulation.clear",)),
)
