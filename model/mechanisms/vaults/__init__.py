"""Vaults: rigs or NFTs behind fractions, whose fractions earn, redemption, baskets, and the end of their life."""

from model.mechanisms.vaults.formulas import (
    brought_for,
    claim_of,
    debt_of,
    deposit_for,
    given_for,
    income_dust,
    income_index,
    income_of,
    maintenance,
    net_income,
    part_of_income,
    rigs_for,
    takes_whole,
)
from model.mechanisms.vaults.mechanism import Vaults
from model.mechanisms.vaults.params import BasketParams, VaultsParams
from model.mechanisms.vaults.public import AssembleBasket, Redeem, Stake, Unstake, VaultsView
from model.mechanisms.vaults.table import VaultTable
from model.vault_status import VaultStatus

__all__ = [
    "AssembleBasket",
    "BasketParams",
    "Redeem",
    "Stake",
    "Unstake",
    "VaultStatus",
    "VaultTable",
    "Vaults",
    "VaultsParams",
    "VaultsView",
    "brought_for",
    "claim_of",
    "debt_of",
    "deposit_for",
    "given_for",
    "income_dust",
    "income_index",
    "income_of",
    "maintenance",
    "net_income",
    "part_of_income",
    "rigs_for",
    "takes_whole",
]
