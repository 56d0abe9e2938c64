"""Tables of a study, once for the terminal and once for a page of the documentation."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from model.errors import ScenarioError


class Sheet(NamedTuple):
    """A table of text.

    Attributes:
        title: over the table on the terminal
        headings: of the columns
        rows: one text for each column
        left: how many columns from the first on hold words, and so begin at the left
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    left: int = 1

    def show(self, console: Console) -> None:
        """Print it."""
        table = Table(title=escape(self.title))
        for place, heading in enumerate(self.headings):
            table.add_column(escape(heading), justify="left" if place < self.left else "right")
        for row in self.rows:
            table.add_row(*map(escape, row))
        console.print(table)

    def markdown(self) -> str:
        """The table for a page.

        >>> print(Sheet("", ("a", "b"), (("x", "1"),)).markdown())
        | a | b |
        | --- | ---: |
        | x | 1 |
        """
        rule = ["---" if place < self.left else "---:" for place in range(len(self.headings))]
        cells = (self.headings, rule, *self.rows)
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def marked(page: Path, name: str) -> tuple[str, re.Match[str]]:
    """Text of a page, and where in it the marks `<!-- study: NAME -->` and `<!-- end -->` stand.

    Raises:
        ScenarioError: the page cannot be read, or has no such marks
    """
    try:
        text = page.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ScenarioError(f"--page {page}: cannot be read: {reason}; name a page that is there") from None
    found = re.search(rf"(<!-- study: {re.escape(name)} -->\n).*?(<!-- end -->)", text, re.DOTALL)
    if found is None:
        raise ScenarioError(
            f"--page {page}: has no place for this table; put the lines <!-- study: {name} --> and <!-- end --> into it"
        )
    return text, found


def fill(page: Path, name: str, text: str) -> None:
    """Put a text between the marks of a page, as `marked` finds them.

    Raises:
        ScenarioError: the page has no such marks, or cannot be read or written
    """
    old, found = marked(page, name)
    try:
        new = f"{old[: found.end(1)]}\n{text}\n\n{old[found.start(2) :]}"
        page.write_text(new, encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"--page {page}: cannot be written: {error.strerror or error}") from None
