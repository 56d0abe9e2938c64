"""What others meet of the lending pool: actions, and the view. Amounts are base units of USD or of fractions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.actions import Action


class Supply(Action):
    """Lend `amount` USD to the pool for deposit shares; filled: shares."""

    fields = ("amount",)
    phase = "supply"


class Withdraw(Action):
    """Give `shares` back for their worth as far as the pool's cash goes, first come, first served; filled: USD."""

    fields = ("shares",)
    phase = "withdraw"


class Pledge(Action):
    """Pledge `amount` fractions of a vault for as many pledges; their income stays the pledger's; filled: fractions."""

    fields = ("vault", "amount")
    phase = "pledge"


class Release(Action):
    """Take `amount` pledged fractions back; the rest must carry the debt as a new loan would; filled: fractions."""

    fields = ("vault", "amount")
    phase = "repay"


class Borrow(Action):
    """Borrow `amount` USD against all that the account has pledged; filled: USD."""

    fields = ("amount",)
    phase = "borrow"


class Repay(Action):
    """Repay up to `amount` USD of the account's own debt; filled: USD paid."""

    fields = ("amount",)
    phase = "repay"


class StandBy(Action):
    """Stand ready to liquidate with up to `capital` USD a tick, for `least` USD of profit each; 0 capital ends it.

    Profit is the bonus at the oracle's price, less the insurance fund's part. The money stays with its owner until a
    liquidation takes it, and the order stands until a new one replaces it. Not within a bundle.
    """

    fields = ("capital", "least")
    phase = "loan_offers"


class FlashBorrow(Action):
    """Borrow `amount` USD for the rest of a bundle, without collateral; filled: USD."""

    fields = ("amount",)
    phase = "swaps"


class FlashRepay(Action):
    """Repay `amount` USD of a flash loan, and its fee on top, in the same bundle; filled: USD paid."""

    fields = ("amount",)
    phase = "swaps"


class LendingView(NamedTuple):
    """What strategies see; columns by vault or account are read-only. Rates are per year.

    Attributes:
        utilisation: lent out, over what depositors own [1]
        borrow_rate, supply_rate: at this utilisation [1/year]
        cash, debt, deposits: in the pool, owed to it, owed to depositors [USD]
        reserve, fund: what stands before depositors when debts go bad [USD]
        index_debt, index_deposit: USD per scaled unit of debt, and per deposit share, times 1e12
        debt_asset, deposit_asset: scaled debts, deposit shares
        pledge: asset of pledged fractions by vault, -1 before any could be pledged
        pledged: fractions pledged by vault [base units]
        loan_to_value, threshold, bonus: in force
        cap_left: fractions that may still be pledged by vault [base units]
        fresh: vaults whose fractions may be pledged and borrowed against: in circulation, with a price not stale
        priced: vaults of which debtors may pledge more: in circulation, with a price, if a stale one
        paused: no vault is fresh, so that nobody may borrow
        collateral_value: worth of an account's pledges at the oracle's prices [USD]
        backing: what a new loan counts of that: a fraction at no more than a standing offer, all pledges as no more than the cap [USD]
        debt_usd: owed by an account [USD]
        health: of an account, infinite without debt
        withdrawn: paid to depositors yesterday [USD]
        queue: asked for yesterday and not paid, for want of cash [USD]
        bad_debt: written off so far [USD]
        flash_fee: of a loan within a bundle [1]
    """

    utilisation: float
    borrow_rate: float
    supply_rate: float
    cash: float
    debt: float
    deposits: float
    reserve: float
    fund: float
    index_debt: int
    index_deposit: int
    debt_asset: int
    deposit_asset: int
    pledge: NDArray[np.int64]
    pledged: NDArray[np.int64]
    loan_to_value: float
    threshold: float
    bonus: float
    cap_left: NDArray[np.int64]
    fresh: NDArray[np.bool_]
    priced: NDArray[np.bool_]
    paused: bool
    collateral_value: NDArray[np.float64]
    backing: NDArray[np.float64]
    debt_usd: NDArray[np.float64]
    health: NDArray[np.float64]
    withdrawn: float
    queue: float
    bad_debt: float
    flash_fee: float
