"""A player of a whole market: half of the rows of each action are by those who have what it takes."""

from operator import attrgetter
from typing import Any, ClassVar

import numpy as np

from model.actions import Bundle
from model.mechanisms.lending import FlashBorrow, FlashRepay
from model.units import USD
from tests.laws.test_random_play import FRACTIONS, OWNED, ROWS
from tests.whole_owners import ABLE, Owners


class WholePlayer(Owners):
    """Half of the rows of an action that needs something are by those who have it."""

    few: ClassVar[dict[str, int]] = {
        "currency": 2, "use": 2, "tenor": 3, "series": 4, "desk": 2, "form": 2, "offer": 400,
    }  # fmt: skip
    most: ClassVar[dict[str, int]] = {**ROWS, "MintNft": 10, "SellNft": 10}
    owned: ClassVar[dict[str, Any]] = {
        **OWNED,
        "OpenBuyout": ("vaults", FRACTIONS, "fractions"),
        "TenderFractions": ("vaults", FRACTIONS, "amount"),
        "VoteBuyout": ("vaults", FRACTIONS, "amount"),
        "Pledge": ("vaults", FRACTIONS, "amount"),
        "Release": ("lending", attrgetter("desk.pledge"), "amount"),
    }

    def column(self, name: str, n: int) -> np.ndarray:
        if name in self.few:
            return self.draw.integers(-1, self.few[name] + 1, n)
        if name == "number":
            return self.draw.integers(0, 200, n)
        if name == "appraisal":
            return self.sizes(n, 1e11) + 100 * USD  # the floor is the cheapest
        if name in ("fractions", "hours"):  # none in half of the rows
            some = self.draw.integers(0, 200, n) if name == "hours" else super().column(name, n)
            return np.where(self.draw.random(n) < 0.5, 0, some)
        return super().column(name, n)

    def rows(self, action: Any, n: int) -> Any:
        batch = super().rows(action, n)
        rows, able = batch.rows[::2], ABLE.get(action.__name__)
        found = able(self) if able is not None else {}
        size = len(next(iter(found.values()), ()))
        if size:
            chosen = self.draw.integers(0, size, rows.size)
            for name in set(found) & {*action.fields, "account"}:
                rows[name] = np.asarray(found[name])[chosen]
        return batch

    def bundle(self) -> Bundle:
        """One in ten is a flash loan that comes back."""
        if self.draw.random() > 0.1:
            return super().bundle()
        who, amount = self.draw.choice(self.accounts), self.sizes(1, 1e7)
        return Bundle([FlashBorrow(who, amount=amount), FlashRepay(who, amount=amount)])
