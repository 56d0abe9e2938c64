"""Texts of lessons: fields in braces become numbers of the run, Markdown becomes HTML that can do nothing.

A field is a calculation, `{network.hashprice:last}`, with digits after the point if wanted: `{100 * x | 1}`.
"""

import re
from collections.abc import Iterator

from app.lessons.calculate import Expression, calculation
from app.lessons.facts import Facts
from experiments.console import readable
from model.errors import ScenarioError

FIELD = re.compile(r"\{([^{}|]*)(?:\|\s*(\d)\s*)?\}")


def fields(text: str, first: int) -> Iterator[tuple[int, Expression]]:
    """Line and calculation of each field.

    Args:
        text: Markdown
        first: line of the file on which the text begins

    Raises:
        ScenarioError: a field cannot be read
    """
    for found in FIELD.finditer(text):
        line = first + text.count("\n", 0, found.start())
        try:
            yield line, calculation(found[1].strip())
        except ScenarioError as error:
            raise ScenarioError(f"line {line}: {error}") from None


def filled(text: str, facts: Facts) -> str:
    """The text with its numbers; a figure that is undefined is a dash.

    Args:
        text: with fields in braces
        facts: of the run

    Raises:
        ScenarioError: a field cannot be worked out

    >>> from model.scenario import Scenario
    >>> filled("a fee of {amm.fee_bps / 100 | 1} %", Facts(Scenario.load("smoke")))
    'a fee of 1.0 %'
    """

    def number(found: re.Match[str]) -> str:
        value = calculation(found[1].strip()).value(facts)
        if found[2] is None or value != value:
            return readable(value).replace("-", "−")
        return f"{value:,.{int(found[2])}f}".replace("-", "−")

    return FIELD.sub(number, text)
