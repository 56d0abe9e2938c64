"""The header of a lesson: TOML, checked all at once; each complaint names its line.

    title, about, order, scenario, seed, ticks        what it is, and what is run
    seeds, next                                       1 run, and the next in order, unless said otherwise
    [set] and [[change]]                              parameters from the start, and live ones from a tick on
    [chart] title, unit, lines, and from, a day       lines = [{ label, figure }, ...]
    [predict] question, figure, unit, low, high, step and near; start and draw if wanted
    [[question]] text, why, and either choices or figure, unit, within

A choice has text and why, and right = true or a condition `when`.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.lessons.calculate import Expression, calculation
from model.errors import ScenarioError, nearest
from model.toml import tables_of

MOST_SEEDS, MOST_TICKS, MOST_LINES, MOST_CHOICES, MOST_QUESTIONS = 60, 3_000, 5, 6, 8
LONGEST = 2_000  # characters of a text in the header


class Field(NamedTuple):
    """One key: what it holds, and whether it must be there."""

    kind: str
    needed: bool = True


TABLES: dict[str, dict[str, Field]] = {
    "": {
        "title": Field("text"),
        "about": Field("text"),
        "order": Field("number"),
        "scenario": Field("text"),
        "seed": Field("whole"),
        "seeds": Field("whole", False),
        "ticks": Field("whole"),
        "next": Field("text", False),
        "set": Field("table", False),
        "change": Field("tables", False),
        "chart": Field("table"),
        "predict": Field("table"),
        "question": Field("tables"),
    },
    "change": {"tick": Field("whole"), "set": Field("table")},
    "chart": {"title": Field("text"), "unit": Field("text"), "from": Field("number", False), "lines": Field("tables")},
    "chart.lines": {"label": Field("text"), "figure": Field("figure")},
    "predict": {
        "question": Field("text"),
        "figure": Field("figure"),
        "unit": Field("text"),
        "low": Field("number"),
        "high": Field("number"),
        "step": Field("number"),
        "near": Field("number"),
        "start": Field("number", False),
        "draw": Field("figure", False),
    },
    "question": {
        "text": Field("text"),
        "why": Field("text"),
        "choices": Field("tables", False),
        "figure": Field("figure", False),
        "unit": Field("text", False),
        "within": Field("number", False),
    },
    "question.choices": {
        "text": Field("text"),
        "right": Field("yes", False),
        "when": Field("figure", False),
        "why": Field("text", False),
    },
}
KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("a text", lambda x: isinstance(x, str) and len(x) <= LONGEST),
    "number": ("a number", lambda x: isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < 1e12),
    "whole": ("a whole number of at least 0", lambda x: isinstance(x, int) and not isinstance(x, bool) and x >= 0),
    "yes": ("true or false", lambda x: isinstance(x, bool)),
    "table": ("a table", lambda x: isinstance(x, dict)),
    "tables": ("a list of tables", lambda x: isinstance(x, list) and bool(x) and all(isinstance(r, dict) for r in x)),
    "figure": ("a calculation in quotes", lambda x: isinstance(x, str)),
}


class Header:
    """Reads the tables of a header and gathers what is wrong with them.

    Args:
        text: the TOML
        label: file name for messages
        first: line of the file on which the header begins

    Attributes:
        wrong: complaints, one sentence each
    """

    def __init__(self, text: str, label: str, first: int) -> None:
        self.lines, self.label, self.first = text.splitlines(), label, first
        self.wrong: list[str] = []
        self.values: dict[str, Any] = {}
        try:
            self.values = tables_of("\n" * (first - 1) + text)
        except ValueError as error:
            raise ScenarioError(f"{label}: the header is not TOML: {error}") from None

    def line_of(self, table: str, key: str, number: int = 0) -> int:
        """Line on which a key stands, or its table, or the header."""
        begins, seen = 0, -1
        if table:
            head = table.split(".")[0]
            for i, line in enumerate(self.lines):
                if line.strip().strip("[]").strip() == head and line.strip().startswith("["):
                    seen, begins = seen + 1, i
                    if seen == number:
                        break
        for i, line in enumerate(self.lines[begins:], begins):
            if i > begins and line.strip().startswith("[") and table:
                break
            if line.strip().startswith((f"{key} ", f"{key}=", f'"{key}"', f"[{key}]", f"[[{key}]]")):
                return self.first + i
        return self.first + begins

    def complain(self, table: str, key: str, why: str, number: int = 0) -> None:
        """Note what is wrong with a key."""
        place = f"[{table}] {key}" if table else key
        self.wrong.append(f"{self.label}, line {self.line_of(table, key, number)}: {place}: {why}")

    def read(self, table: str, given: Mapping[str, Any], number: int = 0) -> dict[str, Any]:
        """The known keys of a table, calculations read; keys that are wrong are left out."""
        fields, found = TABLES[table], {}
        for key in given:
            if key not in fields:
                self.complain(table, key, f"no such key{nearest(key, fields)}", number)
        for key, field in fields.items():
            if key not in given:
                if field.needed:
                    self.complain(table, key, f"is missing; give {KINDS[field.kind][0]}", number)
                continue
            words, good = KINDS[field.kind]
            if not good(given[key]):
                self.complain(table, key, f"must be {words}", number)
                continue
            found[key] = given[key]
            if field.kind == "figure":
                found[key] = self.calculated(table, key, given[key], number)
        return found

    def calculated(self, table: str, key: str, text: str, number: int = 0) -> Expression | None:
        """A calculation; None where it cannot be read."""
        try:
            return calculation(text)
        except ScenarioError as error:
            self.complain(table, key, str(error), number)
            return None

    def require(self, good: bool, table: str, key: str, why: str, number: int = 0) -> None:
        """Complain unless something holds."""
        if not good:
            self.complain(table, key, why, number)

    def finish(self) -> None:
        """Raise what was gathered.

        Raises:
            ScenarioError: something is wrong
        """
        if self.wrong:
            raise ScenarioError("\n".join(self.wrong))
