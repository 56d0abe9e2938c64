"""Suppliers' profits: makers, utilities and the platform keep a month of turnover and pass the rest to the world."""

from typing import Any

from model.flows import Flow
from model.ledger import USD_ASSET
from model.mechanism import Mechanism, stage
from model.params import Params, param
from model.units import DAYS_PER_WEEK, LARGEST_POSTING

SUPPLIERS = ("manufacturers", "utilities", "platform")


class SuppliersParams(Params):
    """Parameters of suppliers."""

    days_kept: float = param(
        30.0, "days", "turnover that suppliers keep as cash", ge=1, le=365, source="contract: 30 days' costs"
    )


class Suppliers(Mechanism):
    """Makers, utilities and platforms: their cash above a month of turnover leaves the market each week."""

    key = "suppliers"
    Params = SuppliersParams

    def __init__(self, market: Any, params: SuppliersParams) -> None:
        super().__init__(market, params)
        self.held: dict[int, int] = {}
        self.turnover: dict[int, float] = {}

    def open(self) -> None:
        """Find the suppliers' accounts."""
        names = {name: account for account, name in self.ledger.account_names.items()}
        self.held = {names[s]: self.ledger.balance(USD_ASSET, names[s]) for s in SUPPLIERS if s in names}
        self.turnover = dict.fromkeys(self.held, 0.0)

    @stage("clear")
    def pass_on(self) -> None:
        """Profits of makers, utilities and platform leave once a week."""
        if not self.clock.new_week:
            return
        for account, before in self.held.items():
            cash = self.ledger.balance(USD_ASSET, account)
            weekly = max(0, cash - before)
            self.turnover[account] += (
                (weekly - self.turnover[account]) * DAYS_PER_WEEK / max(self.params.days_kept, DAYS_PER_WEEK)
            )
            surplus = cash - round(self.turnover[account] * self.params.days_kept / DAYS_PER_WEEK)
            while surplus > 0:
                part = min(surplus, LARGEST_POSTING - 1)  # of a whole network in a boom it may take several
                self.ledger.pay(USD_ASSET, account, self.ledger.world, part, Flow.SURPLUS)
                surplus -= part
            self.held[account] = self.ledger.balance(USD_ASSET, account)
