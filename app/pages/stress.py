"""Stress: a shock over many seeds, worked out in a process beside the web server."""

from typing import Any

import solara

from app import store
from app.panels.shock import Shock
from app.panels.stressed import Stressed
from app.parts import coded, tag
from app.stress.ask import Ask, read
from app.stress.job import CANCELLED, FAILED
from model.errors import ScenarioError

TITLE, ORDER = "Stress", 3
PATH = "stress"
QUESTION = "What if? One shock, many pieces of luck: what falls, who loses, and how bad it gets in the worst of them."
EMPTY = "Choose a shock and press Run. Half of the runs go without it, so that the difference is the shock's alone."


@solara.component
def Page() -> Any:
    """The whole page."""
    testing = store.testing()
    _ = store.tested.value
    router = solara.use_router()
    none: tuple[str, ...] = ()
    ask, set_ask = solara.use_state(Ask())
    notes, set_notes = solara.use_state(none)

    def begin() -> None:
        wanted, said = read(router.search)
        set_ask(testing.job.ask if testing.job is not None and not router.search else wanted)
        set_notes(tuple(said))

    solara.use_effect(begin, [router.search])

    store.use_address(PATH, ask.query())

    def run() -> None:
        try:
            ask.rows(ask.setup.build())
        except ScenarioError as error:
            set_notes(tuple(str(error).split("\n")))
            return
        set_notes(())
        testing.begin(ask)

    last, progress = testing.answer, testing.job.progress if testing.job is not None else None
    said = list(notes)
    if progress is not None and progress.phase == FAILED:
        said += progress.message.split("\n")
    if progress is not None and progress.phase == CANCELLED:
        said.append("Cancelled; nothing of it was kept.")
    head = [tag("h1", [TITLE]), tag("p", [QUESTION], "rs-question")]
    head += [tag("p", coded(text), "rs-note", role="alert") for text in said]
    form = Shock(ask, progress, set_ask, run, testing.cancel)
    if last is None:
        shown = tag("div", [tag("p", [EMPTY], "rs-card rs-empty")], "rs-pictures").key("empty")
    else:
        old = [tag("p", ["These are the numbers of the last test; press Run for what is chosen now."], "rs-note")]
        parts = [*(old if last[0] != ask else []), Stressed(*last)]
        shown = tag("div", parts, "rs-pictures").key("answer")
    return tag("div", [*head, tag("div", [form, shown], "rs-explore")])
