"""Results: runs and studies that lie in the folder of results, side by side."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import solara

from app import saved, saved_list, store
from app.panels.saved_run import Overlay, as_text
from app.panels.saved_search import SearchView
from app.panels.saved_study import StudyView
from app.parts import coded, tag
from app.saved_numbers import Kept, Study, kept, study
from app.saved_search import Search, search
from app.server import results_folder
from app.widgets import Press, Rows, Select, Text
from app.widgets.saving import FileSaver
from model.errors import ScenarioError

TITLE, ORDER = "Results", 5
PATH = "results"
QUESTION = (
    "What `run.py` has saved: choose runs to lay them over one another, or a study or search to see what it found."
)
KINDS = (("", "all"), (saved.RUN, "runs"), (saved.STUDY, "studies"), (saved.SEARCH, "searches"))
MOST_CHOSEN = 6  # runs over one another
EMPTY = (
    "Nothing is saved yet. `python run.py run baseline` saves a run, `python run.py sweep fee_by_depth` a study; "
    "press Look again when one has ended."
)
CHOSEN, STUDY, SEARCH, METRIC = "run", "study", "search", "metric"  # keys of the page's link
HEADS = ("name", "kind", "shown", "seed", "changed", "size", "finished", "question")
Found = TypeVar("Found")


@solara.component
def Page() -> Any:
    """The whole page."""
    root = results_folder()
    router = solara.use_router()
    given = parse_qsl(router.search or "")
    first = dict(reversed(given))
    chosen, set_chosen = solara.use_state(tuple(dict.fromkeys(v for k, v in given if k == CHOSEN))[:MOST_CHOSEN])
    picked, set_picked = solara.use_state(first.get(STUDY, ""))
    sought, set_sought = solara.use_state(first.get(SEARCH, ""))
    metric, set_metric = solara.use_state(first.get(METRIC, ""))
    words, set_words = solara.use_state("")
    kind, set_kind = solara.use_state("")
    looked, set_looked = solara.use_state(0)
    file, set_file = solara.use_state(("", "", 0))
    found, unread = solara.use_memo(lambda: saved_list.listing(root), [looked])
    loaded = solara.use_memo(lambda: _loaded(root, chosen, picked, sought), [chosen, picked, sought, looked])
    runs, opened, answered, wrong = loaded

    store.use_address(PATH, _address(chosen, picked, sought, metric))

    def save(content: bytes, name: str) -> None:
        set_file(lambda before: (as_text(content), name, before[2] + 1))

    def toggle(place: int) -> None:
        row = rows[place]
        if row.kind == saved.STUDY:
            set_picked("" if picked == row.key else row.key)
        elif row.kind == saved.SEARCH:
            set_sought("" if sought == row.key else row.key)
        elif row.key in chosen:
            set_chosen(tuple(key for key in chosen if key != row.key))
        else:
            set_chosen((*chosen, row.key)[-MOST_CHOSEN:])

    rows = [row for row in found if kind in ("", row.kind) and row.has(words)]
    head = [tag("h1", [TITLE]), tag("p", coded(QUESTION), "rs-question")]
    head += [tag("p", coded(text), "rs-note", role="alert") for text in wrong]
    if not found:
        again = Press("Look again", lambda: set_looked(looked + 1), kind="main")
        return tag("div", [*head, tag("section", [tag("p", coded(EMPTY)), again], "rs-card rs-empty")])
    tools = [
        Text("Filter", words, set_words, "a scenario, a seed, a word", "Filter"),
        Select("Show", kind, KINDS, set_kind),
        Press("Look again", lambda: set_looked(looked + 1), "Look again into the folder"),
    ]
    cells = _cells(rows, (*chosen, picked, sought))
    table = Rows("Saved", HEADS, cells, range(len(rows)), toggle, "Nothing fits the filter.", title="Saved")
    count = f"{len(rows):,} of {len(found):,}; click a name to show it, again to put it away."
    if unread:
        count += f" {unread:,} folder{'s' * (unread > 1)} could not be read."
    parts: list[Any] = [tag("div", tools, "rs-tools"), table, tag("p", [count], "rs-hint", role="status")]
    if runs:
        parts.append(Overlay(root, runs, metric, set_metric, save).key("runs"))
    if opened is not None:
        parts.append(StudyView(root, opened, metric, set_metric, save).key(f"study {opened.key}"))
    if answered is not None:
        parts.append(SearchView(root, answered, save).key(f"search {answered.key}"))
    saver = FileSaver(content=file[0], filename=file[1], count=file[2])
    return tag("div", [*head, tag("div", parts, "rs-grid"), saver])


def _address(chosen: tuple[str, ...], picked: str, sought: str, metric: str) -> str:
    """What the page's link says of what is shown."""
    pairs = [(CHOSEN, key) for key in chosen]
    pairs += [(name, value) for name, value in ((STUDY, picked), (SEARCH, sought)) if value]
    return urlencode([*pairs, (METRIC, metric)] if metric and pairs else pairs)


def _cells(rows: Sequence[saved.Saved], shown: Collection[str]) -> list[list[str]]:
    """The table of what lies in the folder."""
    return [
        [r.title, r.kind, "shown" if r.key in shown else "", r.seed, r.changed, r.size, r.when, r.question]
        for r in rows
    ]


def _loaded(
    root: Any, chosen: tuple[str, ...], picked: str, sought: str
) -> tuple[list[Kept], Study | None, Search | None, list[str]]:
    """The chosen runs, study and search, and a sentence for each that cannot be read."""
    wrong: list[str] = []

    def read(reader: Callable[[Any, str], Found], key: str) -> Found | None:
        try:
            return reader(root, key) if key else None
        except ScenarioError as error:
            wrong.append(str(error))
            return None

    runs = [run for key in chosen if (run := read(kept, key)) is not None]
    return runs, read(study, picked), read(search, sought), wrong
