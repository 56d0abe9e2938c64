"""Merged tables of a scenario, read part by part: each reader returns what can be used and tells what cannot."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from model.clock import ClockParams
from model.errors import nearest
from model.mechanism import Mechanism, catalogue, unnested
from model.metric import recorded
from model.params import Params, complaints

RESERVED = ("question", "sources", "extends", "record", "clock", "agents", "shocks", "changes")


def read_mechanisms(
    tables: dict[str, Any], folder: Path, wrong: list[str]
) -> tuple[dict[str, type[Mechanism]], dict[str, Params]]:
    """Mechanisms that are named and not switched off, and the parameters of those without fault.

    Args:
        folder: of the scenario's file, from where its own files are found
    """
    known = catalogue()
    present: dict[str, type[Mechanism]] = {}
    found: dict[str, Params] = {}
    for key, table in unnested(tables).items():
        if key in RESERVED:
            continue
        if key not in known:
            wrong.append(f"[{key}]: no such mechanism{nearest(key, [*known, *RESERVED])}")
        elif not isinstance(table, dict):
            wrong.append(f"{key} = {table!r}: a mechanism is a table; write [{key}]")
        elif table.get("enabled", True) not in (True, False):
            wrong.append(f"{key}.enabled = {table['enabled']!r}: write true or false")
        elif table.get("enabled", True):
            present[key] = known[key]
            values = {k: v for k, v in table.items() if k != "enabled"}
            try:
                found[key] = known[key].Params.model_validate(values, context={"folder": folder})
            except ValidationError as error:
                wrong += complaints(error, key, known[key].Params)
    return present, found


def read_clock(tables: dict[str, Any], wrong: list[str]) -> ClockParams:
    """The clock; where it has faults, that of no file."""
    try:
        return ClockParams.model_validate(tables.get("clock", {}))
    except ValidationError as error:
        wrong += complaints(error, "clock", ClockParams)
        return ClockParams()


def read_record(tables: dict[str, Any], present: set[str], clock: ClockParams, wrong: list[str]) -> tuple[str, ...]:
    """Patterns of `record`; those that fit no metric of this scenario are told, and if what stops the clock is none of them.

    Args:
        present: mechanisms and kinds of agents
    """
    patterns = _patterns(tables.get("record", []), present, wrong)
    watched = clock.stop_when.metric if clock.stop_when else None
    names = [m.name for m in recorded(present, patterns)]
    if watched is not None and watched not in names:
        wrong.append(
            f"clock.stop_when.metric = {watched!r}: this scenario records no such metric{nearest(watched, names)}"
        )
    return patterns


def _patterns(given: Any, present: set[str], wrong: list[str]) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        wrong.append('record: write a list of metrics in quotes, such as ["lending.*", "bitcoin.price"]')
        return ()
    names = [m.name for m in recorded(present)]
    for pattern in given:
        if not any(fnmatchcase(name, pattern) for name in names):
            wrong.append(f"record: {pattern!r}: this scenario has no such metric{nearest(pattern, names)}")
    return tuple(given)


def read_words(tables: dict[str, Any], wrong: list[str]) -> tuple[str, tuple[str, ...]]:
    """The question, and the sources."""
    question, sources = tables.get("question", ""), tables.get("sources", [])
    if not isinstance(question, str):
        wrong.append(f"question = {question!r}: write one sentence in quotes")
    if not isinstance(sources, list) or not all(isinstance(s, str) for s in sources):
        wrong.append("sources: write a list of sentences in quotes")
        sources = []
    return question, tuple(sources)
