"""Money: the largest flows of dollars into and out of the marketplace's agents."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from experiments.figures.panels import Picture
from experiments.figures.style import bars
from model.units import USD

if TYPE_CHECKING:
    from experiments.figures.page import Page

PLACE = 95
LARGEST_FLOWS = 8
OUTSIDE = {"rest_of_network"}  # so large that nothing else would be seen


def spending(page: "Page") -> dict[str, float]:
    """Largest flows of dollars into and out of agents by kind, the opening left out [USD]."""
    flows, sectors = page.flows, set(page.scenario.agents) - OUTSIDE
    ours = flows["from"].isin(sectors) | flows["to"].isin(sectors)
    moved = flows[ours & (flows["asset"] == "usd") & (flows["tick"] >= 0) & (flows["from"] != flows["to"])]
    totals = moved.groupby("kind")["amount"].sum().sort_values(ascending=False)
    return {str(kind): amount / USD for kind, amount in totals.head(LARGEST_FLOWS).items()}


def paint(axes: Axes, money: dict[str, float]) -> None:
    """Bars by kind of flow."""
    bars(axes, money, "USD", "Dollars moved since the opening")


PANELS = (Picture(spending, paint),)
