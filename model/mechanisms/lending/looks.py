"""What strategies see of the lending pool."""

from typing import TYPE_CHECKING

import numpy as np

from model.ledger import USD_ASSET
from model.mechanisms.lending import formulas, measures
from model.mechanisms.lending.public import LendingView
from model.mechanisms.lending.table import INDEX_DEBT, INDEX_DEPOSIT, LOST, QUEUE, WITHDRAWN
from model.units import BPS, USD
from model.view import Aliases, frozen

if TYPE_CHECKING:
    from model.mechanisms.lending.mechanism import Lending


class Board:
    """Columns by vault that are worked out every morning and stay read-only in between, and aliases of others."""

    def __init__(self, vaults: int) -> None:
        self.pledged, self.left = np.zeros(vaults, np.int64), np.zeros(vaults, np.int64)
        self.fresh, self.priced = np.zeros(vaults, np.bool_), np.zeros(vaults, np.bool_)
        self.by_vault = tuple(frozen(c) for c in (self.pledged, self.left, self.fresh, self.priced))
        self.aliases = Aliases()


def look(lending: "Lending") -> LendingView:
    """All of a morning."""
    d, p, sums, ledger = lending.desk, lending.params, lending.desk.sums.tolist(), lending.ledger
    board = lending.board
    some = measures.caps(ledger.books.balances, d, board.pledged, board.left, board.fresh, board.priced)
    pledged, cap_left, fresh, priced = board.by_vault
    pledge, collateral_value, backing, debt_usd, health = board.aliases.of(
        d.pledge, lending.collateral_value, lending.backing, lending.debt_usd, lending.health
    )
    cash, debt, deposits, reserves = lending.stand()
    used = formulas.utilisation(float(cash), float(debt), float(reserves))
    rate = lending.borrow_rate_at(used)
    return LendingView(
        used, rate, formulas.supply_rate(rate, used, p.reserve_factor), cash / USD, debt / USD, deposits / USD,
        reserves / USD, ledger.balance(USD_ASSET, lending.fund) / USD, sums[INDEX_DEBT], sums[INDEX_DEPOSIT],
        lending.debt_asset, lending.deposit_asset, pledge, pledged, p.loan_to_value, p.threshold, p.bonus, cap_left, fresh, priced,
        not some, collateral_value, backing, debt_usd, health, int(lending.yesterday[WITHDRAWN]) / USD, int(lending.yesterday[QUEUE]) / USD,
        sum(sums[LOST]) / USD, p.flash_bps / BPS,
    )  # fmt: skip
