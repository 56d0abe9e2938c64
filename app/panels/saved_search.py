"""A saved search: its answer, its picture, its tables, its files and its report."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from app import saved, saved_search
from app.panels.saved_run import as_text
from app.panels.saved_study import report, unreported
from app.parts import tag
from app.saved_search import Search
from app.widgets import Buttons, Rows


@solara.component
def SearchView(root: Path, search: Search, save: Callable[[bytes, str], None]) -> Any:
    """All that is shown of one search.

    Args:
        root: folder of results
        search: chosen
        save: told bytes and a file's name
    """
    open_, set_open = solara.use_state(False)
    record, key = search.record, search.key
    words = [tag("p", [text]) for text in (record["answer"], *record.get("warnings", ()))]
    head = [tag("h2", [record["study"]]), tag("p", [record["question"]], "rs-question"), *words]
    parts = [tag("section", head, "rs-card rs-wide", **{"aria-label": "Answer", "data-search": key})]
    if search.picture:
        source = f"data:image/png;base64,{as_text(search.picture)}"
        picture = tag("img", [], "rs-picture", src=source, alt=f"{record['study']}: {record['answer']}")
        box = tag("div", [picture], "rs-picture-box")
        parts.append(tag("section", [box], "rs-card rs-wide", **{"aria-label": "Picture"}))
    parts += [Rows(sheet.title, sheet.heads, sheet.rows, title=sheet.title) for sheet in search.sheets]

    def act(button: str) -> None:
        if button == "show":
            set_open(not open_)
        else:
            save(saved.content(root, key, button), f"{key}-{button}")

    there = [file for file in saved_search.FILES if saved.has(root, key, file)]
    told = saved.REPORT in there
    buttons = [(file, file, f"{file} of {key}", False) for file in there]
    buttons.append(("show", "Hide the report" if open_ else "Show the report", "Show or hide the report", not told))
    parts.append(Buttons("Files", buttons, act, "" if told else unreported(root, key)))
    if open_:
        parts.append(report(root, key))
    return tag("div", parts, "rs-charts")
