"""Read lessons: a header in TOML between two lines `+++`, then Markdown under `# Before`, `# After` and `# Why`."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.address import Setup, checked, load, whole
from app.lessons.calculate import Expression, calculation
from app.lessons.facts import Facts, check_rule, parameter
from app.lessons.header import MOST_CHOICES, MOST_LINES, MOST_QUESTIONS, MOST_SEEDS, MOST_TICKS, Header
from app.lessons.lesson import Bet, Choice, Lesson, Line, Question
from app.lessons.text import fields
from model.errors import ScenarioError, nearest
from model.metric import registry
from model.scenario import Scenario
from model.scenario_files import FOLDER as SCENARIOS

FOLDER = SCENARIOS / "lessons"
FENCE = "+++"
PARTS = ("Before", "After", "Why")
LARGEST = 100_000  # characters of a file
EXTRA = ("nav",)  # paths that a run of the browser keeps beside the metrics


def read(path: Path) -> Lesson:
    """One lesson.

    Args:
        path: of the file

    Raises:
        ScenarioError: it cannot be used; one sentence per fault, with file and line
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path.name}: cannot be read: {error}") from None
    if len(text) > LARGEST:
        raise ScenarioError(f"{path.name}: longer than {LARGEST:,} characters; make two lessons of it")
    lines = text.splitlines()
    fences = [i for i, line in enumerate(lines) if line.strip() == FENCE]
    if len(fences) < 2 or any(line.strip() and not line.startswith("<!--") for line in lines[: fences[0]]):
        raise ScenarioError(f"{path.name}, line 1: a lesson begins with a header between two lines of {FENCE}")
    header = Header("\n".join(lines[fences[0] + 1 : fences[1]]), path.name, fences[0] + 2)
    parts = _parts(header, lines, fences[1] + 1)
    lesson = _lesson(header, path.stem, parts)
    _check_names(header, lesson)
    header.finish()
    return lesson


def library(folder: Path | None = None) -> tuple[tuple[Lesson, ...], tuple[str, ...]]:
    """All lessons of a folder, `FOLDER` unless told, in their order; and what is wrong with files that cannot be used."""
    found, wrong = [], []
    for path in sorted((folder or FOLDER).glob("*.md")):
        try:
            found.append(read(path))
        except ScenarioError as error:
            wrong.append(str(error))
    found.sort(key=lambda lesson: (lesson.order, lesson.name))
    following = {a.name: b.name for a, b in pairwise(found)}
    known = {lesson.name for lesson in found}
    for i, lesson in enumerate(found):
        if lesson.next and lesson.next not in known:
            wrong.append(f"{lesson.name}.md: next = {lesson.next!r}: no such lesson{nearest(lesson.next, known)}")
        found[i] = replace(lesson, next=lesson.next if lesson.next in known else following.get(lesson.name, ""))
    return tuple(found), tuple(wrong)


def _parts(header: Header, lines: list[str], start: int) -> list[tuple[str, int]]:
    """Text and first line of each part."""
    places: dict[str, int] = {}
    for i, line in enumerate(lines[start:], start):
        if line.startswith("# "):
            name = line[2:].strip()
            if name not in PARTS or name in places:
                header.wrong.append(
                    f"{header.label}, line {i + 1}: '# {name}': the parts are # Before, # After and # Why, each once; "
                    "use ## for other headings"
                )
            else:
                places[name] = i
        elif line.strip() and not places:
            header.wrong.append(f"{header.label}, line {i + 1}: text must stand under # Before, # After or # Why")
            break
    header.wrong += [f"{header.label}: the part '# {name}' is missing" for name in PARTS if name not in places]
    found = []
    for name in PARTS:
        begin = places.get(name, len(lines))
        end = min((i for i in places.values() if i > begin), default=len(lines))
        first = next((i for i in range(begin + 1, end) if lines[i].strip()), begin + 1)
        found.append(("\n".join(lines[first:end]).rstrip(), first + 1))
    return found


def _lesson(header: Header, name: str, parts: list[tuple[str, int]]) -> Lesson:
    """The lesson; what is wrong is left to the header."""
    top = header.read("", header.values)
    chart, bet = header.read("chart", top.get("chart", {})), _bet(header, top.get("predict", {}))
    lines = [header.read("chart.lines", row) for row in chart.get("lines", [])]
    header.require(len(lines) <= MOST_LINES, "chart", "lines", f"at most {MOST_LINES}")
    asked = [_question(header, row, i) for i, row in enumerate(top.get("question", []))]
    header.require(len(asked) <= MOST_QUESTIONS, "", "question", f"at most {MOST_QUESTIONS}")
    changes = []
    for i, row in enumerate(top.get("change", [])):
        known = header.read("change", row, i)
        changes += [(known.get("tick", 0), path, value) for path, value in _flat(known.get("set", {})).items()]
    seeds, ticks = top.get("seeds", 1), top.get("ticks", 1)
    header.require(1 <= seeds <= MOST_SEEDS, "", "seeds", f"from 1 to {MOST_SEEDS}")
    header.require(2 <= ticks <= MOST_TICKS, "", "ticks", f"from 2 to {MOST_TICKS:,}")
    settings = {**_flat(top.get("set", {})), "clock.ticks": ticks}
    nothing = calculation("0")
    (before, at_before), (after, at_after), (why, at_why) = parts
    return Lesson(
        name,
        top.get("title", name),
        top.get("about", ""),
        float(top.get("order", 0)),
        top.get("scenario", ""),
        top.get("seed", 0),
        seeds,
        ticks,
        tuple(settings.items()),
        tuple(changes),
        chart.get("title", ""),
        chart.get("unit", ""),
        float(chart.get("from", 0)),
        tuple(Line(row.get("label", ""), row.get("figure") or nothing) for row in lines),
        bet,
        tuple(asked),
        before,
        after,
        why,
        top.get("next", ""),
        (at_before, at_after, at_why),
    )


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted paths of nested tables: `bitcoin.drift = 1` and `"bitcoin.drift" = 1` are the same."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def _bet(header: Header, table: dict[str, Any]) -> Bet:
    known, nothing = header.read("predict", table), calculation("0")
    low, high, step = (float(known.get(key, 1.0)) for key in ("low", "high", "step"))
    if {"low", "high", "step"} <= known.keys():
        header.require(low < high, "predict", "high", "must be above low")
        header.require(0 < step <= high - low or low >= high, "predict", "step", "must be above 0 and within the range")
        header.require(low <= known.get("start", low) <= high, "predict", "start", f"from {low:g} to {high:g}")
    header.require(known.get("near", 1.0) > 0, "predict", "near", "must be above 0")
    middle = low + step * round((high - low) / step / 2) if step > 0 else low
    return Bet(
        known.get("question", ""),
        known.get("figure") or nothing,
        known.get("unit", ""),
        low,
        high,
        step,
        float(known.get("start", middle)),
        float(known.get("near", step)),
        known.get("draw") or calculation("guess"),
    )


def _question(header: Header, table: dict[str, Any], i: int) -> Question:
    known = header.read("question", table, i)
    rows = [header.read("question.choices", row, i) for row in known.get("choices", [])]
    figure = known.get("figure")
    if ("choices" in table) == ("figure" in table):
        header.complain("question", "text", "give either choices, or figure with unit and within", i)
    if rows:
        header.require(2 <= len(rows) <= MOST_CHOICES, "question", "choices", f"2 to {MOST_CHOICES} of them", i)
        says = [row for row in rows if row.get("right") or row.get("when")]
        header.require(bool(says), "question", "choices", "one needs right = true or a condition `when`", i)
    elif figure is not None:
        header.require(known.get("within", 0) > 0, "question", "within", "is missing, or not above 0", i)
    choices = [Choice(r.get("text", ""), r.get("right", False), r.get("when"), r.get("why", "")) for r in rows]
    line = header.line_of("question", "text", i)
    unit, within = known.get("unit", ""), float(known.get("within", 0.0))
    return Question(known.get("text", ""), tuple(choices), figure, unit, within, known.get("why", ""), line)


def _check_names(header: Header, lesson: Lesson) -> None:
    """Scenario, parameters, and every name in a calculation."""
    try:
        scenario = load(lesson.scenario)
    except ScenarioError as error:
        header.require("scenario" not in header.values, "", "scenario", str(error))
        return
    for path in (*dict(lesson.settings), *(path for _, path, _ in lesson.changes)):
        try:
            checked(path, scenario)
        except ScenarioError as error:
            header.complain("set" if path in dict(lesson.settings) else "change", path, str(error))
    try:
        whole(lesson.seed, "seed", 0, 2**62)
        built = Setup(lesson.scenario, lesson.seed, 0, lesson.settings, lesson.changes).build()
    except ScenarioError as error:
        header.complain("", "scenario", str(error))
        return
    bet = lesson.bet
    _names(header, built, "predict", 0, bet.figure)
    _names(header, built, "predict", 0, bet.draw, ("guess",))
    for line in lesson.lines:
        _names(header, built, "chart", 0, line.figure, ("day",), paths=True)
    for i, question in enumerate(lesson.questions):
        for each in [question.figure, *(choice.when for choice in question.choices)]:
            if each is not None:
                _names(header, built, "question", i, each)
    texts = [(lesson.before, lesson.places[0], True), (lesson.after, lesson.places[1], False)]
    texts += [(lesson.why, lesson.places[2], False), (bet.question, header.line_of("predict", "question"), True)]
    for i, question in enumerate(lesson.questions):
        said = [
            question.text,
            question.why,
            *(part for choice in question.choices for part in (choice.text, choice.why)),
        ]
        texts += [(text, header.line_of("question", "text", i), False) for text in said]
    for text, first, early in texts:
        try:
            for place, figure in fields(text, first):
                _field(header, built, figure, place, early)
        except ScenarioError as error:
            header.wrong.append(f"{header.label}, {error}")


def _field(header: Header, scenario: Scenario, figure: Expression, line: int, early: bool) -> None:
    """Check a field of a text; before the run nothing of it is known."""
    try:
        if early:
            figure.value(Facts(scenario, given={"seeds": 1}))
        else:
            _known(scenario, figure, ("guess", "outcome", "seeds"))
    except ScenarioError as error:
        header.wrong.append(f"{header.label}, line {line}: {error}")


def _names(
    header: Header,
    scenario: Scenario,
    table: str,
    i: int,
    figure: Expression,
    more: tuple[str, ...] = (),
    paths: bool = False,
) -> None:
    try:
        _known(scenario, figure, more, paths)
    except ScenarioError as error:
        key = {"predict": "figure", "chart": "lines", "question": "text"}[table]
        header.complain(table, key, f"{figure.text!r}: {error}", i)


def _known(scenario: Scenario, figure: Expression, more: tuple[str, ...] = (), paths: bool = False) -> None:
    """Refuse names that mean nothing.

    Raises:
        ScenarioError: one does
    """
    metrics = [*registry(), *EXTRA]
    for metric, rule in figure.metrics:
        check_rule(metric, rule)
        if metric not in metrics:
            raise ScenarioError(f"{metric}: no such metric{nearest(metric, metrics)}")
    for name in (*figure.names, *figure.paths):
        if name not in more and not ((paths or name in figure.paths) and name in metrics):
            parameter(scenario, name)
