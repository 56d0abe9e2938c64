"""The reference of classes and functions for scripts, made from their signatures and docstrings."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import agents.base
import model
from agents.base import Cohort, MarketAgent, PerAgentStrategy, Strategy, trait
from experiments.outputs import agent_table
from model import InvariantViolated, Marketplace, Scenario, ScenarioError
from model.actions import Action, Bundle
from model.ledger import Ledger
from model.metric import metric, shared
from model.view import MarketView

Shown = tuple[Any, str, str]  # a class or function, how an instance is called here, and which of its members are shown
SECTIONS: dict[str, tuple[Shown, ...]] = {
    "The market": (
        (
            Marketplace,
            "market",
            "step run change submit metrics summary events flows balance_sheet check fingerprint close scenario view",
        ),
        (agent_table, "", ""),
    ),
    "Scenarios": ((Scenario, "scenario", "names load override with_agents resolved fingerprint"),),
    "The ledger": ((Ledger, "market.ledger", "balance open_account pay check"),),
    "Agents": ((MarketAgent, "agent", "cash coins wealth health_factor held remove"),),
    "Strategies": (
        (Strategy, "strategy", "open decide state"),
        (PerAgentStrategy, "strategy", "decide_one"),
        (Cohort, "cohort", "cash held draw write"),
        (MarketView, "market", "once date cash"),
        (trait, "", ""),
    ),
    "Transactions": ((Action, "batch", "row of_rows rows done"), (Bundle, "", "")),
    "Metrics": ((metric, "", ""), (shared, "", "")),
    "Errors": ((ScenarioError, "", ""), (InvariantViolated, "", "")),
}
MADE_BY_USERS = (Marketplace, Action, Bundle)  # of other classes others make the instances
LISTS = re.compile(r"(Args|Attributes|Raises|Returns):")
ENTRY = re.compile(r"    (\S.*?): (.*)")


def python_page() -> str:
    """Every class and function for scripts."""
    parts = [
        "# Python\n",
        "Classes and functions for scripts and notebooks: [how to use them](../how_to/use_from_python.md). What agents may "
        "ask for is listed under [actions](actions.md).\n",
    ]
    for title, things in SECTIONS.items():
        parts += [f"## {title}\n"]
        for thing, called, names in things:
            parts += [f"### {thing.__name__}\n", f"```python\nfrom {home(thing)} import {thing.__name__}\n```\n"]
            if not inspect.isclass(thing) or thing in MADE_BY_USERS:
                parts += [f"`{thing.__name__}{arguments(thing)}`\n"]
            parts += [text(thing)]
            for name in names.split():
                member = inspect.getattr_static(thing, name)
                owner = thing.__name__ if isinstance(member, classmethod) else called
                parts += [f"#### `{owner}.{name}{arguments(member)}`\n", text(member)]
    return "\n".join(parts)


def home(thing: Any) -> str:
    """Module to import from: the package that shows it to the public where one does.

    >>> home(Marketplace), home(Ledger)
    ('model', 'model.ledger')
    """
    shown = (package for package in (model, agents.base) if thing.__name__ in package.__all__)
    return next((package.__name__ for package in shown), str(thing.__module__))


def arguments(thing: Any) -> str:
    """What it is called with, in brackets; empty for a property.

    >>> arguments(Marketplace.flows), arguments(MarketAgent.cash)
    ("(tick=None, asset='USD')", '')
    """
    if isinstance(thing, property):
        return ""
    found = inspect.signature(thing.__func__ if isinstance(thing, classmethod) else thing)
    bare = inspect.Parameter.empty
    kept = [p.replace(annotation=bare) for name, p in found.parameters.items() if name not in ("self", "cls")]
    return str(inspect.Signature(kept))


def text(thing: Any) -> str:
    """Docstring as Markdown: lists of arguments, attributes and errors as bullets, examples fenced."""
    return "\n".join(_lines(inspect.getdoc(thing) or "")).strip() + "\n"


def _lines(doc: str) -> Iterator[str]:
    listed = example = False
    for line in doc.splitlines():
        if line.startswith(">>>") and not example:
            example = True
            yield "```python"
        if example and not line.strip():
            example = False
            yield "```"
        if example:
            yield line
        elif LISTS.fullmatch(line):
            listed = True
            yield f"{line}\n"
        elif listed and (entry := ENTRY.fullmatch(line)):
            yield f"- `{entry[1]}`: {entry[2]}"
        else:
            listed = listed and bool(line.strip())
            yield line.strip()
    if example:
        yield "```"
