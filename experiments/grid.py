"""Tables on the terminal: words wrap, numbers break before their intervals where the width asks for it, nothing is lost."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.table import Table

GAP = 3  # characters between two columns
WORDS = 24  # characters that a column of words keeps if it has so many
BREAK = " ("  # before an interval


def broken(cell: str) -> str:
    r"""A number over its interval.

    >>> broken("0.512 (0.4 to 0.6)")
    '0.512\n(0.4 to 0.6)'
    """
    return cell.replace(BREAK, "\n(")


def longest(cells: Iterable[str]) -> int:
    """Characters of the longest line."""
    return max((cell_len(line) for cell in cells for line in cell.split("\n")), default=0)


class Grid:
    """A table of text.

    Args:
        title: over it
        columns: headings
        numbers: places of columns set flush right
    """

    def __init__(self, title: str, columns: Sequence[str], numbers: Iterable[int] = ()) -> None:
        self.title, self.columns, self.numbers = title, columns, set(numbers)
        self.rows: list[Sequence[str] | None] = []  # None for a line between sections

    def add(self, *cells: str) -> None:
        """Add a row of plain text; brackets are no markup."""
        self.rows.append(cells)

    def section(self) -> None:
        """End a section of rows."""
        self.rows.append(None)

    def _column(self, place: int) -> list[str]:
        return [self.columns[place], *(row[place] for row in self.rows if row is not None)]

    def _least(self, place: int, split: bool) -> int:
        """Characters that a column needs."""
        cells = self._column(place)
        if place in self.numbers:
            return longest(map(broken, cells) if split else cells)
        return max(min(longest(cells), WORDS), longest(word for cell in cells for word in cell.split()))

    def table(self, width: int) -> Table:
        """The table for a screen of so many characters."""
        room = width - GAP * len(self.columns)
        whole, split = (sum(self._least(k, way) for k in range(len(self.columns))) <= room for way in (False, True))
        shape = str if whole else broken
        table = Table(title=escape(self.title) or None, box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for k, name in enumerate(self.columns):
            right = k in self.numbers
            table.add_column(
                escape(shape(name) if right else name),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=right and (whole or split),
            )
        for row in self.rows:
            if row is None:
                table.add_section()
            else:
                table.add_row(*(escape(shape(cell) if k in self.numbers else cell) for k, cell in enumerate(row)))
        return table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.table(options.max_width)
