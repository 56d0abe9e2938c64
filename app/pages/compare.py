"""Compare: two runs in lockstep under the same luck."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import solara

from app import pair, store
from app.address import Setup, load
from app.export import csv_of_paths
from app.frame import Frame
from app.options import pair as drawings
from app.panels.figures import Figure
from app.panels.lockstep import Lockstep
from app.panels.side import Side
from app.parts import coded, tag
from app.scenario_file import scenario_toml
from app.session import Session
from app.state import State
from app.widgets import Buttons, Rows, Select
from experiments import runs
from experiments.console import readable
from model.errors import ScenarioError
from model.unit_names import unit_of
from model.units import HOURS_PER_DAY

TITLE, ORDER = "Compare", 2
PATH = "compare"
QUESTION = (
    "Two markets under one seed: what both have in common meets the same luck, so only other rules tell them apart."
)
UNLIKE = "Two scenarios may also differ in their prices and people, so not every difference is one of rules."
SURELY = "One seed is one piece of luck. `python run.py compare A B --seeds 30` says how sure a difference is."


@solara.component
def Page() -> Any:
    """The whole page."""
    session = store.use_session()
    router = solara.use_router()
    none: tuple[str, ...] = ()
    notes, set_notes = solara.use_state(none)
    shown, set_shown = solara.use_state(none)

    def begin() -> None:
        both, wanted, said = pair.read(router.search)
        set_notes(tuple(said))
        set_shown(wanted)
        start(*both)

    def start(first: Setup, second: Setup) -> None:
        try:
            for setup in (first, second):
                setup.build()
        except ScenarioError as error:
            set_notes((str(error),))
            return
        session.open(first, second)

    solara.use_effect(begin, [router.search])
    state = session.state
    both = (state.setups[0], state.setups[1]) if len(state.setups) == 2 else pair.read(router.search)[0]
    standing = len(state.frames) == 2 and not state.busy
    store.use_address(PATH, pair.written(*both, shown) if standing else None)

    def turn(place: int, setup: Setup) -> None:
        set_notes(())
        tick = both[0].tick if setup.scenario == both[place].scenario else 0
        wanted = [replace(each, tick=tick) for each in both]
        wanted[place] = replace(setup, tick=tick)
        start(*wanted)

    compiled = solara.use_memo(lambda: all(runs.compiled(load(each.scenario)) for each in both), [both])
    time = Lockstep(session, state, both[0].seed, not compiled, lambda text: set_notes((text,) if text else ()))
    sides = [
        Side(name, each, lambda setup, place=place: turn(place, setup), word=word).key(name)
        for place, (name, each, word) in enumerate(zip("AB", both, ("solid", "dashed"), strict=True))
    ]
    said = [*notes, *([state.message] if state.message else [])]
    head = [tag("h1", [TITLE]), tag("p", [QUESTION], "rs-question")]
    head += [tag("p", [UNLIKE], "rs-hint")] if both[0].scenario != both[1].scenario else []
    head += [tag("p", coded(text), "rs-note", role="alert") for text in said]
    home = _home(session, state, both, shown)
    figures = tag("div", _figures(session, state, shown, lambda names: set_shown(names)), "rs-pictures")
    return tag("div", [*head, tag("div", [time, tag("div", sides, "rs-grid"), figures, home], "rs-explore")])


def _figures(session: Session, state: State, shown: tuple[str, ...], show: Any) -> list[Any]:
    """Charts of both, who won and who lost, and numbers; an empty state before the first tick."""
    paths = session.paths() if len(state.frames) == 2 else []
    if len(paths) != 2:
        words = "The runs cannot be shown." if state.message else "Both markets are being built; figures come soon."
        return [tag("p", [words], "rs-card rs-empty").key("empty")]
    ticks = min(len(next(iter(each.values()), [])) for each in paths)
    both = [{name: path[:ticks] for name, path in each.items()} for each in paths]
    hours = float(state.frames[0]["hours"])
    frame = Frame({"scenario": PATH, "seed": state.setups[0].seed, "hours": hours})
    days = ticks * hours / HOURS_PER_DAY
    known = pair.common(both)
    names = pair.charted(known, shown)
    dark = store.dark.value
    choices = [(name, f"{pair.label(name)} ({name})") for name in known]

    def put(place: int, name: str) -> None:
        show(tuple(name if i == place else other for i, other in enumerate(names)))

    cards, picks = [], []
    for place, name in enumerate(names):
        chart = drawings.path(name, both, hours)
        figure = Figure(chart, frame, dark, paths=partial(_named, both, name))
        cards.append(figure.key(f"chart {place} {name}"))
        picks.append(Select(f"Chart {place + 1} shows", name, choices, partial(put, place)))
    won = pair.gains(both)
    who = Figure(drawings.bars(won), frame, dark, note=pair.verdict(won), wide=True).key("gains")
    monitor = tag(
        "p", [f"Day {readable(days)} of both, seed {state.setups[0].seed}"], "rs-label", **{"data-day": f"{days:g}"}
    )
    fold = [tag("summary", ["Choose what the charts show"], "rs-label"), tag("div", picks, "rs-grid rs-two")]
    return [monitor, tag("details", fold, "rs-fold"), tag("div", [*cards, who, _table(pair.ends(both))], "rs-charts")]


def _named(both: Sequence[pair.Paths], name: str) -> dict[str, list[float]]:
    """Paths of one metric for the chart's file."""
    return {key: list(each[name]) for key, each in zip(drawings.columns(name), both, strict=True)}


def _table(rows: Sequence[pair.End]) -> Any:
    """Numbers of both and their difference."""
    cells = []
    for end in rows:
        share = pair.change(end)
        gap = end.difference
        cells.append(
            [
                pair.label(end.metric.name),
                unit_of(end.metric.unit),
                end.rule,
                readable(end.first),
                readable(end.second),
                "–" if math.isnan(gap) else "0" if gap == 0.0 else readable(gap),
                "–" if share is None else percent(share),
                end.better,
            ]
        )
    heads = ("number", "unit", "rule", "A", "B", "B − A", "change", "better")
    return tag(
        "div",
        [Rows("Numbers so far", heads, cells, title="Numbers so far"), tag("p", coded(SURELY), "rs-hint")],
        "rs-wide",
    )


def percent(share: float) -> str:
    """A change in per cent, two digits of it.

    >>> percent(7.91), percent(-0.0123), percent(250.0), percent(0.0)
    ('+7.9 %', '-0.012 %', '+250 %', '0 %')
    """
    return "0 %" if not share else f"{share:+.0f} %" if abs(share) >= 10.0 else f"{share:+.2g} %"


def _home(session: Session, state: State, both: tuple[Setup, Setup], shown: tuple[str, ...]) -> Any:
    """Link, files."""
    ready = len(state.frames) == 2

    def numbers() -> None:
        paths = session.paths()
        if len(paths) == 2:
            ticks = min(len(next(iter(each.values()), [])) for each in paths)
            columns = {name: path[:ticks] for name, path in pair.columns(paths).items()}
            store.save(csv_of_paths(columns, float(state.frames[0]["hours"])), f"compare-{both[0].seed}.csv")

    def toml(place: int) -> None:
        store.save(scenario_toml(both[place]), f"{'AB'[place]}-{both[place].scenario}-{both[place].seed}.toml")

    acts = {
        "link": lambda: store.copy(f"/{PATH}?{pair.written(*both, shown)}"),
        "a": lambda: toml(0),
        "b": lambda: toml(1),
        "all": numbers,
    }
    buttons = [
        ("link", "Copy link", "Copy a link to this pair", False),
        ("a", "A as TOML", "Scenario A as TOML", False),
        ("b", "B as TOML", "Scenario B as TOML", False),
        ("all", "All numbers", "All numbers of both runs as CSV", not ready),
    ]
    words = "The link reproduces both runs. `python run.py compare A.toml B.toml` compares them over many seeds."
    return Buttons("Take it home", buttons, lambda key: acts[key](), words)
