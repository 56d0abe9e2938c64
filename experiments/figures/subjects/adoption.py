"""Adoption: who comes, who invited them, who gives up."""

from experiments.figures.panels import Lines

PLACE = 65
PANELS = (
    Lines("Members", (("adoption.members", "members"),), twin=("adoption.arrivals", "newcomers")),
    Lines(
        "Shares by word of mouth",
        (("adoption.invited", "invited"), ("adoption.recommending", "recommend")),
    ),
)
