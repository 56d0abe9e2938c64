"""A whole market without agents of its own, run by hand, and the people of a test in it."""

from typing import Any

from model import Marketplace
from model.ledger import USD_ASSET, Ledger


class House:
    """Everything by hand: `act` settles actions, `step` runs whole ticks.

    Attributes:
        market: a market
        ledger: its ledger
        people: accounts
    """

    market: Marketplace
    ledger: Ledger
    people: list[int]

    def act(self, *actions: Any) -> list[tuple[int, int]]:
        """Settle actions in the order of the day; (status, filled) of the first row of each."""
        for action in actions:
            self.market.settlement.submit(action)
        for _, _, settle in self.market.settlement.lines():
            settle()
        self.market.check()
        return [(int(a.rows["status"][0]), int(a.rows["filled"][0])) for a in actions]

    def step(self, ticks: int = 1) -> None:
        """Whole ticks, with all laws."""
        for _ in range(ticks):
            self.market.step()
            self.market.check()

    def cash(self, person: int) -> int:
        """USD base units of a person, by number in `people`."""
        return self.ledger.balance(USD_ASSET, self.people[person])
