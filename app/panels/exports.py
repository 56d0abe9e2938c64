"""What a student takes home: a link, the scenario as a file, and all numbers."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from app import store
from app.address import Setup, encode
from app.export import csv_of_paths
from app.scenario_file import scenario_toml
from app.session import Session
from app.widgets import Buttons


@solara.component
def Exports(session: Session, setup: Setup, frame: Mapping[str, Any] | None) -> Any:
    """Buttons of the whole run."""
    name = f"{setup.scenario}-{setup.seed}"

    def numbers() -> None:
        known = session.paths()
        if known and frame is not None:
            store.save(csv_of_paths(known[0], float(frame["hours"])), f"{name}.csv")

    acts: dict[str, Callable[[], None]] = {
        "link": lambda: store.copy(f"/?{encode(session.state.setups[0])}"),
        "file": lambda: store.save(scenario_toml(session.state.setups[0]), f"{name}.toml"),
        "numbers": numbers,
    }
    buttons = (
        ("link", "Copy link", "Copy a link to this run", False),
        ("file", "Scenario", "Scenario as TOML", False),
        ("numbers", "All numbers", "All numbers of this run as CSV", frame is None),
    )
    words = "The link reproduces this run, changes and all. The file runs with “python run.py run FILE”."
    return Buttons("Take it home", buttons, lambda key: acts[key](), words)
