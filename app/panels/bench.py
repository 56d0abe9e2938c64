"""Mesa's page inside ours: where its controls go, and our charts as its components."""

from collections.abc import Callable
from typing import Any

import solara
from mesa.visualization.utils import update_counter
from solara.components.applayout import appbar_portal, apptitle_portal, sidebar_portal

from app import store
from app.lab import Lab
from app.options import USUAL_HEIGHT, Chart
from app.panels.figures import Figure
from app.parts import monitors, tag
from app.snapshot import monitors as numbers


@solara.component
def Bench(children: list[Any] = []) -> Any:  # noqa: B006
    """A place for what `SolaraViz` puts into a sidebar; our own head stands for its title and theme switch."""
    side = sidebar_portal.use_portal()
    appbar_portal.use_portal()
    apptitle_portal.use_portal()
    return tag(
        "div",
        [
            tag("aside", side, "rs-lab-side", **{"aria-label": "Controls"}),
            tag("div", children, "rs-lab-main"),
        ],
        "rs-explore rs-lab",
    )


def drawing(chart: Chart) -> Callable[[Any], Any]:
    """A chart of Explore as a component of Mesa's page, no higher than a place of its grid."""
    small = chart._replace(height=min(chart.height, USUAL_HEIGHT))

    @solara.component
    def Drawn(model: Lab) -> Any:
        frame = looked_at(model)
        if not frame:
            return tag("p", ["This market is closed."], "rs-empty")

        def paths() -> dict[str, list[float]]:
            known = {name: model.recorder.path(name) for name in model.recorder.latest} | {"nav": model.nav}
            return {name: list(known[name]) for name in chart.metrics if name in known}

        return Figure(small, frame, store.dark.value, paths=paths)

    return Drawn  # type: ignore[no-any-return]


def looked_at(model: Lab) -> Any:
    """The market's frame, drawn anew after each step; a step between drawing and listening to steps is not missed."""
    _ = update_counter.get()
    frame = model.frame()
    _, set_tick = solara.use_state(0)
    solara.use_effect(lambda: set_tick(model.frame().get("tick", 0)))
    return frame


@solara.component
def Numbers(model: Lab) -> Any:
    """Numbers in words."""
    frame = looked_at(model)
    said = [tag("p", [model.complaint], "rs-note", role="alert")] if model.complaint else []
    return tag("div", [*said, *([monitors(numbers(frame))] if frame else [])])
