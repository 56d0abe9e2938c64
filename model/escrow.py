"""Escrow of dollars: an account whose every dollar is somebody's, who holds a claim on it for as long.

So what is bid or offered stays its owner's wealth until it is spent, and the books say whose it is.
"""

from model.flows import Flow, Group
from model.ledger import USD_ASSET, Ledger
from model.units import USD

ROOM = (1, 0, 1)  # assets, income lines and accounts


class CashEscrow:
    """Dollars kept for others.

    Args:
        ledger: of the market
        sector: of the account
        name: of account and claim

    Attributes:
        account: that holds the dollars, and issues the claims
        claim: asset of which each unit is a unit of dollars
    """

    def __init__(self, ledger: Ledger, sector: str, name: str) -> None:
        self.ledger = ledger
        self.account = ledger.open_account(sector, name)
        self.claim = ledger.add_asset(f"claims on {name}", Group.RECEIPT, (self.account,))
        ledger.value[self.claim] = 1.0 / USD

    def take(self, owner: int, amount: int, why: Flow) -> bool:
        """Take dollars against a claim, all or none; whether the owner had them [base units]."""
        if not self.ledger.move(USD_ASSET, owner, self.account, amount, why):
            return False
        self.ledger.pay(self.claim, self.account, owner, amount, Flow.MINT)
        return True

    def spend(self, owner: int, target: int, amount: int, why: Flow) -> None:
        """Pay dollars of an owner to anybody, himself for one, against his claim [base units]."""
        self.give_up(owner, amount)
        self.ledger.pay(USD_ASSET, self.account, target, amount, why)

    def give_up(self, owner: int, amount: int) -> None:
        """End an owner's claim on dollars that whoever calls pays out himself [base units]."""
        self.ledger.pay(self.claim, owner, self.account, amount, Flow.BURN)

    def differs(self, owed: int) -> str:
        """What is wrong if escrow does not hold what is owed and claimed; empty if it does [base units]."""
        held, claimed = self.ledger.balance(USD_ASSET, self.account), self.ledger.outstanding(self.claim)
        if held == owed == claimed:
            return ""
        return f"{self.ledger.name(self.account)} holds {held} USD base units, owes {owed}, and {claimed} are claimed"
