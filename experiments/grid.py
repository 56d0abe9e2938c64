"""Tables on the terminal: words wrap, numbers never do; where the width asks for it they break before and within intervals.

Where that is not enough, what a row is about stands on a line of its own, over its numbers. Nothing is lost.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 3  # characters between two columns
WORDS = 24  # characters that a column of words keeps if it has so many
BREAKS = (" (", " [")  # before an interval
WITHIN = " to "  # between its ends

Row = Sequence[str]


def broken(cell: str) -> str:
    r"""A number over its interval.

    >>> broken("0.512 (0.4 to 0.6)"), broken("0.0 % [0.0 %, 11 %]")
    ('0.512\n(0.4 to 0.6)', '0.0 %\n[0.0 %, 11 %]')
    """
    for mark in BREAKS:
        cell = cell.replace(mark, "\n" + mark.lstrip())
    return cell


def parted(cell: str) -> str:
    r"""A number over its interval, whose ends stand one over the other.

    >>> parted("0.512 (0.4 to 0.6)"), parted("-37,611 to 8,102")
    ('0.512\n(0.4\nto 0.6)', '-37,611\nto 8,102')
    """
    return broken(cell).replace(WITHIN, "\n" + WITHIN.lstrip())


def longest(cells: Iterable[str]) -> int:
    """Characters of the longest line."""
    return max((cell_len(line) for cell in cells for line in cell.split("\n")), default=0)


def inset(shown: RenderableType) -> Padding:
    """One character in, where a table without an outline begins."""
    return Padding(shown, (0, 0, 0, 1))


class Way(NamedTuple):
    """A way to show a table.

    Attributes:
        shape: what becomes of numbers
        first: the first column of the table proper; those before stand over their row
    """

    shape: Callable[[str], str]
    first: int


WAYS = (Way(str, 0), Way(broken, 0), Way(str, 1), Way(broken, 1), Way(parted, 0), Way(parted, 1))  # the first that fits


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

    def _cells(self, place: int, shape: Callable[[str], str]) -> list[str]:
        """Heading and cells of a column; numbers in their shape."""
        cells = [self.columns[place], *(row[place] for row in self.rows if row is not None)]
        return [shape(cell) for cell in cells] if place in self.numbers else cells

    def _least(self, place: int, shape: Callable[[str], str]) -> int:
        """Characters that a column needs."""
        cells = self._cells(place, shape)
        if place in self.numbers:
            return longest(cells)
        return max(min(longest(cells), WORDS), longest(word for cell in cells for word in cell.split()))

    def _fits(self, way: Way, width: int) -> bool:
        """Whether a way has room; columns of numbers alone have nothing to stand over them."""
        places = range(way.first, len(self.columns))
        return not self.numbers.intersection(range(way.first)) and (
            sum(self._least(k, way.shape) for k in places) <= width - GAP * len(places)
        )

    def _table(self, way: Way, rows: Iterable[Row | None], fits: bool, header: bool = True) -> Table:
        """Rows from the first column of a way on."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_header=header, show_edge=not way.first)
        if header:
            table.title, table.title_justify = escape(self.title) or None, "left"
        for k, name in enumerate(self.columns[way.first :], way.first):
            right = k in self.numbers
            table.add_column(
                escape(way.shape(name) if right else name),
                justify="right" if right else "left",
                overflow="fold",
                no_wrap=right and fits,
                width=self._least(k, way.shape) if way.first else None,
            )
        for row in rows:
            if row is None:
                table.add_section()
            else:
                cells = enumerate(row[way.first :], way.first)
                table.add_row(*(escape(way.shape(cell) if k in self.numbers else cell) for k, cell in cells))
        return table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        way = next((way for way in WAYS if self._fits(way, options.max_width)), None)
        if way is None or not way.first:
            yield self._table(way or WAYS[1], self.rows, way is not None)
            return
        yield ""
        yield inset(self._table(way, (), True))
        over: Row = ()
        for row in self.rows:
            if row is not None and row[: way.first] != over:
                over = row[: way.first]
                yield inset(Text(" ".join(over)))
            yield inset(self._table(way, (row,), True, header=False))
        yield ""
