"""Live parameters: new values are checked together when asked for, and act from the next tick on."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from model.errors import ScenarioError
from model.params import Params, complaints
from model.scenario_files import settings_of
from model.schedule import Change, check_live

if TYPE_CHECKING:
    from model.marketplace import Marketplace

Known = Mapping[str, Params]


def changed_params(known: Known, values: Mapping[str, Any], folder: Path, label: str) -> dict[str, Params]:
    """Parameters of all mechanisms once new values act; those of one mechanism are taken together.

    Args:
        known: parameters so far, by mechanism key
        values: new ones by dotted path of a live parameter, `amm.fee_bps`
        folder: where files that parameters name are looked for
        label: opens every complaint

    Raises:
        ScenarioError: one is unknown, not live, out of range, or does not go with the others
    """
    classes = {key: type(params) for key, params in known.items()}
    wrong: list[str] = []
    asked: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        key, _, name = path.partition(".")
        reason = check_live(path, classes)
        if reason:
            wrong.append(f"{path}: {reason}")
        else:
            asked.setdefault(key, {})[name] = value
    found = dict(known)
    for key, new in asked.items():
        old = {field: getattr(known[key], field) for field in classes[key].model_fields}
        try:
            found[key] = classes[key].model_validate({**old, **new}, context={"folder": folder})
        except ValidationError as error:
            wrong += _conflicts(error, key, classes[key], new)
    if wrong:
        raise ScenarioError("\n".join(f"{label} {line}" for line in wrong))
    return found


def _conflicts(error: ValidationError, key: str, model: type[Params], new: Mapping[str, Any]) -> list[str]:
    """Complaints; where the table as a whole is at fault, they open with those new values that the reason speaks of."""
    found = []
    for item, line in zip(error.errors(), complaints(error, key, model), strict=True):
        reason = str(item["msg"]).removeprefix("Value error, ")
        about = [name for name in new if name in reason] or list(new)
        given = " and ".join(f"{key}.{name} = {new[name]!r}" for name in about)
        found.append(line if item["loc"] else f"{given}: {reason}")
    return found


def refuse_conflicts(known: Known, rows: Iterable[Change], folder: Path) -> None:
    """Refuse dated rows that do not go with the parameters as rows of earlier ticks leave them."""
    for i, row in sorted(enumerate(rows, 1), key=lambda numbered: numbered[1].tick):
        known = changed_params(known, row.set, folder, f"changes row {i}:")


class Changes:
    """Changes of one run: dated rows of its scenario, and what is asked for while it runs.

    Args:
        market: whose parameters change
    """

    def __init__(self, market: "Marketplace") -> None:
        self._market = market
        self._asked: list[dict[str, Any]] = []

    def ask(self, values: Mapping[str, Any]) -> None:
        """Let new values act from the next tick on; nothing is taken of what cannot act as a whole.

        Raises:
            ScenarioError: they cannot be used, or a later row of the scenario could not follow them
        """
        market, folder = self._market, self._market.scenario.folder
        given = settings_of(values, "change")
        known: Known = {key: mechanism.params for key, mechanism in market.mechanisms.items()}
        for earlier in (*self._due(market.clock.tick + 1), *self._asked):
            known = changed_params(known, earlier, folder, "change")
        known = changed_params(known, given, folder, "change")
        later = [row for row in market.scenario.changes if row.tick > market.clock.tick + 1]
        for row in sorted(later, key=lambda row: row.tick):
            label = f"change {', '.join(given)}: the scenario's change of tick {row.tick} could not follow:"
            known = changed_params(known, row.set, folder, label)
        self._asked.append(given)

    def refresh(self) -> None:
        """Give parameters the new values that are due, and note each as an event."""
        asked, self._asked = self._asked, []
        for values in (*self._due(self._market.clock.tick), *asked):
            self._act(values)

    def _due(self, tick: int) -> list[dict[str, Any]]:
        return [row.set for row in self._market.scenario.changes if row.tick == tick]

    def _act(self, values: Mapping[str, Any]) -> None:
        market = self._market
        old: Known = {key: mechanism.params for key, mechanism in market.mechanisms.items()}
        new = changed_params(old, values, market.scenario.folder, "change")
        for path, value in values.items():
            key, _, name = path.partition(".")
            market.journal.event("change", f"{path}: {getattr(old[key], name)} -> {value}")
        touched = [key for key in new if new[key] is not old[key]]
        for key in touched:
            market.mechanisms[key].params = new[key]
        for key in touched:
            market.mechanisms[key].changed()
