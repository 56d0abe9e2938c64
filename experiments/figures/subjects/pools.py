"""Mining pools: who is how large, what they charge, what their members earn."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from experiments.figures.panels import Lines, Picture
from experiments.figures.style import bars

if TYPE_CHECKING:
    from experiments.figures.page import Page

PLACE = 50
CHOICE = ("payout.moves",)  # pools are shown in full where miners choose them


def sizes(page: "Page") -> dict[str, float] | None:
    """Share of the network of each pool at the end, its scheme and fee in its name; none where nobody ever moved."""
    payout = page.mechanism("payout")
    if payout is None or not page.moving.intersection(CHOICE):
        return None
    names = zip(payout.names, payout.schemes, payout.fee.tolist(), strict=True)
    labels = [f"{name}, {scheme.replace('_', ' ')}, fee {fee:.1%}:" for name, scheme, fee in names]
    found = dict(zip(labels, payout.size.tolist(), strict=True))
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


def paint(axes: Axes, found: dict[str, float]) -> None:
    """Bars by pool."""
    bars(axes, found, "share of the network", "Mining pools at the end", "{:.1%}".format)
    axes.set_xlim(0, 2.6 * max(found.values()))


PANELS = (
    Lines("Coins mined here, per tick", (("payout.paid", "paid"),)),
    Picture(sizes, paint),
    Lines("Concentration of pools", (("payout.largest", "largest"), ("payout.herfindahl", "Herfindahl")), when=CHOICE),
    Lines("Pool fees", (("payout.fee", "mean fee"),), when=CHOICE),
    Lines("Moves between pools so far", (("payout.moves", "moves"),), "so far", when=CHOICE),
    Lines(
        "Pay over mean worth of work",
        (("payout.earned", "all pools"), ("payout.earned_least", "least")),
        when=CHOICE,
        level=1.0,
    ),
    Lines("Pool operators' reserves", (("payout.reserve", "coins"),), twin=("payout.ruined", "ruined"), when=CHOICE),
)
