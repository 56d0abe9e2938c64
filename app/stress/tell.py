"""The answer of a stress test in words and rows: every number with its interval, and what is refused said so."""

import math
from collections.abc import Mapping
from typing import Any

from app.options import Table
from experiments.console import readable

Answer = Mapping[str, Any]


def percent(p: float | None) -> str:
    """A probability.

    >>> percent(0.1157), percent(None)
    ('11.6 %', '–')
    """
    return "–" if p is None or math.isnan(p) else f"{100.0 * p:.1f} %"


def span(found: Mapping[str, Any] | None) -> str:
    """A value with its interval.

    >>> span({"value": 2.0, "low": 1.0, "high": 3.5})
    '2 [1, 3.5]'
    """
    if found is None or found["value"] is None:
        return "–"
    if found["low"] is None or found["high"] is None:
        return readable(found["value"])
    return f"{readable(found['value'])} [{readable(found['low'])}, {readable(found['high'])}]"


def chance(found: Mapping[str, Any] | None) -> str:
    """A probability with its interval."""
    if found is None:
        return "–"
    p = found["probability"]
    return f"{percent(p['value'])} [{percent(p['low'])}, {percent(p['high'])}]"


def point(answer: Answer) -> Mapping[str, Any]:
    """The scenario with the shock."""
    found: Mapping[str, Any] = answer["points"][0]
    return found


def monitors(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Headline numbers: (key, label, value, meaning)."""
    here = point(answer)
    rows = [("runs", "Runs", f"{here['runs']:,} with, {(answer['calm'] or {'runs': 0})['runs']:,} without", "finished")]
    if here["protocol"] is not None:
        rows.append(("protocol", "Depositors lose", percent(here["protocol"]["probability"]["value"]), "share of runs"))
    if here["miners"] is not None:
        rows.append(("miners", "A miner fails", percent(here["miners"]["probability"]["value"]), "share of runs"))
    for loss in here["losses"]:
        if loss["name"] in ("bad debt", "debt liquidated"):
            value = f"{readable(loss['mean']['value'])} USD"
            rows.append((loss["name"].replace(" ", "_"), f"{loss['name'].capitalize()}, mean", value, "of a run"))
    return rows


def insolvency(answer: Answer) -> Table:
    """How likely, and when, with the shock and without."""
    rows = []
    for where in (point(answer), answer["calm"]):
        for found in () if where is None else (where["protocol"], where["miners"]):
            if found is not None:
                day = span(found["median_day"]) if found["hits"] else "never"
                rows.append(
                    (where["label"], found["who"], f"{found['hits']:,} of {where['runs']:,}", chance(found), day)
                )
    return Table(("", "who", "insolvent", "probability", "first day, median"), rows)


def losses(answer: Answer) -> Table:
    """Means, tails and largest of what is lost in a run [USD]."""
    here = point(answer)["losses"]
    if not here:
        return Table((), [])
    rows = [("mean", *(span(loss["mean"]) for loss in here))]
    for i, tail in enumerate(here[0]["tails"]):
        at = f"{100 * tail['at']:g} %"
        tails = [loss["tails"][i] for loss in here]
        rows.append((f"value at risk {at}", *(_tail(t["value_at_risk"]) for t in tails)))
        rows.append((f"expected shortfall {at}", *(_tail(t["expected_shortfall"]) for t in tails)))
    rows.append(("largest", *(readable(loss["largest"]) for loss in here)))
    return Table(("USD of a run", *(loss["name"] for loss in here)), rows)


def _tail(found: Mapping[str, Any]) -> str:
    return "refused" if found["value"] is None else span(found)


def losers(answer: Answer) -> Table:
    """Who loses: mean gain, what the shock did to it, share of runs with a loss, tail, worst [USD]."""
    rows = []
    for loser in point(answer)["losers"]:
        by = span(loser["by_shock"]["interval"]) if loser["by_shock"] else "–"
        rows.append(
            (
                loser["kind"].replace("_", " "),
                span(loser["gain"]),
                by,
                percent(loser["losing"]["value"]),
                _tail(loser["tail"]["expected_shortfall"]),
                readable(loser["worst"]),
            )
        )
    return Table(("kind", "gain, mean", "by the shock", "runs with a loss", "shortfall 95 %", "worst loss"), rows)


def worst(answer: Answer) -> Table:
    """The worst runs and their seeds."""
    lends = any(run["bad_debt"] is not None for run in answer["worst"])
    rows = []
    for run in answer["worst"]:
        lost = (readable(run["bad_debt"]), readable(run["left"])) if lends else ()
        rows.append(
            (f"{run['replicate']:,}", str(run["seed"]), *lost, readable(run["miners"]), readable(run["gained"]))
        )
    debts = ("bad debt USD", "of it left USD") if lends else ()
    return Table(("replicate", "seed", *debts, "miners that fail", "all agents gain USD"), rows)


def notes(answer: Answer) -> list[str]:
    """What is refused and why, what cannot be trusted, what failed."""
    here, said = point(answer), []
    for name in ("protocol", "miners"):
        if here[name] is not None:
            said.append(f"{name}: insolvent where {here[name]['meaning']}")
    if here["protocol"] is None:
        said.append("protocol: this scenario has no pool that lends")
    for tail in here["losses"][0]["tails"] if here["losses"] else ():
        if tail["value_at_risk"]["value"] is None:
            said.append(str(tail["value_at_risk"]["note"]).replace("VaR at", "value at risk and expected shortfall at"))
    said += [f"{loss['name']}: {loss['warning']}" for loss in here["losses"] if loss["warning"]]
    said += list(dict.fromkeys(f"bands of charts: {fan['note']}" for fan in answer["fans"].values() if fan["note"]))
    said.append("Brackets hold 95 % intervals; bands of charts are no intervals: more runs do not make them narrower.")
    return said
