"""Columns of the table of pools: one entry per vault, for as many as the scenario allows."""

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
    root_last: Any  # sqrt(x y) after the last deposit or withdrawal, 0 while the protocol fee is off
    volume: Any  # dollars exchanged this tick [base units]
    trades: Any  # swaps done this tick
    events: Any  # deposits and withdrawals since the last check
    traded_today: Any  # swaps done since the day began
    least: Any  # shares that must earn before income is credited
    pending_btc: Any  # income in the pot and not yet credited [satoshi]
    pending_usd: Any  # the same [USD base units]
    income_btc: Any  # income on the pool's fractions this tick [satoshi]
    income_usd: Any  # the same [USD base units]
    grant_btc: Any  # put into the pot by the vault itself since the last tick [satoshi]
    grant_usd: Any  # the same [USD base units]
    reserve_usd: Any  # this morning's dollars [base units]
    reserve_fraction: Any  # this morning's fractions [base units]
    shares: Any  # this morning's shares in circulation [base units]
    age: Any  # ticks for which the pool has been quoted
    last_usd: Any  # dollars at the last record [base units]
    last_fraction: Any  # fractions at the last record [base units]
    last_shares: Any  # shares at the last record [base units]
    price: Any  # float64, this morning's price [USD per whole fraction]
    twap: Any  # float64, time-weighted mean price [USD per whole fraction]
    cumulative: Any  # float64, price times time since the pool opened [USD hours]
    volume_usd: Any  # float64, trade of the last tick [USD a day]
    lp_return: Any  # float64, running mean of providers' return [1/day]
    low_mark: Any  # float64, sqrt(x y) per share at the last check
    high_mark: Any  # float64, cumulative price at the last check


class Judged(Sheaf):
    """Columns that laws are about."""

    account: Any
    pot: Any
    share: Any
    root_last: Any
    events: Any
    pending_btc: Any
    pending_usd: Any
    cumulative: Any
    low_mark: Any
    high_mark: Any
