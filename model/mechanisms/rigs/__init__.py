"""Rigs: catalogue efficiency, the one fleet and order book, and the rules by which miners invest."""

from model.mechanisms.rigs.mechanism import Rigs
from model.mechanisms.rigs.params import OrderRigs, SellRigs

__all__ = ["OrderRigs", "Rigs", "SellRigs"]
