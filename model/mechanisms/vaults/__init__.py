"""Vaults: rigs behind fractions, their income and maintenance, redemption, and the end of their life."""

from model.mechanisms.vaults.formulas import (
    claim_of,
    debt_of,
    deposit_for,
    income_dust,
    income_index,
    income_of,
    maintenance,
    net_income,
    rigs_for,
    takes_whole,
)
from model.mechanisms.vaults.public import Redeem, VaultsParams, VaultsView
from model.mechanisms.vaults.rules import Vaults
from model.mechanisms.vaults.table import VaultKind, VaultStatus, VaultTable

__all__ = [
    "Redeem",
    "VaultKind",
    "VaultStatus",
    "VaultTable",
    "Vaults",
    "VaultsParams",
    "VaultsView",
    "claim_of",
    "debt_of",
    "deposit_for",
    "income_dust",
    "income_index",
    "income_of",
    "maintenance",
    "net_income",
    "rigs_for",
    "takes_whole",
]
