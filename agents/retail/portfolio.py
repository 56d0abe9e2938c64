"""What an investor may hold, remembered as bits of his column `portfolio`, and which vaults he will look at next."""

from numba import types

from agents.retail.traits import PORTFOLIO_BITS
from model.jit import helper
from model.ledger import BTC_ASSET, USD_ASSET
from model.streams import u01

AHEAD = 16  # investors whose figures are asked for together
LINE = 8  # numbers in a line of memory, which come together
MET = 60  # place of the draw of the neighbour he meets
BALANCES = types.Array(types.int64, 2, "C", readonly=True)
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


@helper("int64(uint64, int64, int64, int64, int64[::1], int64[::1])")
def drawn(key, slot, j, looks, open_vaults, on_offer):
    """Vault of his look j by lot: the last look is at what is advertised, if anything is; -1 if nothing can be had."""
    vaults = on_offer if j == looks - 1 and on_offer.size > 0 else open_vaults
    return vaults[int(u01(key, slot, 1 + j) * vaults.size)] if vaults.size > 0 else -1


@helper(
    types.void(
        *(types.int64[::1], types.int64, types.int64[::1], types.float64[:, ::1], COLUMN, COLUMN, COLUMN, BALANCES),
        *(types.float64[::1], ASSETS, types.int64[::1], types.int64[::1], types.int64[::1], types.int64[::1]),
        *(types.float64[::1], types.uint64, types.float64[:, ::1], types.int64[:, ::1]),
    )
)
def look_ahead(
    slots, start, account, table, portfolio, cursor, considered, balances,
    wealth, fraction, open_vaults, on_offer, indptr, indices,
    sentiment, key, met, picks,
):  # fmt: skip
    """Mood of somebody whom each of the next investors knows, `met[0]`, and vaults of his further looks, `picks`.

    What they decide by lies far apart in memory. Read for several of them at once, one beside the other, it is near
    when each decides; the sum that keeps these reads goes to `met[1]` and is of no use.
    """
    end = min(start + AHEAD, slots.size)
    for a in range(start, end):
        slot = slots[a]
        who, near = account[slot], 0.0
        for column in range(0, table.shape[1], LINE):
            near += table[slot, column]
        near += balances[USD_ASSET, who] + balances[BTC_ASSET, who]
        if who < wealth.size:
            near += wealth[who]
        met[0, a - start], met[1, a - start] = sentiment[who] if who < sentiment.size else 0.0, near
    for a in range(start, end):
        slot = slots[a]
        who, looks, near = account[slot], int(considered[slot]), 0
        if who + 1 < indptr.size and indptr[who + 1] > indptr[who]:
            links = indptr[who + 1] - indptr[who]
            met[0, a - start] = sentiment[indices[indptr[who] + int(u01(key, slot, MET) * links)]]
        place = following(int(portfolio[slot]), int(cursor[slot]), fraction.size)
        if place < fraction.size and fraction[place] >= 0:
            near += balances[fraction[place], who]
        for j in range(1, looks):
            v = drawn(key, slot, j, looks, open_vaults, on_offer)
            picks[a - start, j] = v
            if v >= 0 and fraction[v] >= 0:
                near += balances[fraction[v], who]
        met[1, a - start] += near
