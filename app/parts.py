"""Small pieces of HTML for pages: tags, text that is always escaped, and Markdown without scripts.

`solara.Markdown` asks another host for fonts, so pages use `prose`, which lets no tag of the text through.
"""

import html
import re
from collections.abc import Sequence
from typing import Any

import markdown
import solara
from reacton import ipyvuetify as v

LINKS = re.compile(r"(href|src)=\"(?!https?://|/|#)[^\"]*\"")
IMAGES = re.compile(r"<img [^>]*>")


def tag(name: str, children: Sequence[Any], class_: str = "", **attributes: str) -> Any:
    """An element of HTML with children: strings, shown as they are, or components.

    Where one place of a page holds now this tag and now another, give both a `.key(...)`: an element keeps its tag.
    """
    return v.Html(tag=name, class_=class_, children=list(children), attributes=dict(attributes))


def escaped(text: object) -> str:
    """Text that a browser shows as it is, whatever it contains.

    >>> escaped("<script>")
    '&lt;script&gt;'
    """
    return html.escape(str(text), quote=True)


def coded(text: str) -> list[Any]:
    """Children of a tag: a sentence in which what stands between backticks is code."""
    return [tag("code", [part]) if i % 2 else part for i, part in enumerate(text.split("`"))]


def prose(text: str) -> Any:
    """Markdown as HTML; tags in the text are shown, not obeyed, and pictures and odd links are left out."""
    return solara.HTML(tag="div", unsafe_innerHTML=html_of(text), classes=["rs-text"])


def html_of(text: str) -> str:
    """HTML of Markdown whose own tags are escaped; only links to http(s), to this host and to anchors remain.

    >>> html_of("*a* <b>")
    '<p><em>a</em> &lt;b&gt;</p>'
    >>> html_of("[x](javascript:alert(1))")
    '<p><a >x</a></p>'
    """
    guarded = html.escape(text, quote=False)
    found = markdown.markdown(guarded, extensions=["tables", "sane_lists"], output_format="html")
    return IMAGES.sub("", LINKS.sub("", found))


def monitors(rows: Sequence[tuple[str, str, str, str]]) -> Any:
    """Numbers in words: (key, label, value, meaning); one element, all of it escaped."""
    cells = [
        f'<div title="{escaped(meaning)}"><dt>{escaped(label)}</dt><dd data-monitor="{escaped(key)}">{escaped(value)}</dd></div>'
        for key, label, value, meaning in rows
    ]
    return solara.HTML(tag="dl", unsafe_innerHTML="".join(cells), classes=["rs-monitors"])
