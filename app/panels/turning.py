"""Sliders of a scenario: live ones act from the next tick on, the others begin the run anew."""

from typing import Any

import solara

from app.address import Setup, load
from app.parts import tag
from app.session import Session
from app.sliders import Slider, sliders
from app.widgets import Press, Range

RESTARTS = "starts anew"


@solara.component
def Sliders(session: Session, setup: Setup, pending: tuple[tuple[str, Any], ...] = ()) -> Any:
    """All sliders of the run, with units and defaults."""
    scenario = load(setup.scenario)
    found = sliders(scenario, setup)
    waiting = dict(pending)
    parts = [_one(session, slider, waiting.get(slider.path)) for slider in found]
    moved = any(slider.value != slider.default for slider in found) or bool(waiting)
    back = Press(
        "Back to defaults", lambda: session.open(Setup(setup.scenario, setup.seed)), kind="quiet", disabled=not moved
    )
    return tag(
        "section",
        [tag("div", [tag("h2", ["Parameters"]), back], "rs-head"), *parts],
        "rs-card",
        **{"aria-label": "Parameters"},
    )


def _one(session: Session, slider: Slider, waiting: Any) -> Any:
    def turn(shown: float) -> None:
        if slider.live:
            session.change(slider.path, slider.own(shown))
        else:
            session.restart({slider.path: slider.own(shown)})

    value = slider.value if waiting is None else float(waiting) * slider.factor
    hint = f"default {slider.text(slider.default)} · {'acts at once' if slider.live else RESTARTS}"
    return Range(
        slider.label,
        value,
        slider.low,
        slider.high,
        slider.step,
        turn,
        unit=slider.unit,
        hint=hint,
        mark="" if waiting is None else "from the next tick",
    ).key(slider.path)
