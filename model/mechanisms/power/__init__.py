"""Electricity: today's prices by contract and region, invoices, payment, curtailment credits and default."""

from model.mechanisms.power.formulas import index_level, index_step, peak_share
from model.mechanisms.power.mechanism import Power, PowerView
from model.mechanisms.power.params import PowerParams, Region

__all__ = ["Power", "PowerParams", "PowerView", "Region", "index_level", "index_step", "peak_share"]
