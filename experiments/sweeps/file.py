"""Sweep files: which parameters of which scenario are varied how, how often each point runs, and what is kept."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from experiments.study_files import SEARCHES
from experiments.sweeps.designs import Design, kinds
from experiments.sweeps.folder import origin
from experiments.sweeps.paths import flat
from experiments.sweeps.ranges import Number, Variable
from model.errors import ScenarioError, nearest
from model.params import complaints
from model.scenario_files import read_toml

if TYPE_CHECKING:
    from experiments.sweeps.study import Study

TABLES = ("experiment", "params", "design", "replicates", "outputs")
PILOT = 10  # replicates that tell the spread before a precision can be aimed at
FOLDER_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
MOST_REPLICATES = 100_000  # five digits of a run's name
ANY = Variable(values=[0])  # stands in for variables at fault while a block's other keys are checked
Model = TypeVar("Model", bound=BaseModel)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Experiment(_Table):
    """`[experiment]`: what is asked, and of which scenario."""

    name: str | None = Field(default=None, description="name of the study's folder of results, else the file's name")
    question: str = Field(default="", description="what the study asks, one sentence")
    base: str = Field(description="scenario that every point starts from: a name, or a path beside this file")
    ticks: int | None = Field(default=None, ge=1, le=1_000_000, description="length of every run instead of the base's")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="from which all seeds of the study are derived")
    agents: int | None = Field(default=None, ge=1, description="agents in all; sizes that are not set go with them")

    @field_validator("name")
    @classmethod
    def _a_folder(cls, name: str | None) -> str | None:
        if name is not None and not re.fullmatch(FOLDER_NAME, name):
            raise ValueError("names a folder: letters, digits, '-', '_' and '.' alone, a letter or digit first")
        return name


class Stop(_Table):
    """Replicates are added until a mean is known this well."""

    metric: str = Field(description="whose mean decides")
    half_width: Number = Field(
        description="longer side of the 95 % interval of the mean to come down to [the metric's unit]"
    )
    max: int = Field(ge=2, le=MOST_REPLICATES, description="replicates of a point, at most")

    @field_validator("half_width")
    @classmethod
    def _positive(cls, half_width: float) -> float:
        if half_width <= 0:
            raise ValueError("must be above 0")
        return half_width


class Replicates(_Table):
    """`[replicates]`: how often each point runs."""

    n: int | None = Field(
        default=None, ge=1, le=MOST_REPLICATES, description=f"runs of each point; with stop the first ones, {PILOT}"
    )
    stop: Stop | None = Field(default=None, description="go on until a mean is known well enough")
    common_random_numbers: bool = Field(
        default=True, description="replicate r has the same seed at every point, so that points are compared in pairs"
    )

    @model_validator(mode="after")
    def _pilot_fits(self) -> "Replicates":
        if self.stop is not None and not 2 <= self.first <= self.stop.max:
            raise ValueError(f"n = {self.first} with stop is the pilot, from 2 to stop.max = {self.stop.max}")
        return self

    @property
    def first(self) -> int:
        """Replicates that run whatever comes out."""
        if self.n is not None:
            return self.n
        return 1 if self.stop is None else min(PILOT, self.stop.max)


class TimeSeries(_Table):
    """Paths that are kept of every run."""

    every: int = Field(default=1, ge=1, description="one tick in so many is kept")
    columns: list[str] = Field(default=["*"], min_length=1, description="names of metrics, * and ? for many")


class Outputs(_Table):
    """`[outputs]`: what is kept of every run."""

    timeseries: TimeSeries | None = Field(default=None, description="left out, no paths are kept")
    summary: list[str] = Field(default=[], description="metrics that the question is about; left out, all")
    record: list[str] = Field(
        default=[],
        description="metrics that are measured at all, * and ? for many; left out, all: fewer make runs faster",
    )


class Sweep(NamedTuple):
    """A sweep file, read. A part that cannot be used is None, and its faults are told.

    Attributes:
        path: of the file
        stem: what the study is called if the file gives it no name
        beside: folder in which scenarios that it names by path are looked for
        experiment, replicates, outputs: its tables
        params: fixed overrides by dotted path
        designs: each block, and its variables by dotted path
        source: its text
    """

    path: Path
    stem: str
    beside: Path
    experiment: Experiment | None
    params: dict[str, Any]
    designs: list[tuple[Design | None, dict[str, Variable | None]]]
    replicates: Replicates | None
    outputs: Outputs | None
    source: str


def check_line(study: "Study") -> str:
    """What `check` says of a study that can be run."""
    runs = len(study.points) * study.replicates
    most = f", at most {study.stop.max:,}" if study.stop else ""
    return f"ok (points: {len(study.points):,}, replicates: {study.replicates:,}{most}, runs: {runs:,})"


def read(path: Path, wrong: list[str]) -> Sweep:
    """Tables of a sweep file; what cannot be used is added to `wrong`.

    Raises:
        ScenarioError: the file is no TOML
    """
    tables = read_toml(path)
    if "experiment" not in tables:
        raise ScenarioError(f"{path}: has no [experiment] table; a sweep begins with one, with name and base")
    for search in SEARCHES:
        if search in tables:
            raise ScenarioError(f"{path}: is no sweep but a file of `{search}`; run.py {search} takes it")
    for key in tables:
        if key not in TABLES:
            wrong.append(f"[{key}]: no such table{nearest(key, TABLES)}; overrides of the base belong under [params]")
    params = tables.get("params", {})
    if not isinstance(params, dict):
        wrong.append(f'params = {params!r}: write a table [params] with rows such as "lending.loan_to_value" = 0.5')
        params = {}
    blocks = tables.get("design", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        wrong.append("design: write [[design]] with two brackets, once for each block")
        blocks = []
    return Sweep(
        path,
        *origin(path),
        table("experiment", tables["experiment"], Experiment, wrong),
        flat(params),
        [_design(f"design {i}", block, wrong) for i, block in enumerate(blocks, 1)],
        table("replicates", tables.get("replicates", {}), Replicates, wrong),
        table("outputs", tables.get("outputs", {}), Outputs, wrong),
        path.read_text(encoding="utf-8"),
    )


def table(place: str, given: Any, model: type[Model], wrong: list[str]) -> Model | None:
    """A table by its model; keys at fault are told and left out, so that the rest can still be checked."""
    if not isinstance(given, dict):
        wrong.append(f"{place} = {given!r}: write a table [{place}]")
        return None
    inner: dict[str, type[BaseModel]] = {"stop": Stop, "timeseries": TimeSeries}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        sound = dict(given)
        for item, line in zip(error.errors(), complaints(error, place, model), strict=True):
            key = str(item["loc"][0]) if item["loc"] else ""
            if item["type"] == "extra_forbidden" and len(item["loc"]) > 1 and key in inner:
                names = nearest(str(item["loc"][-1]), inner[key].model_fields)
                line = f"{place}.{'.'.join(map(str, item['loc']))} = {item['input']!r}: no such key{names}"
            if item["type"] == "missing":
                line = f"{place}.{'.'.join(map(str, item['loc']))}: missing; add it"
            wrong.append(line)
            sound.pop(key, None)
    try:
        return model.model_validate(sound)
    except ValidationError:
        return None


def _design(place: str, block: dict[str, Any], wrong: list[str]) -> tuple[Design | None, dict[str, Variable | None]]:
    """A design block by its kind, and its variables."""
    known, given, kind = kinds(), dict(block), block.get("kind")
    read: dict[str, Variable | None] = {}
    faults: list[str] = []
    if isinstance(block.get("vars"), dict):
        read = {path: _variable(f"{place}: {path}", v, wrong) for path, v in flat(block["vars"]).items()}
        given["vars"] = {"": ANY} if None in read.values() else read
    if not isinstance(kind, str) or kind not in known:
        named = f"kind = {kind!r}: no such kind of design" if "kind" in block else "kind: missing; name one"
        wrong.append(f"{place}: {named}{nearest(str(kind), known)}")
        return None, read
    design = table(place, given, known[kind].Keys, faults)
    wrong += [line.replace(f"{place}.", f"{place}: ", 1) for line in faults]
    return (None if faults or "" in given.get("vars", {}) else design), read


def _variable(place: str, given: Any, wrong: list[str]) -> Variable | None:
    try:
        return Variable.model_validate(given)
    except ValidationError as error:
        wrong += complaints(error, place, Variable)
        return None
