"""The marketplace: rules without intentions."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.errors import InvariantViolated, ScenarioError
    from model.marketplace import Marketplace
    from model.scenario import Scenario

__all__ = ["InvariantViolated", "Marketplace", "Scenario", "ScenarioError"]

_HOMES = {
    "InvariantViolated": "errors",
    "Marketplace": "marketplace",
    "Scenario": "scenario",
    "ScenarioError": "errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that `model.jit.cold()` can be asked before anything is compiled."""
    if name not in _HOMES:
        raise AttributeError(f"module 'model' has no attribute '{name}'")
    return getattr(importlib.import_module(f"model.{_HOMES[name]}"), name)
