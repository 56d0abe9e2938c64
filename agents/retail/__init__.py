"""Retail investors and their strategies."""

from agents.retail.investors import MeanVariance, RetailInvestor
from agents.retail.saver import Saver, SaverOneByOne

__all__ = ["MeanVariance", "RetailInvestor", "Saver", "SaverOneByOne"]
