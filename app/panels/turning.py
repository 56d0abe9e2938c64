"""Sliders of a scenario: live ones act from the next tick on, the others begin the run anew."""

import json
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
    found = solara.use_memo(
        lambda: sliders(load(setup.scenario), setup), [setup.scenario, setup.settings, setup.changes]
    )
    known = {slider.path: slider for slider in found}
    moved = any(slider.value != slider.default for slider in found) or bool(pending)

    def turned(given: Any) -> None:
        slider = known.get(str(given.get("path"))) if isinstance(given, dict) else None
        value = given.get("value") if slider is not None else None
        if slider is None or not isinstance(value, int | float) or not slider.low <= value <= slider.high:
            return
        if slider.live:
            session.change(slider.path, slider.own(float(value)))
        else:
            session.restart({slider.path: slider.own(float(value))})

    def back(_: Any = None) -> None:
        session.open(Setup(setup.scenario, setup.seed))

    return SliderBox(
        title="Parameters",
        content=json.dumps([row(slider, pending.get(slider.path)) for slider in found]),
        moved=moved,
        event_turned=turned,
        event_back=back,
    )
