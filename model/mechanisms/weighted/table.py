"""Columns of the table of weighted pools: one entry per vault, for as many as the scenario allows."""

from typing import Any

from model.sheaf import Sheaf


class Pools(Sheaf):
    """All pools, int64 unless said; an entry's place is the vault's number."""

    account: Any  # holds both balances and issues the shares, NO_POOL for none
    pot: Any  # account that owes providers their income
    share: Any  # [1, vault] asset of the pool's shares, -1 for none
    locked: Any  # [1, vault] shares that may not be given back yet
    locked_by: Any  # account that holds them
    locked_until: Any  # first tick on which they may
    volume: Any  # dollars exchanged this tick [base units]
    trades: Any  # swaps done this tick
    refused: Any  # swaps refused this tick because they were too large for the pool
    least: Any  # shares that must earn before income is credited [base units]
    pending_btc: Any  # income in the pot and not yet credited [satoshi]
    pending_usd: Any  # the same [USD base units]
    income_btc: Any  # income on the pool's fractions this tick [satoshi]
    income_usd: Any  # the same [USD base units]
    grant_btc: Any  # put into the pot by the vault itself since the tick before [satoshi]
    grant_usd: Any  # the same [USD base units]
    reserve_usd: Any  # this morning's dollars of the constant product that is as deep [base units]
    reserve_fraction: Any  # its fractions [base units]
    can_buy: Any  # most fractions that could be bought this morning [base units]
    can_sell: Any  # most that could be sold [base units]
    shares: Any  # this morning's shares in circulation [base units]
    last_usd: Any  # dollars at the last record [base units]
    last_fraction: Any  # fractions at the last record [base units]
    last_shares: Any  # shares at the last record [base units]
    price: Any  # float64, this morning's price [USD per whole fraction]
    volume_usd: Any  # float64, trade of the last tick [USD a day]
    lp_return: Any  # float64, running mean of providers' return [1/day]
    worth: Any  # float64, log of the value function per share at the last check, 0 before the first
