"""Sliders of a scenario: live ones act from the next tick on, the others begin the run anew."""

from collections.abc import Mapping
from typing import Any

import solara

from app.address import Setup, load
from app.session import Session
from app.sliders import Slider, sliders
from app.widgets import SliderBox

WAITS = "from the next tick"


def row(slider: Slider, waiting: Any) -> dict[str, Any]:
    """A slider as the browser draws it; `waiting` is a value that the market has not yet taken."""
    acts = "acts at once" if slider.live else "starts anew"
    return {
        "path": slider.path,
        "label": slider.label,
        "unit": slider.unit,
        "meaning": slider.meaning,
        "low": slider.low,
        "high": slider.high,
        "step": slider.step,
        "value": slider.value if waiting is None else float(waiting) * slider.factor,
        "mark": "" if waiting is None else WAITS,
        "hint": f"default {slider.text(slider.default)} · {acts}",
    }


@solara.component
def Sliders(session: Session, setup: Setup, pending: Mapping[str, Any]) -> Any:
    """All sliders of the run, with units and defaults."""
    found = solara.use_memo(lambda: sliders(load(setup.scenario), setup), [setup.scenario, setup.in_force()])
    known = {slider.path: slider for slider in found}
    moved = any(slider.value != slider.default for slider in found) or bool(pending)

    def turned(path: str, value: float) -> None:
        slider = known[path]
        if slider.live:
            session.change(path, slider.own(value))
        else:
            session.restart({path: slider.own(value)})

    def back() -> None:
        session.open(Setup(setup.scenario, setup.seed))

    rows = [row(slider, pending.get(slider.path)) for slider in found]
    return SliderBox("Parameters", rows, moved, turned, back)
