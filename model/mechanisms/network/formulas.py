"""Rules of the coin's protocol, and what mining earns: pure functions of plain numbers."""

from model.units import BTC, HOURS_PER_DAY, SECONDS_PER_DAY, TH_PER_PH

HASHES_PER_DIFFICULTY = 2**32  # expected hashes for a block at difficulty 1
BLOCKS_PER_EPOCH = 2016
TARGET_SECONDS = 14 * SECONDS_PER_DAY  # of an epoch
MOST_STEP = 4  # difficulty changes at most by this factor
BLOCKS_PER_HALVING = 210_000
FIRST_SUBSIDY = 50 * BTC
HALVINGS = 64  # after so many the subsidy is nothing
EASIEST_TARGET = (1 << 224) - 1
HASHES_PER_TERAHASH, HASHES_PER_PETAHASH = 1e12, 1e15


def retarget(difficulty: float, actual_seconds: float) -> float:
    """Difficulty of the next epoch: max(1, D 1209600 / clamp(actual, 302400, 4838400))                    [Nakamoto2008].

    Args:
        difficulty: D of the epoch that ends
        actual_seconds: from its first block to its last, 2015 gaps

    >>> round(retarget(1, 1_022_578), 7)
    1.1828926
    """
    actual = min(max(actual_seconds, TARGET_SECONDS // MOST_STEP), TARGET_SECONDS * MOST_STEP)
    return max(1.0, difficulty * TARGET_SECONDS / actual)


def target_of(bits: int) -> int:
    """Target of a protocol's compact integer: mantissa times 256^(exponent - 3)."""
    exponent, mantissa = bits >> 24, bits & 0x7FFFFF
    return mantissa >> 8 * (3 - exponent) if exponent <= 3 else mantissa << 8 * (exponent - 3)


def bits_of(target: int) -> int:
    """Compact integer of a target, cut to three bytes whose first bit is 0."""
    exponent = (target.bit_length() + 7) // 8
    mantissa = target << 8 * (3 - exponent) if exponent <= 3 else target >> 8 * (exponent - 3)
    if mantissa & 0x800000:
        mantissa, exponent = mantissa >> 8, exponent + 1
    return mantissa | exponent << 24


def retarget_bits(bits: int, actual_seconds: int) -> int:
    """`retarget` in the protocol's own integers: compact target of the next epoch, digit for digit.

    >>> hex(retarget_bits(0x1D00FFFF, 1_022_578))
    '0x1d00d86a'
    """
    actual = min(max(actual_seconds, TARGET_SECONDS // MOST_STEP), TARGET_SECONDS * MOST_STEP)
    return bits_of(min(target_of(bits) * actual // TARGET_SECONDS, EASIEST_TARGET))


def block_subsidy(height: int) -> int:
    """New coins of the block at a height [satoshi]: 50e8 >> (height // 210000), 0 after 64 halvings.

    >>> block_subsidy(840_000)
    312500000
    """
    halvings = height // BLOCKS_PER_HALVING
    return FIRST_SUBSIDY >> halvings if halvings < HALVINGS else 0


def expected_blocks(hashrate: float, seconds: float, difficulty: float) -> float:
    """Blocks that a hash rate [hash/s] finds on average: H t / (2^32 D).

    >>> round(expected_blocks(600e18, 600, 83_819_031_715_393), 3)
    1.0
    """
    return hashrate * seconds / (HASHES_PER_DIFFICULTY * difficulty)


def hashprice(difficulty: float, subsidy_btc: float, fees_btc: float, price_usd: float = 1) -> float:
    """Revenue of 1 PH/s in a day: 86400 1e15 (subsidy + fees) price / (2^32 D), in BTC unless a price is given.

    Args:
        difficulty: D
        subsidy_btc, fees_btc: of one block [BTC]
        price_usd: of one coin [USD]

    >>> round(hashprice(79.5e12, 3.125, 0.15), 9)
    0.000828701
    """
    return expected_blocks(HASHES_PER_PETAHASH, SECONDS_PER_DAY, difficulty) * (subsidy_btc + fees_btc) * price_usd


def breakeven_power_price(hashprice_usd_per_ph_day: float, joules_per_terahash: float) -> float:
    """Power price that takes all revenue of a rig [USD/kWh]: 1 PH/s draws as many kW as the rig has J/TH.

    >>> round(breakeven_power_price(48.972, 35), 4)
    0.0583
    """
    return hashprice_usd_per_ph_day / (24.0 * joules_per_terahash)


def power_cost_per_token(th: float, watts_per_th: float, usd_per_kwh: float, pue: float = 1.0) -> float:
    """Electricity behind a token of hashpower for a day [USD].

    >>> round(power_cost_per_token(0.1, 60, 0.058, 1.03), 8)
    0.00860256
    >>> round(power_cost_per_token(1.0, 35, 0.0583), 6)
    0.048972
    """
    return th * watts_per_th * HOURS_PER_DAY * usd_per_kwh * pue / 1_000


def breakeven_hashprice(cost_per_th: float, fee: float) -> float:
    """Hashprice at which a TH that costs so much a day earns nothing, after a fee on what it earns [USD/PH/day].

    >>> round(breakeven_hashprice(0.048972, 0.025), 2)
    50.23
    """
    return cost_per_th * TH_PER_PH / (1.0 - fee)
