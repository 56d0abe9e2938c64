"""Columns of the table of curves: one entry per vault, for as many as the scenario allows."""

from typing import Any

from model.sheaf import Sheaf

COINS, FRACTIONS = 0, 1  # the two sides, each with providers and shares of its own
SIDES = 2


class Pools(Sheaf):
    """All pools, int64 unless said; an entry's place is the vault's number, or the side and the vault's number."""

    account: Any  # holds both balances and issues both kinds of shares, NO_POOL for none
    pot: Any  # account that owes providers of fractions their income
    share: Any  # [side, vault] asset of the shares, -1 for none
    nominal: Any  # [side, vault] what the providers have lent, with their fees [base units]
    lent: Any  # [side, vault] all deposits less all withdrawals of an asset [base units]
    locked: Any  # [side, vault] shares that may not be given back yet
    locked_by: Any  # account that holds them
    locked_until: Any  # first tick on which they may
    x: Any  # virtual fractions [base units]
    start: Any  # virtual fractions at the opening [base units]
    volume: Any  # dollars exchanged this tick [base units]
    trades: Any  # swaps done this tick
    refused: Any  # [side, vault] swaps refused this tick because the pool had run dry of coins or fractions
    dry: Any  # [side, vault] swaps so refused in the tick before
    least: Any  # shares of fractions that must earn before income is credited [base units]
    pending_btc: Any  # income in the pot and not yet credited [satoshi]
    pending_usd: Any  # the same [USD base units]
    income_btc: Any  # income on the pool's fractions this tick [satoshi]
    income_usd: Any  # the same [USD base units]
    grant_btc: Any  # put into the pot by the vault itself since the tick before [satoshi]
    grant_usd: Any  # the same [USD base units]
    reserve_usd: Any  # this morning's virtual dollars, k // x [base units]
    reserve_fraction: Any  # this morning's virtual fractions, x [base units]
    can_buy: Any  # most fractions that could be bought this morning [base units]
    can_sell: Any  # most that could be sold [base units]
    shares: Any  # [side, vault] this morning's shares in circulation [base units]
    gained: Any  # [side, vault] balance of the side's asset less what was lent, at the last record [base units]
    k_high: Any  # uint64, upper 64 bits of k = x y
    k_low: Any  # uint64, lower 64 bits
    price: Any  # float64, this morning's price [USD per whole fraction]
    volume_usd: Any  # float64, trade of the last tick [USD a day]
    lp_return: Any  # float64, running mean of the return of all providers together [1/day]
    backing: Any  # float64 [side, vault], nominal per share at the last check


WIDE = ("k_high", "k_low")
BY_SIDE = ("share", "nominal", "lent", "locked", "refused", "dry", "shares", "gained", "backing")
