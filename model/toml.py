"""TOML as people and programs hand it in: read, or refused for one reason."""

import re
import tomllib
from typing import Any

DEEPEST = 50  # tables and lists in one another
MOST_BITS = 1_000  # of a whole number; a float holds 1,024
MANY = re.compile(r"[0-9_]{600,}")
DEEP = f"tables or lists lie more than {DEEPEST} deep in one another"
LONG = "a number has more digits than any number here may have"


def tables_of(text: str) -> dict[str, Any]:
    r"""Tables of a TOML text.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML
        ValueError: it is, and nobody can use it: it lies too deep, or a number is too long

    >>> tables_of("[clock]\nticks = 9")
    {'clock': {'ticks': 9}}
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError(DEEP) from None
    except ValueError:  # Python reads no more than some thousand digits
        line = next((n for n, words in enumerate(text.split("\n"), 1) if MANY.search(words)), 0)
        raise ValueError(f"line {line}: {LONG}" if line else LONG) from None
    _refuse_unusable(found)
    return found


def _refuse_unusable(tables: dict[str, Any]) -> None:
    level: list[tuple[str, Any]] = list(tables.items())
    for _ in range(DEEPEST):
        below: list[tuple[str, Any]] = []
        for key, value in level:
            if isinstance(value, int) and value.bit_length() > MOST_BITS:
                raise ValueError(f"{key}: {LONG}")
            if isinstance(value, dict):
                below += [(f"{key}.{name}", item) for name, item in value.items()]
            elif isinstance(value, list):
                below += [(key, item) for item in value]
        if not below:
            return
        level = below
    raise ValueError(DEEP)
