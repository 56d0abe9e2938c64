"""One side of a page that runs more than the tab's market: which scenario, and parameters set from its start."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from app.address import Setup, load
from app.panels.controls import names
from app.panels.turning import row
from app.parts import tag
from app.sliders import Slider, sliders
from app.widgets import Select, SliderBox


@solara.component
def Side(title: str, setup: Setup, on_setup: Callable[[Setup], None], word: str = "", label: str = "") -> Any:
    """A scenario and its parameters; what is changed is told as another setup.

    Args:
        title: heading, and opening of all labels
        setup: as it is
        on_setup: told the setup that is wanted
        word: further word beside the heading
        label: of the choice of a scenario
    """
    found = solara.use_memo(lambda: sliders(load(setup.scenario), setup), [setup.scenario, setup.in_force()])
    known = {slider.path: slider for slider in found}
    moved = sum(slider.value != slider.default for slider in found)

    def choose(name: str) -> None:
        on_setup(replace(setup, scenario=name, settings=(), changes=()))

    def turn(path: str, value: float) -> None:
        on_setup(turned(setup, known[path], value))

    def back() -> None:
        on_setup(replace(setup, settings=(), changes=()))

    rows = [row(slider, None) | {"hint": f"default {slider.text(slider.default)}"} for slider in found]
    changed = bool(moved or setup.settings or setup.changes)
    box = SliderBox(f"Parameters of {title}" if not label else "Parameters", rows, changed, turn, back)
    words = f"Parameters ({moved} changed)" if moved else "Parameters"
    head = [tag("h2", [title]), *([tag("span", [word], "rs-hint")] if word else [])]
    parts = [
        tag("div", head, "rs-head"),
        Select(label or f"Scenario of {title}", setup.scenario, names(), choose),
        tag("details", [tag("summary", [words], "rs-label"), box]),
    ]
    return tag("section", parts, "rs-card rs-side", **{"aria-label": title})


def turned(setup: Setup, slider: Slider, shown: float) -> Setup:
    """The setup with one slider elsewhere; at its default a parameter is not set at all."""
    values = setup.in_force()
    values.pop(slider.path, None)
    if shown != slider.default:
        values[slider.path] = slider.own(shown)
    return setup.anew(values)
