"""What the files of a run, a study and a search must say of them to be shown, checked before a page looks at them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from experiments.store.manifest import FORMAT
from model.errors import ScenarioError


class _Part(BaseModel):
    """A table of a manifest; what pages do not look at may stand there, too."""

    model_config = ConfigDict(extra="allow")


class Clock(_Part):
    """Of a run's scenario."""

    hours_per_tick: float


class People(_Part):
    """A kind of agents of a run's scenario."""

    traits: dict[str, Any]


class Parameters(_Part):
    """A run's scenario, as `Scenario.resolved` gives it."""

    clock: Clock
    mechanisms: dict[str, dict[str, Any]]
    agents: dict[str, People]
    shocks: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class Counts(_Part):
    """Of a run."""

    ticks: int


class RunManifest(_Part):
    """What a run says of itself."""

    scenario: str
    question: str
    seed: int
    finished: str
    config_hash: str
    parameters: Parameters
    counts: Counts
    summary: dict[str, float | None]
    plugins: list[str] = []


class Runs(_Part):
    """Counts of a study's runs, once there are any."""

    done: int = 0
    asked: int = 0


class Stretch(_Part):
    """One time that somebody worked at a study."""

    ended: str = ""


class StudyManifest(_Part):
    """What a study says of itself."""

    format: int = Field(ge=FORMAT, le=FORMAT)
    study: str
    question: str
    state: str
    points: int
    replicates: int
    root_seed: int
    summary: list[str]
    plugins: list[str]
    history: list[Stretch] = Field(min_length=1)
    counts: Runs | None = None


class _Answer(_Part):
    """What a search says when it has ended."""

    study: str
    question: str
    answer: str
    replicates: int


class FrontierAnswer(_Answer):
    """Of a search for a frontier."""

    trials: int
    different: int = 0  # places; answers of earlier versions do not say


class CalibrationAnswer(_Answer):
    """Of a fit."""

    places: int


def manifest(record: Any, label: str) -> dict[str, Any]:
    """The manifest of a run or a study.

    Args:
        record: as read from its file
        label: of the file, for the message

    Raises:
        ScenarioError: it lacks something, or says it in other words
    """
    return _checked(StudyManifest if _has(record, "format") else RunManifest, record, label)


def answer(record: Any, label: str) -> dict[str, Any]:
    """The answer of a search; arguments and errors are those of `manifest`."""
    return _checked(FrontierAnswer if _has(record, "trials") else CalibrationAnswer, record, label)


def _has(record: Any, key: str) -> bool:
    return isinstance(record, dict) and key in record


def _checked(kind: type[BaseModel], record: Any, label: str) -> dict[str, Any]:
    """The record as it was, once it is known to fit."""
    try:
        kind.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "all of it"
        raise ScenarioError(f"{label}: cannot be read ({where}: {first['msg']})") from None
    found: dict[str, Any] = record
    return found
