"""Regulation: who may hold what, when institutions may enter, bans of mining, power tax, disclosure."""

from model.mechanisms.regulation.formulas import returned, still_share
from model.mechanisms.regulation.mechanism import Regulation, RegulationView
from model.mechanisms.regulation.params import RegulationParams

__all__ = ["Regulation", "RegulationParams", "RegulationView", "returned", "still_share"]
