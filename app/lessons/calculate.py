"""A small calculator for lessons: `100 * (1 - network.hashprice:last / network.hashprice:first)`.

    number                      12, 1_000, 0.5
    metric:rule                 network.hashprice:mean, network.hashprice:at(110), network.hashprice:mean(80, 110)
    rule(calculation)           the same of a calculation over days, mean(abs(ln(amm.price_median / nav)))
    name                        a parameter of the scenario, guess, or in a chart or a rule the path of a metric
    + - * / **  ( )             as usual
    < <= > >=  and  or          for conditions: 1 if true, 0 if not
    sqrt ln exp abs             functions; min and max of two, and total(path) in a chart, from the first day on

What names mean is for `facts` to say. Nothing else can be written, so a lesson cannot do anything but calculate.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from app.lessons.rules import RULES
from model.errors import ScenarioError, nearest

LONGEST, DEEPEST = 400, 40  # characters of an expression, and brackets within brackets
TOKEN = re.compile(r"\s*(?:([\d_]*\.?\d+(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(\*\*|<=|>=|[-+*/(),:<>]))")
FUNCTIONS: dict[tuple[str, int], Callable[..., Any]] = {  # by name and number of arguments
    ("sqrt", 1): np.sqrt,
    ("ln", 1): np.log,
    ("exp", 1): np.exp,
    ("abs", 1): np.abs,
    ("min", 2): np.minimum,
    ("max", 2): np.maximum,
    ("total", 1): np.nancumsum,
}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: np.divide(a, b),
    "**": lambda a, b: np.power(a, b),
    "<": lambda a, b: np.less(a, b) * 1.0,
    "<=": lambda a, b: np.less_equal(a, b) * 1.0,
    ">": lambda a, b: np.greater(a, b) * 1.0,
    ">=": lambda a, b: np.greater_equal(a, b) * 1.0,
    "and": lambda a, b: ((a != 0) & (b != 0)) * 1.0,
    "or": lambda a, b: ((a != 0) | (b != 0)) * 1.0,
}
LEVELS = (("or",), ("and",), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))  # what binds least first


class Names(Protocol):
    """What names mean."""

    def name(self, name: str) -> Any:
        """Value of a name: a number, or a path."""

    def figure(self, metric: str, rule: str, days: tuple[float, ...]) -> float:
        """A metric's path as one number."""


class Expression(NamedTuple):
    """Something to be worked out.

    Attributes:
        text: as written
        names: names in it that stand alone
        paths: names within a rule, which may be paths
        metrics: metrics in it that a rule makes one number of, with the rule
        work: works it out
    """

    text: str
    names: tuple[str, ...]
    paths: tuple[str, ...]
    metrics: tuple[tuple[str, str], ...]
    work: Callable[[Names], Any]

    def value(self, names: Names) -> float:
        """The number.

        Raises:
            ScenarioError: a name is unknown, or stands for a path
        """
        with np.errstate(all="ignore"):
            found = np.asarray(self.work(names), float)
        if found.ndim:
            raise ScenarioError(f"{self.text!r}: is a path, not a number; add a rule, as in metric:last")
        return float(found)

    def path(self, names: Names, days: int) -> list[float]:
        """One number per day: a number alone is the same every day."""
        with np.errstate(all="ignore"):
            found = np.broadcast_to(np.asarray(self.work(names), float), (days,))
        return [float(value) for value in found]


def calculation(text: str) -> Expression:
    """Read an expression.

    Args:
        text: as the module says

    Raises:
        ScenarioError: it cannot be read; the message shows where

    >>> class Nothing:
    ...     def name(self, name): return 2.0
    ...     def figure(self, metric, rule, days): return 3.0
    >>> calculation("2 * (x + 1) ** 2 - network.hashprice:at(5 * 2)").value(Nothing())
    15.0
    """
    if len(text) > LONGEST:
        raise ScenarioError(f"{text[:40]!r} …: longer than {LONGEST} characters; make it shorter")
    reader = _Reader(text)
    work = reader.level(0)
    if reader.place < len(reader.tokens):
        raise reader.trouble("nothing more is expected here")
    return Expression(text, tuple(reader.names), tuple(reader.paths), tuple(reader.metrics), work)


class _Reader:
    """Reads from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.depth = text, 0, 0
        self.names: list[str] = []
        self.paths: list[str] = []
        self.metrics: list[tuple[str, str]] = []
        self.tokens: list[str] = []
        self.starts: list[int] = []
        at = 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            if found is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise ScenarioError(f"{text!r}: {text[at]!r} cannot stand in a calculation")
            self.tokens.append(found.group().strip())
            self.starts.append(at)
            at = found.end()

    def trouble(self, why: str) -> ScenarioError:
        """What is wrong where it is."""
        where = (
            f"at {self.text[self.starts[self.place] :].strip()!r}" if self.place < len(self.tokens) else "at the end"
        )
        return ScenarioError(f"{self.text!r}: {where}: {why}")

    def take(self, *wanted: str) -> str:
        """The next token if it is one of these, else nothing."""
        if self.place < len(self.tokens) and self.tokens[self.place] in wanted:
            self.place += 1
            return self.tokens[self.place - 1]
        return ""

    def need(self, wanted: str) -> None:
        """The next token must be this."""
        if not self.take(wanted):
            raise self.trouble(f"{wanted!r} is missing")

    def level(self, i: int) -> Callable[[Names], Any]:
        """Operators that bind as level i or more."""
        self.depth += i == 0
        if self.depth > DEEPEST:
            raise self.trouble("too many brackets")
        found = self.level(i + 1) if i + 1 < len(LEVELS) else self.signed()
        while sign := self.take(*LEVELS[i]):
            found = _both(OPERATORS[sign], found, self.level(i + 1) if i + 1 < len(LEVELS) else self.signed())
        self.depth -= i == 0
        return found

    def signed(self) -> Callable[[Names], Any]:
        """A minus, and a power."""
        minus = len([1 for _ in iter(lambda: self.take("-"), "")])
        found = self.atom()
        if self.take("**"):
            found = _both(OPERATORS["**"], found, self.signed())
        if minus % 2:
            plain = found
            return lambda names: -plain(names)
        return found

    def atom(self) -> Callable[[Names], Any]:
        """A number, a name, a figure, a function, or brackets."""
        if self.take("("):
            found = self.level(0)
            self.need(")")
            return found
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if token[:1].isdigit() or token[:1] == "." or (token[:1] == "_" and token[-1:].isdigit()):
            self.place += 1
            number = np.float64(token.replace("_", ""))
            return lambda names: number
        if not (token[:1].isalpha() or token[:1] == "_") or token in ("and", "or"):
            raise self.trouble("a number, a name or a bracket is expected")
        self.place += 1
        if self.take(":"):
            return self.figure(token)
        if self.take("("):
            return self.function(token)
        self.names.append(token)
        return lambda names: names.name(token)

    def figure(self, metric: str) -> Callable[[Names], Any]:
        """A metric with its rule."""
        rule = self.tokens[self.place] if self.place < len(self.tokens) else ""
        if not rule[:1].isalpha():
            raise self.trouble("a rule is expected after the colon, such as last or mean")
        self.place += 1
        days = self.arguments() if self.take("(") else []
        self.metrics.append((metric, rule))
        return lambda names: names.figure(metric, rule, tuple(float(day(names)) for day in days))

    def function(self, name: str) -> Callable[[Names], Any]:
        """A rule applied to a calculation, or a function of one or two arguments."""
        known = {*RULES, *(name for name, _ in FUNCTIONS)}
        if name not in known:
            raise self.trouble(f"{name}: no such function{nearest(name, known)}")
        before = len(self.names)
        given = self.arguments()
        if name in RULES and len(given) == 1:
            self.paths += self.names[before:]
            del self.names[before:]
            return lambda names: RULES[name](np.atleast_1d(np.asarray(given[0](names), float)))
        if (name, len(given)) not in FUNCTIONS:
            raise self.trouble(f"{name} does not take {len(given)} argument{'s' * (len(given) > 1)}")
        work = FUNCTIONS[name, len(given)]
        return lambda names: work(*(argument(names) for argument in given))

    def arguments(self) -> list[Callable[[Names], Any]]:
        """What stands in brackets, up to the closing one."""
        found = [self.level(0)]
        while self.take(","):
            found.append(self.level(0))
        self.need(")")
        return found


def _both(
    work: Callable[[Any, Any], Any], a: Callable[[Names], Any], b: Callable[[Names], Any]
) -> Callable[[Names], Any]:
    return lambda names: work(a(names), b(names))
