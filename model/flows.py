"""Why value moves: the kinds of flow (rows of the transactions-flow matrix) and the groups of assets."""

from enum import IntEnum


class Flow(IntEnum):
    """Reason of a posting; one row of `market.flows()` each."""

    ENDOWMENT = 0  # wealth at the start
    ARRIVAL = 1  # cash of agents who come during the run
    DEPARTURE = 2  # what leaves with an agent or as idle cash
    CAPITAL = 3  # outside capital into mining
    SUBSIDY = 4  # new coins
    NETWORK_FEES = 5  # fees of the coin's network to its miners
    PAYOUT = 6  # mining pools to members
    INCOME = 7  # vaults and pools to holders
    POWER = 8  # electricity
    SITE = 9  # sites of new rigs
    RIGS = 10  # hardware
    COIN_TRADE = 11  # coins against USD at the day's price
    OFFERING = 12  # primary sale of fractions
    REFUND = 13  # offering that failed
    TRADE = 14  # venues
    LIQUIDITY = 15  # adding to and taking from pools
    MARKET_FEE = 16  # platform and protocol
    TRANSACTION_FEE = 17  # the settlement network
    SERVICE_FEE = 18  # operators of vaults
    MINT = 19  # fractions, shares and receipts made
    BURN = 20  # and destroyed
    REDEMPTION = 21  # fractions against rigs or cash
    DEFAULT = 22  # seized and written off
    SURPLUS = 23  # profits of suppliers leave
    CURTAILMENT = 24  # utilities pay sites that stand still
    POWER_TAX = 25
    ROYALTY = 26
    RENT = 27  # rent, usage and licence fees from the world
    LOAN = 28  # principal out
    REPAYMENT = 29  # principal back
    INTEREST = 30
    DEPOSIT = 31
    LIQUIDATION = 32
    INSURANCE = 33
    BAD_DEBT = 34
    STAKE = 35
    EMISSION = 36
    BUYOUT = 37
    RENTAL = 38  # hashpower for hire
    MARGIN = 39
    END_OF_LIFE = 40
    TRANSFER = 41  # any other move between accounts


class Group(IntEnum):
    """Kind of asset; `market.flows(asset=...)` takes its name in lower case."""

    USD = 0
    BTC = 1
    FRACTION = 2
    SHARE = 3  # liquidity pool shares
    RECEIPT = 4  # claims on offerings, escrows and the like
    PAYABLE = 5  # unpaid bills, held by the debtor and valued at minus
    DEBT = 6
    DEPOSIT = 7
    REWARD = 8
    OTHER = 9
    STAKE = 10  # claims on staked fractions


WORDS = {kind: kind.name.lower().replace("_", " ") for kind in Flow}
