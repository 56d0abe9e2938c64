"""Explore: one market to play with."""

from typing import Any

import solara

from app import address, store
from app.options import drawable
from app.options.network import sentence
from app.panels.controls import Player
from app.panels.exports import Exports
from app.panels.figures import Figure
from app.panels.inspector import Inspector
from app.panels.log import Log
from app.panels.turning import Sliders
from app.parts import coded, monitors, tag
from app.snapshot import monitors as numbers
from experiments import runs

TITLE, ORDER = "Explore", 1
NETWORK = "network"  # the chart beside which the inspector stands


@solara.component
def Page() -> Any:
    """The whole page."""
    session = store.market()
    _ = store.frames.value
    router = solara.use_router()
    none: tuple[str, ...] = ()
    notes, set_notes = solara.use_state(none)

    def begin() -> None:
        store.linked.value = "/"
        if session.state.setups and not router.search:
            return
        setup, said = address.decode(router.search)
        set_notes(lambda _: tuple(said))
        if not session.state.leads_to(setup):
            session.open(setup)

    solara.use_effect(begin, [router.search])
    state, dark = session.state, store.dark.value
    setup = state.setups[0] if state.setups else address.decode(router.search)[0]

    scenario = address.load(setup.scenario)
    head = [tag("h1", [setup.scenario.replace("_", " ")]), tag("p", [scenario.question], "rs-question")]
    said = [*notes, *([state.message] if state.message else [])]
    head += [tag("p", coded(text), "rs-note", role="alert") for text in said]
    compiled = solara.use_memo(lambda: runs.compiled(scenario), [setup.scenario])
    time = Player(
        session,
        setup,
        state.phase,
        state.progress,
        not compiled,
        lambda text: set_notes(lambda _: (text,) if text else ()),
    )
    turning, home = Sliders(session, setup, session.pending), Exports(session, setup, state.frame)
    pictures, below = _pictures(session, state, dark)
    return tag("div", [*head, tag("div", [time, pictures, turning, home, *below], "rs-explore")])


def _pictures(session: Any, state: Any, dark: bool) -> tuple[Any, list[Any]]:
    """Numbers and charts, and below them network, inspector and log; an empty state before the first frame."""
    frame = state.frame
    if frame is None:
        words = (
            "The run cannot be shown." if state.message else "The market is being built; figures appear in a moment."
        )
        return tag("div", [tag("p", [words], "rs-card rs-empty")], "rs-pictures"), []

    def clicked(given: Any) -> None:
        if isinstance(given, dict) and given.get("type") == "node" and str(given.get("id")).isdigit():
            session.watch(int(given["id"]))

    found = drawable(frame)
    small = [chart for chart in found if chart.key != NETWORK]
    parts = [
        Figure(
            chart,
            frame,
            dark,
            paths=lambda: next(iter(session.paths()), {}),
            wide=len(small) % 2 == 1 and i == len(small) - 1,
        ).key(chart.key)
        for i, chart in enumerate(small)
    ]
    ties = [
        Figure(chart, frame, dark, on_click=clicked, note=sentence(frame)).key(chart.key)
        for chart in found
        if chart.key == NETWORK
    ]
    who = Inspector(frame["ranges"], frame["account"], dark, session.watch).key("inspector")
    below = [*ties, who, Log(frame, session.watch).key("log")]
    above = tag("div", [monitors(numbers(frame)), tag("div", parts, "rs-charts")], "rs-pictures")
    return above, [tag("div", below, "rs-charts rs-start rs-below")]
