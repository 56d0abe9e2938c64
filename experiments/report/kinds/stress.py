"""A stress test: how likely insolvency is, how bad the tail, who loses, which runs were worst."""

import math
from collections.abc import Sequence
from pathlib import Path

from experiments.console import readable
from experiments.report.charts.base import Gallery
from experiments.report.html import Section, items, paragraph, table
from experiments.report.kinds import Told, sweep
from experiments.report.material import Material, material
from experiments.statistics import Interval, Tail
from experiments.store.find import command_of
from experiments.store.manifest import read_manifest
from experiments.stress import LEAST, heat
from experiments.stress.analysis import Stressed, StressResult, analyse
from experiments.stress.points import CALM
from experiments.stress.running import SCENARIOS

PLACE = 100
MARK = "stress-"
MOST_WORST = 10


def fits(folder: Path) -> bool:
    """Whether `stress` has made it: it keeps composed scenarios beside the runs."""
    if not ((folder / SCENARIOS).is_dir() and sweep.fits(folder)):
        return False
    return str(read_manifest(folder)["study"]).startswith(MARK)


def read(folder: Path, gallery: Gallery) -> Told:
    """Answers of a stress test, made from its runs anew."""
    found = material(folder)
    if found.table.empty:
        return sweep.told(found, gallery, "stress test")
    points = [point for point in found.points if len(found.rows(point))]
    places = {point.label: point.values for point in points}
    commands = dict.fromkeys(places, "")  # the report names runs, which the folder has
    calm = CALM if CALM in places and len(places) > 1 else None
    asked = {"least": LEAST, "shocks": shocks_of(found), **(found.manifest.get("asked") or {})}
    shocks, least = asked["shocks"], asked["least"]
    result = analyse(found.table, base_of(found), places, commands, shocks=shocks, calm=calm, least=least)
    return sweep.told(found, gallery, "stress test", sentence(result), tuple(sections(result, gallery, found)))


def base_of(found: Material) -> str:
    """Name of the scenario under stress."""
    return found.points[0].name


def shocks_of(found: Material) -> list[str]:
    """Shocks of the first point, for folders of versions that did not keep what was asked."""
    rows = found.points[0].tables.get("shocks", [])
    return [", ".join(f"{key} {value}" for key, value in row.items() if key != "source") for row in rows]


def sentence(result: StressResult) -> str:
    """The answer in one paragraph: at the first place, and against the calm."""
    point, said = result.points[0], []
    where = f"Under {point.label}" if point.label else "Under stress"
    for found in (point.protocol, point.miners):
        if found is None:
            continue
        who = "the protocol" if found.who == "protocol" else "at least one miner"
        text = f"{who} becomes insolvent in {found.hits} of {found.probability.n} runs ({percent(found.probability)})"
        if found.hits and math.isfinite(found.median_day.value):
            text += f", half of them by day {readable(found.median_day.value)}"
        said.append(text)
    lost = next((loss for loss in point.losses if loss.name == "bad debt left"), None)
    if lost is not None:
        said.append(
            f"depositors are left with {span(lost.mean)} USD of bad debt on average, and {readable(lost.largest)} USD in the worst run"
        )
    if point.losers:
        worst = point.losers[0]
        gap = worst.by_shock.interval if worst.by_shock else worst.gain
        against = "against the same runs without the shocks" if worst.by_shock else "over the run"
        clear = gap.high < 0.0
        said.append(
            f"{worst.kind.replace('_', ' ')}s lose most: {span(gap)} USD {against}"
            if clear
            else "no kind of agents clearly loses"
        )
    return f"{where}, {'; '.join(said)}." if said else f"{where} there is nothing that can become insolvent."


def percent(p: Interval) -> str:
    """A probability with its exact interval."""
    return f"{p.value:.1%}, exact 95 % interval {p.low:.1%} to {p.high:.1%}"


def span(i: Interval) -> str:
    """A number with its interval."""
    return (
        f"{readable(i.value)} ({readable(i.low)} to {readable(i.high)})" if math.isfinite(i.low) else readable(i.value)
    )


def measure(i: Interval) -> str:
    """A risk measure, or that it is refused."""
    return "refused" if math.isnan(i.value) else span(i)


def sections(result: StressResult, gallery: Gallery, found: Material) -> list[Section]:
    """Insolvency, losses, losers, worst runs."""
    every: tuple[Stressed, ...] = (*result.points, *((result.calm,) if result.calm else ()))
    return [
        Section("Insolvency", "insolvency", _insolvency(result, every, gallery)),
        Section("Losses and their tails", "losses", _losses(every)),
        Section("Who loses", "losers", _losers(result)),
        Section("Worst runs", "worst", _worst(result, found)),
    ]


def _insolvency(result: StressResult, every: Sequence[Stressed], gallery: Gallery) -> str:
    """The shocks, how often somebody became insolvent by them, and maps of it."""
    body = items(result.shocks) if result.shocks else paragraph("No shocks were added.")
    rows = [
        (point.label, who.who, who.hits, who.probability.n, percent(who.probability), readable(who.median_day.value))
        for point in every
        for who in (point.protocol, point.miners)
        if who is not None
    ]
    heads = ("place", "who", "insolvent", "runs", "probability", "median day")
    body += table(heads, rows, (2, 3, 4, 5)) if rows else paragraph("Nothing here can become insolvent.")
    first = result.points[0]
    said = [f"{who.who}: insolvent where {who.meaning}" for who in (first.protocol, first.miners) if who]
    body += items(said, "note") if said else ""
    for who, chart in result.maps.items():
        body += gallery.add(
            heat.figure(chart, f"{result.scenario}: {who}"),
            f"insolvency of {who}",
            f"Probability of insolvency: {who}; hatched cells may lie on either side of the 1 % line.",
        )
    return body


def _losses(every: Sequence[Stressed]) -> str:
    """Means, largest and tails of losses, and what to beware of."""
    losses = [(point, loss) for point in every for loss in point.losses]
    rows = [
        (p.label, loss.name, span(loss.mean), readable(loss.largest), *(cell for t in loss.tails for cell in tail(t)))
        for p, loss in losses
    ]
    heads = ("place", "loss [USD]", "mean", "largest", "VaR 95 %", "ES 95 %", "VaR 99 %", "ES 99 %")
    warnings = [f"{p.label}, {loss.name}: {loss.warning}" for p, loss in losses if loss.warning]
    refused = {t.refused for _, loss in losses for t in loss.tails if t.refused}
    body = table(heads, rows, range(2, 8)) if rows else paragraph("No bad debt is recorded in this scenario.")
    return body + (items([*warnings, *sorted(refused)], "note") if warnings or refused else "")


def _losers(result: StressResult) -> str:
    """What each kind gained, and how much of it was by the shocks."""
    rows = [
        (point.label, each.kind, span(each.gain), percent(each.losing), readable(each.worst),
         span(each.by_shock.interval) if each.by_shock else "–")
        for point in result.points for each in point.losers
    ]  # fmt: skip
    heads = ("place", "kind", "gain [USD]", "share of runs with a loss", "worst loss [USD]", "by the shocks [USD]")
    return table(heads, rows, range(2, 6)) if rows else paragraph("Nobody's gain is recorded.")


def _worst(result: StressResult, found: Material) -> str:
    """The worst runs, each with the command that repeats it."""
    rows = [
        (w.label, w.replicate, readable(w.left), readable(w.bad_debt), readable(w.miners), readable(w.gained),
         command_of(found.folder, w.run, found.manifest["plugins"]))
        for w in result.worst[:MOST_WORST]
    ]  # fmt: skip
    heads = ("place", "replicate", "bad debt left", "bad debt", "miners failed", "all gained", "repeat it")
    return table(heads, rows, range(1, 6))


def tail(found: Tail) -> tuple[str, str]:
    """Value at risk and expected shortfall."""
    return measure(found.value_at_risk), measure(found.expected_shortfall)
