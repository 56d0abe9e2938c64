"""The Vue pieces as components; `event_*` are called with what the browser sends, which is checked by whoever uses it.

Drawing costs time for every element of a page, so each piece is one element whatever it holds, and its data go as JSON
text, which Solara does not look through (see `app.frame`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import solara

LONGEST = 80  # characters of a field
Told = Callable[[Any], None]


@solara.component_vue("header.vue")
def Header(brand: str, pages: str, current: str, dark: bool, event_went: Told, event_toggled: Told) -> None:
    """Name, pages and the switch between light and dark."""


@solara.component_vue("browser.vue")
def Browser(
    query: str | None,
    title: str,
    dark: Any,
    copied: str,
    copy: int,
    saved: str,
    save: int,
    filename: str,
    event_theme: Told,
) -> None:
    """Keeps the page's address, title and theme; copies `copied` and saves `saved` when their counters grow."""


@solara.component_vue("player.vue")
def PlayerBox(
    scenario: str,
    scenarios: str,
    phase: str,
    words: str,
    progress: float,
    speed: str,
    speeds: list[str],
    seed: str,
    event_act: Told,
) -> None:
    """Scenario, play, pause, step, reset, speed and seed."""


@solara.component_vue("sliders.vue")
def _sliders(title: str, content: str, moved: bool, event_turned: Told, event_back: Told) -> None:
    pass


@solara.component_vue("buttons.vue")
def _buttons(title: str, content: str, hint: str, event_hit: Told) -> None:
    pass


@solara.component_vue("select.vue")
def _select(label: str, value: Any, options: str, disabled: bool, event_chosen: Told) -> None:
    pass


@solara.component_vue("table.vue")
def _table(
    caption: str,
    content: str,
    empty: str,
    live: bool,
    title: str,
    filter: str,
    choices: str,
    chosen: str,
    event_clicked: Told,
    event_picked: Told,
) -> None:
    pass


@solara.component_vue("press.vue")
def _press(label: str, name: str, kind: str, disabled: bool, pressed: Any, event_hit: Told) -> None:
    pass


@solara.component_vue("text.vue")
def _text(label: str, value: str, hint: str, button: str, event_entered: Told) -> None:
    pass


@solara.component_vue("chart.vue")
def _chart(
    option: str,
    label: str,
    height: int,
    name: str,
    dark: bool,
    title: str,
    card: str,
    wide: bool,
    empty: str,
    table: str,
    note: str,
    event_clicked: Told,
    event_tabled: Told,
    event_wanted: Told,
) -> None:
    pass


@cache
def written(options: tuple[tuple[str, str], ...]) -> str:
    """Choices (value, words) as JSON."""
    return json.dumps([{"value": value, "text": text} for value, text in options])


def nothing(_: Any = None) -> None:
    """Nobody listens."""


def Select(
    label: str, value: str, options: Sequence[tuple[str, str]], on_value: Callable[[str], None], disabled: bool = False
) -> Any:
    """A native choice of (value, words)."""
    known = {value for value, _ in options}

    def chosen(value: Any) -> None:
        if value in known:
            on_value(str(value))

    return _select(label=label, value=value, options=written(tuple(options)), disabled=disabled, event_chosen=chosen)


def Buttons(
    title: str, buttons: Sequence[tuple[str, str, str, bool]], on_hit: Callable[[str], None], hint: str = ""
) -> Any:
    """A card of buttons (key, label, name for screen readers, disabled)."""
    known = {key for key, *_ in buttons}
    rows = [{"key": key, "label": label, "name": name, "disabled": off} for key, label, name, off in buttons]

    def hit(key: Any) -> None:
        if key in known:
            on_hit(str(key))

    return _buttons(title=title, content=json.dumps(rows), hint=hint, event_hit=hit)


def Rows(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    links: Sequence[int | None] = (),
    on_click: Callable[[int], None] | None = None,
    empty: str = "Nothing yet.",
    live: bool = False,
    title: str = "",
    choices: Sequence[tuple[str, str]] = (),
    chosen: str = "",
    on_choice: Callable[[str], None] | None = None,
    choice_label: str = "Kind",
) -> Any:
    """A table of texts; a row with a link (an account) has its first cell, or that headed `who`, as a button.

    `live` is read out politely. With a `title` it is a card of its own, over all columns, with an optional choice.
    """
    known = {link for link in links if link is not None}
    allowed = {value for value, _ in choices}

    def clicked(given: Any) -> None:
        if on_click is not None and given in known:
            on_click(int(given))

    def picked(given: Any) -> None:
        if on_choice is not None and given in allowed:
            on_choice(str(given))

    data = {"headings": list(headings), "rows": [list(row) for row in rows], "links": list(links)}
    return _table(
        caption=caption,
        content=json.dumps(data),
        empty=empty,
        live=live,
        title=title,
        filter=choice_label,
        choices=written(tuple(choices)) if choices else "",
        chosen=chosen,
        event_clicked=clicked,
        event_picked=picked,
    )


def Press(
    label: str,
    on_click: Callable[[], None],
    name: str = "",
    kind: str = "plain",
    disabled: bool = False,
    pressed: bool | None = None,
) -> Any:
    """A button; `kind` is main, plain or quiet, `name` what screen readers say, `pressed` for switches."""

    def hit(_: Any = None) -> None:
        on_click()

    return _press(label=label, name=name or label, kind=kind, disabled=disabled, pressed=pressed, event_hit=hit)


def Text(label: str, value: str, on_value: Callable[[str], None], hint: str = "", button: str = "Set") -> Any:
    """A field whose text is sent by Enter or by its button."""

    def entered(text: Any) -> None:
        on_value(str(text)[:LONGEST])

    return _text(label=label, value=value, hint=hint, button=button, event_entered=entered)


@solara.component
def SliderBox(
    title: str,
    rows: Sequence[Mapping[str, Any]],
    moved: bool,
    on_turned: Callable[[str, float], None],
    on_back: Callable[[], None],
) -> Any:
    """Sliders that speak when they are let go, and stay there until they are answered: taken or refused.

    Args:
        title: of the card
        rows: one per slider: path, label, unit, meaning, low, high, step, value, mark and hint
        moved: whether there is something to go back from
        on_turned: told a path and a place on its slider
        on_back: called by the button
    """
    answered, set_answered = solara.use_state(0)
    ends = {row["path"]: (row["low"], row["high"]) for row in rows}

    def turned(given: Any) -> None:
        path, value = (given.get("path"), given.get("value")) if isinstance(given, dict) else ("", None)
        if path in ends and isinstance(value, int | float) and ends[path][0] <= value <= ends[path][1]:
            on_turned(str(path), float(value))
        set_answered(lambda n: n + 1)

    def back(_: Any = None) -> None:
        on_back()

    content = json.dumps({"answered": answered, "rows": [dict(row) for row in rows]})
    return _sliders(title=title, content=content, moved=moved, event_turned=turned, event_back=back)


def ChartBox(
    option: Any,
    label: str,
    height: int,
    name: str,
    dark: bool,
    on_click: Told = nothing,
    title: str = "",
    card: str = "",
    wide: bool = False,
    empty: str = "",
    table: str = "",
    note: str = "",
    on_table: Callable[[bool], None] | None = None,
    on_csv: Callable[[], None] | None = None,
) -> Any:
    """An ECharts chart, alone, or with a `title` as a card with its table, PNG and CSV; see `app.panels.figures`."""

    def tabled(given: Any) -> None:
        if on_table is not None:
            on_table(bool(given))

    def wanted(_: Any = None) -> None:
        if on_csv is not None:
            on_csv()

    return _chart(
        option="" if option is None else json.dumps(option, separators=(",", ":")),
        label=label,
        height=height,
        name=name,
        dark=dark,
        title=title,
        card=card,
        wide=wide,
        empty=empty,
        table=table,
        note=note,
        event_clicked=on_click,
        event_tabled=tabled,
        event_wanted=wanted,
    )
