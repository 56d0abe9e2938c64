"""The Vue pieces as components; `event_*` are called with what the browser sends, which is checked by whoever uses it."""

from collections.abc import Callable, Sequence
from typing import Any

import solara

LONGEST = 80  # characters of a field


@solara.component_vue("select.vue")
def _select(
    label: str, value: Any, options: list[dict[str, str]], disabled: bool, event_chosen: Callable[[Any], None]
) -> None:
    pass


@solara.component_vue("slider.vue")
def _slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float,
    unit: str,
    hint: str,
    mark: str,
    disabled: bool,
    event_turned: Callable[[Any], None],
) -> None:
    pass


@solara.component_vue("table.vue")
def _table(
    caption: str,
    headings: list[str],
    rows: list[Any],
    links: list[Any],
    empty: str,
    live: bool,
    event_clicked: Callable[[Any], None],
) -> None:
    pass


@solara.component_vue("press.vue")
def _press(label: str, name: str, kind: str, disabled: bool, pressed: Any, event_hit: Callable[[Any], None]) -> None:
    pass


@solara.component_vue("text.vue")
def _text(label: str, value: str, hint: str, button: str, event_entered: Callable[[Any], None]) -> None:
    pass


@solara.component_vue("chart.vue")
def _chart(
    option: Any, label: str, height: int, name: str, dark: bool, png: int, event_clicked: Callable[[Any], None]
) -> None:
    pass


@solara.component_vue("browser.vue")
def Browser(
    query: str,
    title: str,
    dark: Any,
    copied: str,
    copy: int,
    saved: str,
    save: int,
    filename: str,
    event_theme: Callable[[Any], None],
) -> None:
    """Keeps the page's address, title and theme; copies `copied` and saves `saved` when their counters grow."""


def _nothing(_: Any = None) -> None:
    pass


def Select(
    label: str, value: str, options: Sequence[tuple[str, str]], on_value: Callable[[str], None], disabled: bool = False
) -> Any:
    """A native choice of (value, words)."""
    known = [value for value, _ in options]

    def chosen(value: Any) -> None:
        if value in known:
            on_value(str(value))

    return _select(
        label=label,
        value=value,
        options=[{"value": v, "text": t} for v, t in options],
        disabled=disabled,
        event_chosen=chosen,
    )


def Range(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float,
    on_value: Callable[[float], None],
    unit: str = "",
    hint: str = "",
    mark: str = "",
    disabled: bool = False,
) -> Any:
    """A slider that speaks when it is let go; `mark` stands beside the value, `hint` below."""

    def turned(given: Any) -> None:
        if isinstance(given, int | float) and low <= given <= high:
            on_value(float(given))

    return _slider(
        label=label,
        value=float(value),
        low=float(low),
        high=float(high),
        step=float(step),
        unit=unit,
        hint=hint,
        mark=mark,
        disabled=disabled,
        event_turned=turned,
    )


def Rows(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    links: Sequence[int | None] = (),
    on_click: Callable[[int], None] | None = None,
    empty: str = "Nothing yet.",
    live: bool = False,
) -> Any:
    """A table of texts; a row with a link (an account) has its first cell as a button. `live` is read out politely."""
    known = {link for link in links if link is not None}

    def clicked(given: Any) -> None:
        if on_click is not None and given in known:
            on_click(int(given))

    return _table(
        caption=caption,
        headings=list(headings),
        rows=[list(row) for row in rows],
        links=list(links),
        empty=empty,
        live=live,
        event_clicked=clicked,
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

    return _press(
        label=label,
        name=name or label,
        kind=kind,
        disabled=disabled,
        pressed=pressed,
        event_hit=hit,
    )


def Text(label: str, value: str, on_value: Callable[[str], None], hint: str = "", button: str = "Set") -> Any:
    """A field whose text is sent by Enter or by its button."""

    def entered(text: Any) -> None:
        on_value(str(text)[:LONGEST])

    return _text(label=label, value=value, hint=hint, button=button, event_entered=entered)


def ChartBox(
    option: Any,
    label: str,
    height: int,
    name: str,
    dark: bool,
    png: int = 0,
    on_click: Callable[[Any], None] = _nothing,
) -> Any:
    """An ECharts chart; saves itself as `name`.png when `png` grows."""
    return _chart(option=option, label=label, height=height, name=name, dark=dark, png=png, event_clicked=on_click)
