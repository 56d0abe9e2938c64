"""Lessons: read, bet, run, answer, understand. Progress stays in the browser, and in the address."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import solara

from app import store
from app.lessons.lesson import Lesson
from app.lessons.progress import Progress, on_slider, read, write
from app.lessons.read import library
from app.panels.lesson import LessonView
from app.parts import coded, tag
from app.widgets.lessons import Keep, LessonRows

TITLE, ORDER = "Lessons", 4
PATH, PLACE = "lessons", "rigshare-lessons"  # address, and name under which the browser keeps progress
LONGEST = 80  # characters of a name repeated in a message
ABOUT = "A bet before each run: guess what will come out, let the market run, and see who was right."
STATES = {"new": "not begun", "begun": "begun", "done": "done"}


@solara.component
def Page() -> Any:
    """The list, or one lesson."""
    router = solara.use_router()
    lessons, wrong = solara.use_memo(library, [])
    kept: dict[str, Progress] = {}
    progress, set_progress = solara.use_state(kept)
    loaded, set_loaded = solara.use_state(False)
    text, set_text = solara.use_state("")
    asked = {key: values[0] for key, values in parse_qs(router.search or "").items()}
    by_name = {lesson.name: lesson for lesson in lessons}
    name = asked.get("lesson", "")
    lesson = by_name.get(name)

    def found(text: Any) -> None:
        known = read(text, lessons)
        guess = on_slider(lesson, asked["guess"]) if lesson is not None and "guess" in asked else None
        if lesson is not None and guess is not None:
            before = known.get(name) or progress.get(name) or Progress()
            known[name] = before._replace(guess=guess)
        set_progress(lambda now: {**now, **known})
        set_loaded(True)

    def keep(mine: Progress) -> None:
        set_progress(lambda now: {**now, name: mine})
        set_text(write({name: mine}))

    def go(other: Any) -> None:
        if other in by_name or other == "":
            router.push(f"/{PATH}?{urlencode({'lesson': other})}" if other else f"/{PATH}")

    mine = progress.get(name, Progress())

    words = {"lesson": name} | ({} if mine.guess is None else {"guess": repr(mine.guess).removesuffix(".0")})
    store.use_address(PATH, urlencode(words) if lesson is not None and loaded else None)
    browser = Keep(place=PLACE, text=text, event_found=found).key(f"kept {name}")
    if lesson is None:
        notes = [f"There is no lesson {name[:LONGEST]!r}; here are all of them."] if name else []
        return tag("div", [browser, *_list(lessons, progress, [*notes, *wrong], go)])
    if not loaded:
        return tag("div", [browser, tag("h1", [lesson.title])])
    place = f"Lesson {lessons.index(lesson) + 1} of {len(lessons)}"
    view = LessonView(lesson, place, by_name.get(lesson.next), mine, keep, go).key(name)
    return tag("div", [browser, view])


def _list(lessons: tuple[Lesson, ...], progress: dict[str, Progress], wrong: list[str], go: Any) -> list[Any]:
    """All lessons with what was done of each."""
    rows = []
    for lesson in lessons:
        mine = progress.get(lesson.name, Progress())
        state = "done" if mine.done else "begun" if mine.guess is not None or mine.answers else "new"
        rows.append(
            {
                "name": lesson.name,
                "path": f"/{PATH}?{urlencode({'lesson': lesson.name})}",
                "title": lesson.title,
                "about": lesson.about,
                "state": state,
                "words": STATES[state],
            }
        )
    done = sum(row["state"] == "done" for row in rows)
    through = f"{done} of {len(rows)} done." if rows else "There are no lessons in scenarios/lessons."
    return [
        tag("h1", [TITLE]),
        tag("p", [ABOUT], "rs-question"),
        *[tag("p", coded(text), "rs-note", role="alert") for text in wrong],
        tag("p", [through, " Your progress stays in this browser."], "rs-hint", role="status"),
        LessonRows(lessons=json.dumps(rows), event_went=go),
    ]
