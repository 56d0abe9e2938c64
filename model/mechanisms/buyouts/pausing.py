"""What may not be done while a buy-out is open: fractions that its design pauses stay, and the supply that an offer counts on."""

from abc import ABC
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.actions import Action, Status
from model.mechanisms.buyouts.ending import Ending
from model.mechanisms.buyouts.public import ACTIONS

WITH_SUPPLY = ("Redeem",)  # would change the number of fractions that an offer counts on


class Pausing(Ending, ABC):
    """Buy-outs that refuse what others ask for in the meantime."""

    def may_refuse(self, action: type[Action]) -> bool:
        """Whether any vault is paused, or an action may change the supply that an offer counts on."""
        return self.pausing or action.__name__ in WITH_SUPPLY

    def screen(self, action: type[Action], rows: NDArray[Any], order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Refuse rows that would move paused fractions, or change the supply that an offer counts on."""
        if not self.restricted or action in ACTIONS:
            return order
        shut, with_supply = self.vaults.paused, action.__name__ in WITH_SUPPLY
        if with_supply:
            shut = shut | (self.table.phase != 0)
        if not (shut.any() if with_supply else self.pausing):
            return order
        vault = self._vaults_of(action, rows)
        if vault is None:
            return order
        vault = vault[order]
        there = (vault >= 0) & (vault < shut.size)
        no = there & self._with_baskets(shut)[np.where(there, vault, 0)]
        rows["status"][order[no]] = Status.CLOSED
        return order[~no]

    def _vaults_of(self, action: type[Action], rows: NDArray[Any]) -> NDArray[np.int64] | None:
        """Vaults whose fractions rows would move: their own column, or what the mechanism that settles them says."""
        if "vault" in action.fields:
            named: NDArray[np.int64] = rows["vault"]
            return named
        for mechanism in self.market.mechanisms.values():
            moved = mechanism.vaults_moved(action, rows)
            if moved is not None:
                return moved
        return None

    def _with_baskets(self, shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Baskets give and take the fractions of their members, so a pause of one stops them."""
        shut = shut.copy()
        for basket, recipe in self.vaults.recipes.items():
            shut[basket] |= any(self.vaults.paused[m] for m, _ in recipe)
        return shut
