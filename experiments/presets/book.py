"""The book of answers, `docs/presets/answers.json`: what was found, over how many seeds, and with which version of the code."""

import json
from pathlib import Path
from typing import Any

from experiments.outputs import code_hash, version
from experiments.presets.found import Found
from experiments.presets.spec import PLAIN, answer_to, answers, folder_of
from model.errors import ScenarioError

BOOK = Path(__file__).resolve().parents[2] / "docs" / "presets" / "answers.json"
SHORT = 8  # letters of a digest that are shown
NOT_YET = "not asked yet: python -m experiments.presets --only {}"
Record = dict[str, Any]


def record_of(found: Found) -> Record:
    """What is kept of one scenario."""
    answer = answer_to(found.scenario)
    scenario = answer.scenario(found.scenario)
    return {
        "folder": folder_of(found.scenario),
        "question": scenario.question,
        "answer": answer.tell(found),
        "real": answer.real,
        "source": answer.source,
        "seeds": len(found.runs[PLAIN]),
        "ticks": scenario.clock.ticks,
        "version": version(),
        "code": code_hash(()),
        "config": scenario.fingerprint(),
        "variants": {variant: dict(changes) for variant, changes in answer.against.items()},
        "changes": dict(answer.changes),
        "numbers": found.record(),
    }


def read(path: Path = BOOK) -> dict[str, Record]:
    """All answers found so far, by scenario; none where the book is not there.

    Raises:
        ScenarioError: the book cannot be read
    """
    if not path.exists():
        return {}
    try:
        found: dict[str, Record] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScenarioError(
            f"{path}: cannot be read ({error}); delete it and run python -m experiments.presets"
        ) from None
    return found


def write(records: dict[str, Record], path: Path = BOOK) -> None:
    """Write all answers, in the order of the scenarios."""
    order = [name for name in answers() if name in records]
    text = json.dumps({name: records[name] for name in order}, indent=1, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def standing(name: str, record: Record) -> str:
    """Seeds and version of an answer, and whether code or scenario have changed since."""
    text = f"{record['seeds']} seeds, code {record['code'][:SHORT]}"
    now = answer_to(name).scenario(name).fingerprint()
    if record["config"] != now:
        return f"{text}; the scenario has changed since"
    return text if record["code"] == code_hash(()) else f"{text}; the code has changed since"


def rows(path: Path = BOOK) -> list[dict[str, str]]:
    """A row for every preset and stress scenario: question, answer, the real event, and what the answer rests on."""
    kept, found = read(path), []
    for name, answer in answers().items():
        record = kept.get(name)
        found.append({
            "scenario": name,
            "question": answer.scenario(name).question if record is None else record["question"],
            "answer": NOT_YET.format(name) if record is None else record["answer"],
            "real event": answer.real or "–",
            "from": "–" if record is None else standing(name, record),
        })  # fmt: skip
    return found
