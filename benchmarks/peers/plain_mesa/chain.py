"""The coin's price, its chain, and the mining pools that share its blocks out."""

from math import exp, log, sqrt
from typing import Any

from model.mechanisms.bitcoin.processes import start_price
from model.mechanisms.network.tables import chain_at, fee_ratio_at, hashrate_at
from model.mechanisms.payout.formulas import SCHEMES, pps_reserve

HASHES, EPOCH, HALVING, TARGET, DAY = 2.0**32, 2016, 210_000, 1_209_600.0, 86_400.0
TERA = 1e12


class Coin:
    """Price of a coin: GARCH with t innovations, or normal ones."""

    def __init__(self, params: Any, clock: Any, random: Any) -> None:
        if params.process not in ("garch", "gbm", "constant"):
            raise ValueError(f"the peer has no price process {params.process!r}")
        self.params, self.random = params, random
        self.price, self.h, self.variance = start_price(params, clock), 1.0, params.volatility**2

    def move(self) -> None:
        """One day."""
        p, random = self.params, self.random
        if p.process == "constant":
            return
        e = random.gauss(0.0, 1.0)
        if p.process == "garch":
            e *= sqrt(self.h * (p.nu - 2.0) / random.gammavariate(0.5 * p.nu, 2.0))
            weight = p.alpha + p.gamma if e < 0.0 else p.alpha
            self.h = 1.0 - p.alpha - 0.5 * p.gamma - p.beta + weight * e * e + p.beta * self.h
        gain = p.drift / 365.0 + p.volatility / sqrt(365.0) * e
        self.price *= exp(gain)
        self.variance += (1.0 - exp(-1.0 / p.memory_days)) * (gain * gain * 365.0 - self.variance)


class Chain:
    """Blocks, difficulty, halvings and fees."""

    def __init__(self, params: Any, clock: Any, random: Any) -> None:
        start = chain_at(clock.start)
        self.params, self.random = params, random
        self.difficulty, self.height = start.difficulty, start.height
        self.now, self.first, self.work, self.found = 0.0, -start.elapsed, 0.0, 0
        self.fast, self.slow = 0.0, log(fee_ratio_at(clock.start)) - params.fee_mean
        self.hashrate, self.held = hashrate_at(clock.start), 50.0 * 0.5 ** ((start.height + 1) // HALVING)
        self.fee_ratio = params.fee_ratio
        self.set_fees()

    @property
    def subsidy(self) -> float:
        """New coins of the next block."""
        return 50.0 * 0.5 ** ((self.height + 1) // HALVING) if self.params.halvings else self.held

    def set_fees(self) -> None:
        """Fees over subsidy: regimes and spikes."""
        p = self.params
        if p.fees == "process":
            self.fee_ratio = min(exp(p.fee_mean + self.slow + self.fast), p.fee_cap)

    def hashprice(self, price: float) -> float:
        """Revenue of 1 TH/s in a day [USD]."""
        return DAY * TERA / (HASHES * self.difficulty) * self.subsidy * (1.0 + self.fee_ratio) * price

    def subsidy_share(self) -> float:
        """Subsidy's part of a block's reward."""
        return 1.0 / (1.0 + self.fee_ratio)

    def to_halving(self) -> int:
        """Blocks to the next halving."""
        return HALVING - (self.height + 1) % HALVING

    def mine(self, hashrate: float) -> list[tuple[int, float, float, float]]:
        """A day's blocks: (blocks, subsidy, difficulty, seconds) between retargets and halvings."""
        p, random, self.hashrate = self.params, self.random, hashrate
        a, nu = p.slow_persistence, p.fee_nu
        self.slow = a * self.slow + p.slow_sd * sqrt(1.0 - a * a) * random.gauss(0.0, 1.0)
        student = random.gauss(0.0, 1.0) * sqrt((nu - 2.0) / random.gammavariate(0.5 * nu, 2.0))
        self.fast = p.fast_persistence * self.fast + p.fast_sd * student
        self.set_fees()
        segments, left, found, used, self.found = [], DAY, 0, 0.0, 0
        end = self.now + DAY
        rate, poisson, draw = hashrate / (HASHES * self.difficulty), p.blocks == "poisson", random.expovariate
        while True:
            wait = max(0.0, (draw(1.0) if poisson else 1.0) - self.work) / rate
            if wait > left:
                self.work += rate * left if not poisson else 0.0  # exponential waits have no memory
                segments.append((found, self.subsidy, self.difficulty, used + left))
                break
            left -= wait
            used += wait
            found += 1
            self.found += 1
            subsidy, self.work = self.subsidy, 0.0
            self.height += 1
            if self.height % EPOCH == 0:
                self.first = end - left
            following = self.height + 1
            if following % EPOCH == 0 or following % HALVING == 0:
                segments.append((found, subsidy, self.difficulty, used))
                found, used = 0, 0.0
            if following % EPOCH == 0:
                actual = min(max(end - left - self.first, TARGET / 4.0), TARGET * 4.0)
                self.difficulty = max(1.0, self.difficulty * TARGET / actual)
                rate = hashrate / (HASHES * self.difficulty)
        self.now = end
        return segments


class MiningPools:
    """Pools that pay by work, or by the luck of the day (a window's reach into yesterday is left out)."""

    def __init__(self, params: Any, random: Any) -> None:
        self.pools, self.random, self.size = params.pools, random, len(params.pools)
        self.drawn = params.luck == "drawn"
        self.weights = [pool.share for pool in params.pools]
        self.reserve = [0.0] * self.size
        self.paid, self.open = 0.0, False
        self.sizes, self.shares = [0.0] * self.size, [0.0] * self.size  # of whole pools: TH/s, of the network
        self.earned, self.worked = [0.0] * self.size, [0.0] * self.size

    def draw(self) -> int:
        """A new member's pool."""
        return self.random.choices(range(self.size), self.weights)[0]

    def offers(self, fee_ratio: float) -> list[tuple[float, float, float, float]]:
        """By pool: its fee, parts of rewards that it passes on and that it leaves to luck, and TH/s that share it."""
        split, offers = (1.0 / (1.0 + fee_ratio), fee_ratio / (1.0 + fee_ratio)), []
        for pool, size in zip(self.pools, self.sizes, strict=True):
            parts = list(zip(SCHEMES[pool.scheme], split, strict=True))
            passed = sum(part for rule, part in parts if rule != "kept")
            lucky = sum(part for rule, part in parts if rule not in ("kept", "work"))
            offers.append((pool.fee, passed, lucky, size))
        return offers

    def pay(self, segments: Any, members: list[float], network: float, fee_ratio: float) -> tuple[list[float], float]:
        """BTC that a TH earned in each pool, and what is left for those in none; TH/s by pool, and of everybody."""
        total = sum(blocks * subsidy for blocks, subsidy, _, _ in segments)
        expected = sum(s * t * TERA / (HASHES * d) for _, s, d, t in segments)  # of a TH, without fees
        blocks, random = sum(segment[0] for segment in segments), self.random.random
        outside = max(0.0, network - sum(members))
        sizes = [max(0.0, p.network_share * network - m) for p, m in zip(self.pools, members, strict=True)]
        scale = min(1.0, outside / sum(sizes)) if sum(sizes) > 0.0 else 0.0
        sizes = [m + size * scale for m, size in zip(members, sizes, strict=True)]
        self.sizes, self.shares = sizes, [size / network for size in sizes]
        won = [share * blocks for share in self.shares]
        if self.drawn:
            won = [0.0] * self.size
            edges = [sum(sizes[: k + 1]) / network for k in range(self.size)]
            for _ in range(blocks):
                luck = random()
                for k, edge in enumerate(edges):
                    if luck < edge:
                        won[k] += 1.0
                        break
        rates, left, self.paid = [], total * (1.0 + fee_ratio), 0.0
        for k, pool in enumerate(self.pools):
            rules, mine = SCHEMES[pool.scheme], members[k]
            if not self.open and rules.subsidy == "work" and mine > 0.0:
                self.reserve[k] = pps_reserve(segments[0][1] * (1.0 + fee_ratio), pool.fee, pool.ruin) * mine / sizes[k]
            lucky = won[k] / blocks * total / sizes[k] if blocks and sizes[k] > 0.0 else 0.0
            rate = 0.0
            for rule, part in ((rules.subsidy, 1.0), (rules.fees, fee_ratio)):
                rate += part * (expected if rule == "work" else 0.0 if rule == "kept" else lucky)
            rates.append(rate * (1.0 - pool.fee))
            received = lucky * mine * (1.0 + fee_ratio)
            self.reserve[k] += received - rates[k] * mine
            self.paid += rates[k] * mine
            self.earned[k] += rates[k] * mine
            self.worked[k] += expected * (1.0 + fee_ratio) * mine
            left -= received
        self.open = True
        return rates, max(0.0, left)
