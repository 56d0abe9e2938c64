"""Ask and tell: Optuna proposes places, somebody evaluates them in batches, and the answers shape the next proposals."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, get_args

import optuna

Sampler = Literal["nsga2", "tpe", "random"]
SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
DIRECTIONS = {
    "minimise": optuna.study.StudyDirection.MINIMIZE,
    "maximise": optuna.study.StudyDirection.MAXIMIZE,
}


class Dimension(NamedTuple):
    """One parameter that the search may set.

    Attributes:
        path: dotted
        low, high: bounds; unused with choices
        log: proposed evenly on a log scale
        integer: whole numbers only
        step: distance of allowed values from `low` on; none for any
        choices: the only allowed values
    """

    path: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    integer: bool = False
    step: float | None = None
    choices: tuple[Any, ...] = ()

    def ask(self, trial: optuna.Trial) -> Any:
        """A value for a trial; choices are asked for by their place, so that any type will do."""
        if self.choices:
            return self.choices[trial.suggest_categorical(self.path, list(range(len(self.choices))))]
        if self.integer:
            return trial.suggest_int(
                self.path, round(self.low), round(self.high), step=round(self.step or 1), log=self.log
            )
        return trial.suggest_float(self.path, self.low, self.high, step=self.step, log=self.log)


class Answer(NamedTuple):
    """What an evaluation says of one place.

    Attributes:
        objectives: one number each
        violations: one number for each constraint, above 0 where it is broken
    """

    objectives: tuple[float, ...]
    violations: tuple[float, ...]


Values = dict[str, Any]
Evaluate = Callable[[list[Values]], Sequence[Answer | None]]  # None where a place cannot be evaluated


def search(
    dimensions: Sequence[Dimension],
    senses: Sequence[str],
    evaluate: Evaluate,
    *,
    trials: int,
    population: int,
    seed: int,
    sampler: Sampler = "nsga2",
) -> list[Values]:
    """Propose `trials` places in generations of `population`; answers are told in the order of proposals.

    Proposals depend on the seed and the answers alone, so a search that was broken off and begins again asks for the
    same places in the same order, however many workers evaluate them.

    Args:
        dimensions: what may be set
        senses: minimise or maximise, one for each objective
        evaluate: answers for a batch of places, in their order; None for a place that cannot be evaluated
        trials: places in all; the last generation may be smaller
        population: places proposed before any of them is answered
        seed: of the sampler
        sampler: nsga2 [DebEtAl2002] with constrained domination, tpe [BergstraEtAl2011], or random

    Returns:
        The places in order.
    """
    broken: dict[int, tuple[float, ...]] = {}
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # versions differ in how constraints are told
        engine = _sampler(sampler, population, seed, broken)
        study = optuna.create_study(sampler=engine, directions=[DIRECTIONS[sense] for sense in senses])
    try:
        asked: list[Values] = []
        while len(asked) < trials:
            batch = [study.ask() for _ in range(min(population, trials - len(asked)))]
            places = [{d.path: d.ask(trial) for d in dimensions} for trial in batch]
            for trial, answer in zip(batch, evaluate(places), strict=True):
                if answer is None:
                    study.tell(trial, state=optuna.trial.TrialState.FAIL)
                    continue
                broken[trial.number] = answer.violations
                if _told_to_trials():
                    for i, violation in enumerate(answer.violations):
                        trial.set_constraint(str(i), violation)
                study.tell(trial, list(answer.objectives))
            asked += places
        return asked
    finally:
        optuna.logging.set_verbosity(level)


def _told_to_trials() -> bool:
    """Whether this Optuna takes constraints with the trial (from 5 on) rather than by a function of the sampler."""
    return hasattr(optuna.Trial, "set_constraint")


def _sampler(
    name: Sampler, population: int, seed: int, broken: dict[int, tuple[float, ...]]
) -> optuna.samplers.BaseSampler:
    """A seeded sampler that knows the constraints."""
    if name == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    known: dict[str, Any] = {"seed": seed}
    if not _told_to_trials():
        known["constraints_func"] = lambda trial: broken[trial.number]
    if name == "tpe":
        return optuna.samplers.TPESampler(n_startup_trials=population, constant_liar=True, **known)
    return optuna.samplers.NSGAIISampler(population_size=max(2, population), **known)
