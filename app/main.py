"""The app itself: the frame around all pages, and the pages found in `app/pages`, one file each.

A page file has `TITLE`, `ORDER` and a component `Page()`; its address is `/` plus the file's name, the first page's `/`.
Nothing mutable lives at module level: whatever belongs to one student is made inside components or by `app.store`.
"""

import json
from typing import Any

import solara

from app import store
from app.parts import tag
from app.widgets import Browser, Header
from model.scan import modules

NAME = "rigshare"


@solara.component
def Layout(children: list[Any] = []) -> Any:  # noqa: B006
    """Head with the names of pages, the page, and what belongs to the browser window."""
    here, siblings = solara.use_route(peek=True)
    dark = store.dark.value
    title = f"{here.label} · {NAME}" if here is not None else NAME
    current = here.path if here is not None else ""
    router = solara.use_router()
    names = [{"path": address(route), "label": route.label} for route in siblings]
    known = {name["path"] for name in names}

    def go(path: Any) -> None:
        if path in known:
            router.push(str(path))

    def toggle(_: Any = None) -> None:
        store.dark.value = not store.dark.peek()

    head = Header(
        brand=NAME,
        pages=json.dumps(names),
        current=address(here) if here is not None else "",
        dark=dark,
        event_went=go,
        event_toggled=toggle,
    )
    return tag("div", [head, tag("main", children, "", id="main", tabindex="-1"), Window(title, current)], "rs-app")


def address(route: Any) -> str:
    """Where a page is."""
    return "/" if route.path == "/" else f"/{route.path}"


@solara.component
def Window(title: str, current: str) -> Any:
    """What belongs to the browser window: address, title, colours, clipboard and files."""

    def theme(given: Any) -> None:
        store.dark.value = bool(given.get("dark")) if isinstance(given, dict) else False

    copied, saved, own = store.copied.value, store.saved.value, store.own.value
    return Browser(
        query=store.query() if current == store.linked.value else own[1] if own[0] == current else None,
        title=title,
        dark=store.dark.value,
        copied=copied[0],
        copy=copied[1],
        saved=saved[0],
        save=saved[1],
        filename=store.filename.value,
        event_theme=theme,
    )


def pages() -> list[solara.Route]:
    """Routes of all pages, in their order."""
    found = sorted((m for m in modules("app.pages") if hasattr(m, "TITLE")), key=lambda m: m.ORDER)
    return [
        solara.Route(
            path="/" if i == 0 else module.__name__.rsplit(".", 1)[1],
            label=module.TITLE,
            component=module.Page,
            layout=Layout if i == 0 else None,
        )
        for i, module in enumerate(found)
    ]


routes = pages()
