"""What an investor may hold, remembered as bits of his column `portfolio`, and which vaults he will look at next."""

from numba import types

from agents.retail.traits import PORTFOLIO_BITS, RETAIL
from agents.sheet import CLAIM, PRICE
from model.jit import helper
from model.ledger import BTC_ASSET, USD_ASSET
from model.prefetch import prefetch
from model.streams import u01

AHEAD, NEAR = 16, 8  # how far ahead figures are asked for, and what these point to; a ring of so many places
LINE = 8  # numbers in a line of memory, which come together
MET = 60  # place of the draw of the neighbour he meets
BALANCES = types.Array(types.int64, 2, "C", readonly=True)
FACTS = types.Array(types.float64, 2, "C")
COLUMN, ASSETS = types.Array(types.float64, 1, "A"), types.Array(types.int64, 1, "C", readonly=True)


@helper("void(float64[:], int64, int64)")
def remember(portfolio, slot, v):
    """Note that he may hold fractions of a vault from now on."""
    if v < PORTFOLIO_BITS:
        portfolio[slot] = int(portfolio[slot]) | (1 << v)


@helper("int64(int64, int64, int64)")
def following(bits, place, end):
    """Next vault from a place on that he may hold; `end` or beyond for none."""
    while place < end and place < PORTFOLIO_BITS and (bits >> place) & 1 == 0:
        place += 1
    return place


@helper(types.int64(BALANCES, types.int64, types.int64, types.int64, types.int64))
def holding(balances, fraction, stake, pledge, who):
    """Fractions of a vault that he has, at hand, staked or pledged [base units]; -1 stands for no such asset."""
    held = balances[fraction, who] if fraction >= 0 else 0
    if stake >= 0:
        held += balances[stake, who]
    if pledge >= 0:
        held += balances[pledge, who]
    return held


@helper(types.int64(RETAIL, types.int64, types.int64, BALANCES, ASSETS, ASSETS, ASSETS, ASSETS, FACTS))
def in_turn(own, slot, who, balances, fraction, receipt, stake, pledge, facts):
    """Vault of the next of his holdings that trades or claims cash, from his cursor on; -1 for none.

    The cursor moves behind it, and vaults of which he has nothing any more are forgotten.
    """
    found, bits = -1, int(own.portfolio[slot])
    first = int(own.cursor[slot]) if own.cursor[slot] < fraction.size else 0
    for arc in range(2):
        end = fraction.size if arc == 0 else first
        place = following(bits, first if arc == 0 else 0, end)
        while found < 0 and place < end:
            if holding(balances, fraction[place], stake[place], pledge[place], who) > 0:
                if facts[PRICE, place] > 0.0 or facts[CLAIM, place] > 0.0:
                    found = place
                    own.cursor[slot] = place + 1
            elif place < PORTFOLIO_BITS and (receipt[place] < 0 or balances[receipt[place], who] == 0):
                bits &= ~(1 << place)
            place = following(bits, place + 1, end)
    own.portfolio[slot] = bits
    return found


@helper("boolean(int64[::1], int64, int64)")
def looked_at(row, n, v):
    """Whether a vault is among the first n that he has looked at."""
    found = False
    for j in range(n):
        found = found or row[j] == v
    return found


@helper("int64(uint64, int64, int64, int64, int64[::1], int64[::1])")
def drawn(key, slot, j, looks, open_vaults, on_offer):
    """Vault of his look j by lot: the last look is at what is advertised, if anything is; -1 if nothing can be had."""
    vaults = on_offer if j == looks - 1 and on_offer.size > 0 else open_vaults
    return vaults[int(u01(key, slot, 1 + j) * vaults.size)] if vaults.size > 0 else -1


@helper(
    types.void(
        *(types.int64[::1], types.int64, types.int64[::1], types.float64[:, ::1], COLUMN, COLUMN, COLUMN, BALANCES),
        *(types.float64[::1], ASSETS, ASSETS, ASSETS, types.int64[::1], types.int64[::1], types.int64[::1]),
        *(types.int64[::1], types.float64[::1], types.uint64, types.int64[:, ::1]),
    )
)
def look_ahead(
    slots, a, account, table, portfolio, cursor, considered, balances, wealth, fraction,
    stake, pledge, open_vaults, on_offer, indptr, indices, sentiment, key, picks,
):  # fmt: skip
    """Draw what an investor who decides soon will look at, and ask memory for what he decides by, which lies far apart.

    Args:
        a: place of who decides now, from -AHEAD on
        picks: out, in a ring of AHEAD rows: vaults of his further looks, and last the neighbour he meets, -1 for none
    """
    far, b = a + AHEAD, a + NEAR
    if far < slots.size:
        slot = slots[far]
        who = account[slot]
        for column in range(0, table.shape[1], LINE):
            prefetch(table, (slot, column))
        prefetch(balances, (USD_ASSET, who))
        prefetch(balances, (BTC_ASSET, who))
        prefetch(wealth, who)
        prefetch(sentiment, who)
        prefetch(indptr, who)
    if 0 <= b < slots.size:
        slot = slots[b]
        who, looks, row = account[slot], min(int(considered[slot]), picks.shape[1] - 1), b % AHEAD
        place = following(int(portfolio[slot]), int(cursor[slot]), fraction.size)
        for j in range(looks):
            v = drawn(key, slot, j, looks, open_vaults, on_offer) if j > 0 else place
            picks[row, j] = v
            if v >= 0 and v < fraction.size:
                if fraction[v] >= 0:
                    prefetch(balances, (fraction[v], who))
                if stake[v] >= 0:
                    prefetch(balances, (stake[v], who))
                if pledge[v] >= 0:
                    prefetch(balances, (pledge[v], who))
        last = picks.shape[1] - 1
        picks[row, last] = -1
        if who + 1 < indptr.size and indptr[who + 1] > indptr[who]:
            links = indptr[who + 1] - indptr[who]
            picks[row, last] = indices[indptr[who] + int(u01(key, slot, MET) * links)]
            prefetch(sentiment, picks[row, last])
