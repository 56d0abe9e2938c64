"""Live parameters: new values are checked when asked for and act from the next tick on."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from model.errors import ScenarioError
from model.params import Params, complaints
from model.schedule import check_live

if TYPE_CHECKING:
    from model.journal import Journal
    from model.mechanism import Mechanism


def changed_params(mechanisms: Mapping[str, "Mechanism"], path: str, value: Any) -> Params:
    """A mechanism's parameters with one new value.

    Args:
        mechanisms: those of the market, by key
        path: dotted path of a live parameter, `amm.fee_bps`
        value: its new value

    Raises:
        ScenarioError: the parameter is unknown, not live, or the value is out of range
    """
    reason = check_live(path, {k: type(m) for k, m in mechanisms.items()})
    if reason:
        raise ScenarioError(f"change {path}: {reason}")
    key, _, name = path.partition(".")
    params = mechanisms[key].params
    values = {field: getattr(params, field) for field in type(params).model_fields}
    try:
        changed: Params = type(params).model_validate({**values, name: value})
    except ValidationError as error:
        raise ScenarioError("\n".join(f"change {line}" for line in complaints(error, key, type(params)))) from None
    return changed


def apply_changes(mechanisms: Mapping[str, "Mechanism"], due: Iterable[Mapping[str, Any]], journal: "Journal") -> None:
    """Give parameters their new values and note each as an event."""
    for values in due:
        for path, value in values.items():
            key, _, name = path.partition(".")
            mechanism = mechanisms[key]
            old = getattr(mechanism.params, name)
            mechanism.params = changed_params(mechanisms, path, value)
            journal.event("change", f"{path}: {old} -> {value}")
            mechanism.changed()
