"""The marketplace: rules without intentions."""

from model.errors import InvariantViolated, ScenarioError
from model.marketplace import Marketplace
from model.scenario import Scenario

__all__ = ["InvariantViolated", "Marketplace", "Scenario", "ScenarioError"]
