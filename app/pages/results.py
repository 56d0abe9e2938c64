"""Results: runs and studies that lie in the folder of results, side by side."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from app import saved, store
from app.panels.saved_run import Overlay, as_text
from app.panels.saved_study import StudyView
from app.parts import tag
from app.saved_numbers import Kept, Study, kept, study
from app.server import results_folder
from app.widgets import Press, Rows, Select, Text
from app.widgets.saving import FileSaver
from model.errors import ScenarioError

TITLE, ORDER = "Results", 5
PATH = "results"
QUESTION = "What `run.py` has saved: choose runs to lay them over one another, or a study to see what it found."
KINDS = (("", "runs and studies"), (saved.RUN, "runs"), (saved.STUDY, "studies"))
MOST_CHOSEN = 6  # runs over one another
EMPTY = (
    "Nothing is saved yet. `python run.py run baseline` saves a run, `python run.py sweep fee_by_depth` a study; "
    "press Look again when one has ended."
)
CHOSEN, STUDY, METRIC = "run", "study", "metric"  # keys of the page's link


@solara.component
def Page() -> Any:
    """The whole page."""
    root = results_folder()
    router = solara.use_router()
    given = parse_qsl(router.search or "")
    first = dict(reversed(given))
    chosen, set_chosen = solara.use_state(tuple(dict.fromkeys(v for k, v in given if k == CHOSEN))[:MOST_CHOSEN])
    picked, set_picked = solara.use_state(first.get(STUDY, ""))
    metric, set_metric = solara.use_state(first.get(METRIC, ""))
    words, set_words = solara.use_state("")
    kind, set_kind = solara.use_state("")
    looked, set_looked = solara.use_state(0)
    file, set_file = solara.use_state(("", "", 0))
    found, unread = solara.use_memo(lambda: saved.listing(root), [looked])
    loaded = solara.use_memo(lambda: _loaded(root, chosen, picked), [chosen, picked, looked])
    runs, opened, wrong = loaded

    def keep_address() -> None:
        pairs = [(CHOSEN, key) for key in chosen]
        pairs += [(STUDY, picked)] if picked else []
        pairs += [(METRIC, metric)] if metric and pairs else []
        if pairs or store.own.value[0] == PATH:
            store.own.value = (PATH, urlencode(pairs))

    solara.use_effect(keep_address, [chosen, picked, metric])

    def save(content: bytes, name: str) -> None:
        set_file(lambda before: (as_text(content), name, before[2] + 1))

    def toggle(place: int) -> None:
        row = rows[place]
        if row.kind == saved.STUDY:
            set_picked("" if picked == row.key else row.key)
        elif row.key in chosen:
            set_chosen(tuple(key for key in chosen if key != row.key))
        else:
            set_chosen((*chosen, row.key)[-MOST_CHOSEN:])

    rows = [row for row in found if kind in ("", row.kind) and row.has(words)]
    head = [tag("h1", [TITLE]), tag("p", [QUESTION], "rs-question")]
    head += [tag("p", [text], "rs-note", role="alert") for text in wrong]
    if not found:
        again = Press("Look again", lambda: set_looked(looked + 1), kind="main")
        return tag("div", [*head, tag("section", [tag("p", [EMPTY]), again], "rs-card rs-empty")])
    tools = [
        Text("Filter", words, set_words, "a scenario, a seed, a word", "Filter"),
        Select("Show", kind, KINDS, set_kind),
        Press("Look again", lambda: set_looked(looked + 1), "Look again into the folder"),
    ]
    cells = [
        [
            row.title,
            row.kind,
            "shown" if row.key in chosen or row.key == picked else "",
            row.seed,
            row.changed,
            row.size,
            row.when,
            row.question,
        ]
        for row in rows
    ]
    heads = ("name", "kind", "shown", "seed", "changed", "size", "finished", "question")
    table = Rows("Saved", heads, cells, range(len(rows)), toggle, "Nothing fits the filter.", title="Saved")
    count = f"{len(rows):,} of {len(found):,}; click a name to show it, again to put it away."
    if unread:
        count += f" {unread:,} folders could not be read."
    parts: list[Any] = [tag("div", tools, "rs-tools"), table, tag("p", [count], "rs-hint", role="status")]
    if runs:
        parts.append(Overlay(root, runs, metric, set_metric, save).key("runs"))
    if opened is not None:
        parts.append(StudyView(root, opened, metric, set_metric, save).key(f"study {opened.key}"))
    saver = FileSaver(content=file[0], filename=file[1], count=file[2])
    return tag("div", [*head, tag("div", parts, "rs-grid"), saver])


def _loaded(root: Any, chosen: tuple[str, ...], picked: str) -> tuple[list[Kept], Study | None, list[str]]:
    """The chosen runs and study, and a sentence for each that cannot be read."""
    runs, wrong, opened = [], [], None
    for key in chosen:
        try:
            runs.append(kept(root, key))
        except ScenarioError as error:
            wrong.append(str(error))
    if picked:
        try:
            opened = study(root, picked)
        except ScenarioError as error:
            wrong.append(str(error))
    return runs, opened, wrong
