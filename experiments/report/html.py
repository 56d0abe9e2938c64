"""HTML by hand: everything that is not made here is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple


class Section(NamedTuple):
    """A part of a report: its heading, its anchor, and its HTML."""

    title: str
    name: str
    html: str


def text(value: object) -> str:
    """Any value as text that cannot be markup.

    >>> text("<b>")
    '&lt;b&gt;'
    """
    return escape(str(value), quote=True)


def paragraph(value: object, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f"<p{_class(kind)}>{text(value)}</p>"


def code(value: object) -> str:
    """A command to be copied."""
    return f"<pre><code>{text(value)}</code></pre>"


def items(values: Iterable[object], kind: str = "") -> str:
    """A list of plain texts."""
    return f"<ul{_class(kind)}>{''.join(f'<li>{text(value)}</li>' for value in values)}</ul>"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[int] = (), caption: str = ""
) -> str:
    """A table that scrolls sideways by itself where the page is narrow.

    Args:
        heads: of columns
        rows: cells as plain text
        numbers: places of columns set flush right
        caption: above it
    """
    right = set(numbers)
    top = "".join(f"<th scope='col'{_class('n' if i in right else '')}>{text(h)}</th>" for i, h in enumerate(heads))
    body = "".join(
        "<tr>"
        + "".join(f"<td{_class('n' if i in right else '')}>{text(cell)}</td>" for i, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )
    title = f"<caption>{text(caption)}</caption>" if caption else ""
    return (
        f"<div class='wide' tabindex='0' role='region' aria-label='{text(caption or heads[0])}'>"
        f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(summary: object, html: str, opened: bool = False) -> str:
    """HTML behind a line that opens it."""
    return f"<details{' open' if opened else ''}><summary>{text(summary)}</summary>{html}</details>"


def _class(name: str) -> str:
    return f" class='{name}'" if name else ""
