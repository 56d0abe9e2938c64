"""Named random streams: a draw is a pure function of (seed, stream, population, tick, slot, k).

Nothing is ever advanced, so adding an agent, a mechanism or a stream changes nobody else's draws, and two scenarios
under one seed differ by their cause alone. `word` is a keyed finaliser of SplitMix64 [Steele, Lea, Flood 2014]
applied twice; `normal` inverts the normal distribution by Wichura's AS241.
"""

import hashlib
import math
from typing import Any

import numpy as np

from model.jit import helper, kernel, maker

_MASK = (1 << 64) - 1


def _plain_mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def _plain_word(key: int, slot: int, k: int) -> int:
    z = _plain_mix((int(key) + (int(slot) + 1) * 0x9E3779B97F4A7C15) & _MASK)
    return _plain_mix((z + (int(k) + 1) * 0xD1342543DE82EF95) & _MASK)


def _plain_tick_key(named: int, tick: int) -> int:
    return _plain_mix((int(named) + (int(tick) + 1) * 0x9E3779B97F4A7C15) & _MASK)


def _plain_u01(key: int, slot: int, k: int) -> float:
    return (_plain_word(key, slot, k) >> 11) * 1.1102230246251565e-16


@helper("uint64(uint64)", plain=_plain_mix)
def _mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@helper("uint64(uint64, int64, int64)", plain=_plain_word)
def word(key, slot, k):
    """64 random bits for (key, slot, k)."""
    z = _mix(key + np.uint64(slot + 1) * np.uint64(0x9E3779B97F4A7C15))
    return _mix(z + np.uint64(k + 1) * np.uint64(0xD1342543DE82EF95))


@helper("uint64(uint64, int64)", plain=_plain_tick_key)
def tick_key(named, tick):
    """Key of a named stream at one tick."""
    return _mix(named + np.uint64(tick + 1) * np.uint64(0x9E3779B97F4A7C15))


@helper("float64(uint64, int64, int64)", plain=_plain_u01)
def u01(key, slot, k):
    """Uniform on [0, 1) with 53 random bits."""
    return np.float64(word(key, slot, k) >> np.uint64(11)) * 1.1102230246251565e-16


# numerators and denominators of AS241, the coefficient of r^7 first
_MIDDLE_OVER = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
_MIDDLE_UNDER = (
    5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
_TAIL_OVER = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
_TAIL_UNDER = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
_FAR_OVER = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
_FAR_UNDER = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip


@helper("float64(UniTuple(float64, 8), float64)", from_python=False)
def _horner(c, r):
    """A polynomial of degree 7, the coefficient of r^7 first."""
    return ((((((c[0] * r + c[1]) * r + c[2]) * r + c[3]) * r + c[4]) * r + c[5]) * r + c[6]) * r + c[7]


@helper("float64(float64)")
def normal_quantile(p):
    """Quantile of the standard normal distribution, accurate to about 1e-15 [Wichura 1988, AS241]."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _horner(_MIDDLE_OVER, r) / _horner(_MIDDLE_UNDER, r)
    r = p if q < 0.0 else 1.0 - p
    if r <= 0.0:
        r = 1e-300
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        value = _horner(_TAIL_OVER, r - 1.6) / _horner(_TAIL_UNDER, r - 1.6)
    else:
        value = _horner(_FAR_OVER, r - 5.0) / _horner(_FAR_UNDER, r - 5.0)
    return -value if q < 0.0 else value


@helper("float64(uint64, int64, int64)")
def normal(key, slot, k):
    """Standard normal draw for (key, slot, k)."""
    return normal_quantile(u01(key, slot, k) + 5.551115123125783e-17)


@maker
def uniforms(key: Any, slots: Any, k: Any) -> Any:
    """One uniform for each slot."""
    out = np.empty(slots.size)
    for i in range(slots.size):
        out[i] = u01(key, slots[i], k)
    return out


@maker
def normals(key: Any, slots: Any, k: Any) -> Any:
    """One standard normal for each slot."""
    out = np.empty(slots.size)
    for i in range(slots.size):
        out[i] = normal(key, slots[i], k)
    return out


@kernel
def _tick_keys(named: Any, tick: int, out: Any) -> None:
    for i in range(named.size):
        out[i] = tick_key(named[i], tick)


def hash_name(text: str) -> int:
    """64-bit hash of a name, equal on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


class Streams:
    """All randomness of one run, derived from its seed.

    Args:
        seed: any Python int; equal seeds give equal runs
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._root = hash_name(f"rigshare {seed}")
        self._places: dict[tuple[str, str], int] = {}
        self._named = self._keys = np.zeros(0, np.uint64)
        self._tick = -1

    def key(self, stream: str, population: str = "", tick: int = 0) -> np.uint64:
        """Key of one stream, for one population, at one tick; give it to `u01`, `uniforms`, `normals`."""
        place = self._places.get((stream, population))
        if place is None:
            place = self._name(stream, population)
        if tick == self._tick:
            key: np.uint64 = self._keys[place]
            return key
        return np.uint64(_plain_tick_key(self._named[place], tick))

    def turn(self, tick: int) -> None:
        """Work out the keys of a new tick, all streams at once; those of other ticks are worked out when asked for."""
        self._tick = tick
        _tick_keys(self._named, tick, self._keys)

    def _name(self, stream: str, population: str) -> int:
        """Place of a new stream."""
        place = self._places[stream, population] = len(self._places)
        named = np.uint64(_plain_mix(self._root ^ hash_name(f"{stream}/{population}")))
        self._named, self._keys = np.append(self._named, named), np.zeros(place + 1, np.uint64)
        self.turn(self._tick)
        return place

    def normal(self, stream: str, tick: int = 0, slot: int = 0, k: int = 0) -> float:
        """One scalar standard normal draw."""
        return float(normals(self.key(stream, "", tick), np.array([slot], np.int64), k)[0])
