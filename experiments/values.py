"""Values as they are written on the command line, for --set, --grid and --shock alike."""

import re
import tomllib
from datetime import date
from typing import Any

from model.errors import ScenarioError
from model.toml import tables_of

SHORT = re.compile(
    r"[+-]?(\.\d+|\d+\.)([eE][+-]?\d+)?"
)  # numbers that people write and TOML does not know: .5, -.5, 5.
NO_TEXT = re.compile(r"[\[\]{}\"'\x00-\x1f]")  # of a list, a table or a text that is not whole
SHOWN = 60  # letters of a word in a message
SAYS = 'is no TOML value; write a number, true, [1, 2] or "text"'


def toml_value(word: str) -> Any:
    """A value as in TOML; a number may begin or end with its point, and what is neither is text.

    Raises:
        ScenarioError: it is a list, a table or a text that is not whole, or larger than anything here

    >>> [toml_value(word) for word in (".5", "-.5", "true", "[1, 2]", "2031-01", "word")]
    [0.5, -0.5, True, [1, 2], '2031-01', 'word']
    """
    word = word.strip()
    try:
        read = tables_of(f"value = {word}")
        if set(read) == {"value"} and "\n" not in word:
            return read["value"]
    except tomllib.TOMLDecodeError:
        pass
    except ValueError as error:
        raise ScenarioError(f"{shorten(word)}: {error}") from None
    if SHORT.fullmatch(word):
        return float(word)
    if not word or NO_TEXT.search(word):
        raise ScenarioError(f"{shorten(word)} {SAYS}")
    return word


def shorten(word: str) -> str:
    """A word in quotes, cut where it is too long to be read.

    >>> shorten("x" * 99)
    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'"
    """
    return repr(word if len(word) <= SHOWN else f"{word[:SHOWN]}…")


def number_of(word: str) -> float | None:
    """A number; None if it is none.

    >>> number_of(".5"), number_of("1e3"), number_of("true"), number_of("[1")
    (0.5, 1000.0, None, None)
    """
    try:
        found = toml_value(word)
    except ScenarioError:
        return None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def day_of(word: str) -> date | None:
    """A day, YYYY-MM-DD; None if it is none.

    >>> day_of("2023-05-01"), day_of("2023-05")
    (datetime.date(2023, 5, 1), None)
    """
    try:
        found = toml_value(word)
    except ScenarioError:
        return None
    return found if type(found) is date else None
