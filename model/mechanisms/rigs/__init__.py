"""Rigs: catalogue efficiency, the one fleet and order book, and the rules by which miners invest."""

from model.mechanisms.rigs.fleet import GHS_PER_TH
from model.mechanisms.rigs.market import OrderRigs, Rigs, SellRigs

__all__ = ["GHS_PER_TH", "OrderRigs", "Rigs", "SellRigs"]
