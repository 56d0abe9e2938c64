"""Tables of a study, once for the terminal and once for a page of the documentation."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table


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


def fill(page: Path, name: str, text: str) -> None:
    """Put a text between the marks `<!-- study: NAME -->` and `<!-- end -->` of a page."""
    block = re.compile(rf"(<!-- study: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    old = page.read_text(encoding="utf-8")
    page.write_text(block.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", old), encoding="utf-8")
