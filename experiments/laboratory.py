"""Batches of places run one after another for a search, each in its own folder, all on one engine.

A search proposes the same places again when it is begun again, so finished batches are read rather than run. Where a
failed run has been tried again it may turn elsewhere: what is there of other places is then left aside.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from experiments.engines import check
from experiments.engines.limits import check_deadline
from experiments.store import lock
from experiments.store.layout import ASKED, sweep_temporary, write_whole
from experiments.sweeps.driver import Finished, execute
from experiments.sweeps.folder import move_aside
from experiments.sweeps.points import Point, merged
from experiments.sweeps.study import Study
from experiments.sweeps.variants import Variants
from model.errors import ScenarioError
from model.scenario import Scenario

DASK = "dask"


class Options(NamedTuple):
    """How runs are done.

    Attributes:
        out: folder of results
        engine, workers, scheduler: as for sweeps
        deadline: seconds that a run may take
        new: move what is there aside and begin afresh
        allow_mixed: keep finished runs of other code
        progress: show it
    """

    out: Path
    engine: str = "serial"
    workers: int | None = None
    scheduler: str | None = None
    deadline: float | None = None
    new: bool = False
    allow_mixed: bool = False
    progress: bool = True

    @property
    def keywords(self) -> dict[str, Any]:
        """All but the folder of results, as `driver.execute` takes them."""
        return {key: value for key, value in self._asdict().items() if key != "out"}


class Laboratory(AbstractContextManager["Laboratory"]):
    """Where a search has its places run; a local cluster is started once for all batches, when the first needs it.

    As long as it is open no other command writes into the search's folder.

    Args:
        name: of the folder in `options.out`
        source: text of the file that asked, kept once what is there is found to fit it
        options: how runs are done
        base: scenario that places start from
        beside: folder in which scenarios that the file names by path were looked for

    Raises:
        ScenarioError: no run can be done so; nothing is touched
    """

    def __init__(self, name: str, source: str, options: Options, base: Scenario, beside: Path | None = None) -> None:
        check(options.engine, options.workers, options.scheduler)
        check_deadline(options.deadline)
        self.folder, self.options, self.source, self.beside = options.out / name, options, source, beside
        self.variants = Variants(base)
        self.failed: list[Any] = []
        self.seconds = 0.0
        self._begun = False  # the first batch rests on no answers, so it must fit what is there
        self._open = ExitStack()
        self._address = options.scheduler

    def __enter__(self) -> "Laboratory":
        if self.options.new:
            move_aside(self.folder)
        self._open.enter_context(lock.held(self.folder))
        sweep_temporary(self.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def keep_asked(self) -> None:
        """Keep the file that asked: what the folder holds answers it."""
        if self.source:
            write_whole(self.folder / ASKED, self.source.encode())

    def build(self, values: Mapping[str, Any], label: str) -> Point | str:
        """The point of a place, or one sentence on why the scenario refuses it."""
        try:
            built = self.variants.of(values) if values else None
        except ScenarioError as error:
            return str(error).replace("\n", "; ")
        if built is None:
            raise ScenarioError(f"{label}: a place needs parameters")
        return Point(built.id, label, dict(values), built.scenario)

    def run(
        self, name: str, points: Sequence[Point], replicates: int, root: int, columns: Sequence[str] = ()
    ) -> Finished:
        """Run a batch, or read what is there.

        Args:
            name: of the batch's folder
            points: its places; equal ones run once
            replicates: of each, under seeds common to all
            root: seed of which those of replicates are derived
            columns: metrics whose paths are kept
        """
        every = 1 if columns else 0
        study = Study(
            name, "", merged(points), replicates, root=root, every=every, columns=tuple(columns), beside=self.beside
        )
        workers = None if self._cluster() else self.options.workers
        # what was there has been moved aside for the whole search, and not for each batch
        options = self.options._replace(workers=workers, scheduler=self._address, new=False)
        finished = execute(study, self.folder, astray=self._begun, accepted=self.keep_asked, **options.keywords)
        self._begun = True
        self.failed += finished.failed
        self.seconds += finished.seconds
        return finished

    def _cluster(self) -> bool:
        """Start a local cluster once; whether there is one, or a scheduler."""
        if self.options.engine == DASK and self._address is None:
            from experiments.engines import cluster

            client, processes = cluster.local(self.options.workers)
            closing: list[Callable[[], Any]] = [processes.close, client.close]
            for close in closing:
                self._open.callback(close)
            self._address = processes.scheduler_address
        return self._address is not None
