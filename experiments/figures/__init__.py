"""A run on one page: small multiples of whatever the scenario recorded.

Panels live in `experiments.figures.subjects`, one file for each subject, found by scanning: a file with a number `PLACE`
on the page and `PANELS`, each of which knows the metrics it needs. A new figure is a new file, or a panel in one.
"""

from experiments.figures.page import Page, draw
from experiments.figures.panels import Lines, Picture, choose, panels
from experiments.figures.style import compact

__all__ = ["Lines", "Page", "Picture", "choose", "compact", "draw", "panels"]
