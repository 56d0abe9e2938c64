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
    from model.mechanisms.lending.rules import Lending


class Board:
    """Columns by vault that are worked out every morning and stay read-only in between, and aliases of others."""

    def __init__(self, vaults: int) -> None:
        self.pledged, self.left, self.fresh = (
            np.zeros(vaults, np.int64),
            np.zeros(vaults, np.int64),
            np.zeros(vaults, np.bool_),
        )
        self.by_vault = tuple(frozen(c) for c in (self.pledged, self.left, self.fresh))
        self.aliases = Aliases()


def look(lending: "Lending") -> LendingView:
    """All of a morning."""
    d, p, sums, ledger = lending.desk, lending.params, lending.desk.sums.tolist(), lending.ledger
    some = measures.caps(ledger.books.balances, d, lending.board.pledged, lending.board.left, lending.board.fresh)
    pledged, cap_left, fresh = lending.board.by_vault
    pledge, collateral_value, debt_usd, health = lending.board.aliases.of(
        d.pledge, lending.collateral_value, lending.debt_usd, lending.health
    )
    cash, debt, deposits, reserves = lending.stand()
    used = formulas.utilisation(float(cash), float(debt), float(reserves))
    rate = lending.borrow_rate_at(used)
    return LendingView(
        used, rate, formulas.supply_rate(rate, used, p.reserve_factor), cash / USD, debt / USD, deposits / USD,
        reserves / USD, ledger.balance(USD_ASSET, lending.fund) / USD, sums[INDEX_DEBT], sums[INDEX_DEPOSIT],
        lending.debt_asset, lending.deposit_asset, pledge, pledged, p.ltv, p.threshold, p.bonus, cap_left, fresh, not some,
        collateral_value, debt_usd, health, int(lending.yesterday[WITHDRAWN]) / USD, int(lending.yesterday[QUEUE]) / USD,
        sum(sums[LOST]) / USD, p.flash_bps / BPS,
    )  # fmt: skip
