"""Random play of every action of every mechanism at once: nothing is ever lost, whatever agents ask for.

Each tick many rows of every kind of action and some bundles are handed in, most of them foolish. The guard checks all
laws of the ledger and of every mechanism after each tick; at the end every action must have succeeded at least once.
"""

from operator import attrgetter
from typing import Any, ClassVar

import numpy as np
import pytest

from model import Marketplace, Scenario
from model.actions import Action, Bundle, Status
from model.ledger import BTC_ASSET, USD_ASSET
from model.mechanisms.amm import Swap
from model.mechanisms.auction.table import ACCOUNT, NUMBER
from model.units import TOKEN

BUNDLES = 10  # a tick
ROWS = {"Tokenise": 4, "Fractionalise": 4, "OfferContract": 3, "FoundClub": 2, "MintNft": 4}  # a tick; others: many

TABLES: dict[str, Any] = {
    "clock": {"start": "2023-01", "ticks": 100_000},
    "bitcoin": {},
    "power": {},
    "rigs": {},
    "network": {"rest": "fixed"},
    "payout": {},
    "nfts": {"capacity": 400},
    "vaults": {
        "capacity": 240,
        "supply": 1_000,
        "life_days": 60,
        "redemption": "in_kind",
        "eligibility": "lp_passthrough",
        "baskets": [{"name": "index", "members": [0, 1, 2], "per_fraction": [0.5, 0.25, 0.25]}],
    },
    "offerings": {
        "initial": 6,
        "th": 500.0,
        "days": 4.0,
        "dutch_days": 3.0,
        "least_ghs": 1_000,
        "form": "fixed_price",
        "forms": {"art": "dutch", "collectible": "editions", "metaverse_land": "bonding_curve", "game_item": "fixed_price_keep"},
        "seed_venues": {"amm": 0.5, "curve": 0.25, "weighted": 0.25},
        "grant_bps": 100,
    },
    "amm": {"capacity": 240, "protocol_fee": True},
    "curve": {"capacity": 240},
    "weighted": {"capacity": 240},
    "auction": {"order_hours": 72.0},
    "oracle": {},
    "fees": {"transaction_fee": 0.01},
    "suppliers": {},
    "agents": {
        "miner": {"count": 60, "attention": 0.0, "cash": 1e6},
        "retail_investor": {"count": 240, "attention": 0.0, "startle": 100.0, "cash": {"lognormal": {"median": 1e5, "sigma": 1.5}}},
    },
}  # fmt: skip


FRACTIONS = attrgetter("fraction")
OWNED = {  # action: mechanism, column of the asset handed over by vault (or by side and vault), column of the amount
    "Swap": ("vaults", FRACTIONS, "amount"),
    "CurveSwap": ("vaults", FRACTIONS, "amount"),
    "WeightedSwap": ("vaults", FRACTIONS, "amount"),
    "BatchOrder": ("vaults", FRACTIONS, "quantity"),
    "Stake": ("vaults", FRACTIONS, "amount"),
    "Redeem": ("vaults", FRACTIONS, "amount"),
    "AddLiquidity": ("vaults", FRACTIONS, "fractions"),
    "AddWeighted": ("vaults", FRACTIONS, "fractions"),
    "AddCurve": ("vaults", FRACTIONS, "amount"),
    "Unstake": ("vaults", attrgetter("stake"), "amount"),
    "RemoveLiquidity": ("amm", attrgetter("share"), "shares"),
    "RemoveWeighted": ("weighted", attrgetter("share"), "shares"),
    "RemoveCurve": ("curve", attrgetter("pools.share"), "shares"),
}


class Player:
    """Draws rows of any action by the names of its columns."""

    owned: ClassVar[dict[str, Any]] = OWNED
    most: ClassVar[dict[str, int]] = ROWS

    def __init__(self, market: Marketplace, seed: int) -> None:
        self.market = market
        self.draw = np.random.default_rng(seed)
        self.accounts = np.concatenate([p.account[: len(p)] for p in market.populations.values()])

    def sizes(self, n: int, largest: float) -> np.ndarray:
        """Mostly small, sometimes far too large."""
        return np.exp(self.draw.uniform(0.0, np.log(largest), n)).astype(np.int64)

    def column(self, name: str, n: int) -> np.ndarray:
        """Plausible and implausible values of one column."""
        d, vaults = self.draw, self.market.mechanisms["vaults"]
        if name == "vault":
            return d.integers(-1, max(2, vaults.n + 1), n)
        if name in ("side", "pool"):
            return d.integers(0, 2 + (name == "pool"), n)
        if name == "kind":
            return d.integers(0, 10, n)
        if name == "nft":
            return d.integers(-1, 200, n)
        if name == "limit":
            return np.where(d.random(n) < 0.9, np.where(d.random(n) < 0.5, 1, 10**15), self.sizes(n, 1e12))
        if name == "keep_bps":
            return d.integers(0, 9_000, n)
        if name in ("ghs", "days"):
            return self.sizes(n, 1e7 if name == "ghs" else 90.0) + 1
        if name == "price":
            return self.sizes(n, 1e8)
        if name == "appraisal":
            return self.sizes(n, 1e11)
        if name == "site":
            return d.integers(0, 3, n)
        return self.sizes(n, 1e10 if d.random() < 0.5 else 1e7 * TOKEN / 1e6)

    def rows(self, action: type[Action], n: int) -> Action:
        """A batch of an action, half of its rows by accounts that have what it takes."""
        who = self.draw.choice(self.accounts, n)
        batch = action(who, **{name: self.column(name, n) for name in action.fields})
        rows, owners = batch.rows[::2], SPECIAL.get(action.__name__)
        if owners is not None:
            owners(self, rows)
        elif action.__name__ in self.owned:
            self.let_owners_act(action, rows)
        return batch

    def order_to_own_sites(self, rows: Any) -> None:
        """Rigs go where the account has a site."""
        rows["site"] = self.market.view.rigs.site[rows["account"]]

    def use_own_nfts(self, rows: Any) -> None:
        """Each an NFT that an agent owns, by its owner."""
        owner = self.market.mechanisms["nfts"].table.owner
        owned = np.flatnonzero(np.isin(owner, self.accounts))
        if owned.size:
            rows["nft"] = self.draw.choice(owned, rows.size)
            rows["account"] = owner[rows["nft"]]

    def offer_own_rigs(self, rows: Any) -> None:
        """Part of the rigs of accounts that have enough of them."""
        offerings = self.market.mechanisms["offerings"]
        rigs, least = offerings.rigs.registered[self.accounts], offerings.params.least_ghs
        able = np.flatnonzero(rigs >= least)
        if able.size:
            chosen = self.draw.choice(able, rows.size)
            rows["account"] = self.accounts[chosen]
            rows["ghs"] = least + (rigs[chosen] - least) * self.draw.random(rows.size)

    def cancel_own_orders(self, rows: Any) -> None:
        """Each an order in the book, by its owner."""
        auction = self.market.mechanisms["auction"]
        book = auction.book[: auction.n]
        if book.size:
            mine = book[self.draw.integers(0, auction.n, rows.size)]
            rows["account"], rows["number"] = mine[:, ACCOUNT], mine[:, NUMBER]

    def assemble_from_members(self, rows: Any) -> None:
        """By holders of all members of a basket, at most what they can assemble."""
        vaults, balances = self.market.mechanisms["vaults"], self.market.ledger.books.balances
        for v, recipe in vaults.recipes.items():
            parts = [balances[vaults.fraction[m], self.accounts] * TOKEN // per for m, per in recipe]
            most = np.min(parts, axis=0)
            able = np.flatnonzero(most > 0)
            if able.size:
                chosen = self.draw.choice(able, rows.size)
                rows["account"], rows["vault"] = self.accounts[chosen], v
                rows["amount"] = 1 + most[chosen] * self.draw.random(rows.size)

    def let_owners_act(self, action: type[Action], rows: Any) -> None:
        """A holder of the asset, and a part or all of what he holds."""
        mechanisms, balances = self.market.mechanisms, self.market.ledger.books.balances
        key, column, amount = self.owned[action.__name__]
        assets = column(mechanisms[key])
        for i in range(rows.size):
            v, side = int(self.draw.integers(0, max(1, mechanisms["vaults"].n))), 1
            if assets.ndim > 1:
                side = int(self.draw.integers(0, assets.shape[0]))
            asset = int(assets[side, v] if assets.ndim > 1 else assets[v])
            owners = self.accounts[balances[asset, self.accounts] > 0] if asset >= 0 else self.accounts[:0]
            if owners.size == 0:
                continue
            account = int(self.draw.choice(owners))
            held = int(balances[asset, account])
            rows[i]["account"], rows[i]["vault"] = account, v
            rows[i][amount] = held if self.draw.random() < 0.3 else max(1, int(held * self.draw.random()))
            if "side" in action.fields:
                rows[i]["side"] = side
            if "limit" in action.fields:
                rows[i]["limit"] = 1

    def bundle(self) -> Bundle:
        """A few actions of one account, which has what the first of them takes."""
        kinds = self.draw.choice(len(self.market.settlement.order), self.draw.integers(2, 5))
        actions = [self.rows(self.market.settlement.order[k], 1) for k in kinds]
        for action in actions:
            action.rows["account"] = actions[0].rows["account"]
        return Bundle(actions)

    def tick(self, many: int) -> int:
        """Hand in a tick's rows and bundles and run it; how many rows."""
        handed = 0
        for _ in range(BUNDLES):
            self.market.submit(self.bundle())
        for action in self.market.settlement.order:
            n = min(many, self.most.get(action.__name__, many))
            self.market.submit(self.rows(action, n))
            handed += n
        self.market.step()
        return handed


SPECIAL = {
    "OrderRigs": Player.order_to_own_sites,
    "Tokenise": Player.offer_own_rigs,
    "OfferContract": Player.offer_own_rigs,
    "SellNft": Player.use_own_nfts,
    "Fractionalise": Player.use_own_nfts,
    "CancelOrder": Player.cancel_own_orders,
    "AssembleBasket": Player.assemble_from_members,
}


def play(actions: int, many: int, seed: int, hours: int = 24, **others: Any) -> Marketplace:
    """A market after so many random actions; `others` are tables that differ."""
    tables = {**TABLES, "clock": {**TABLES["clock"], "hours_per_tick": hours}, **others}
    market = Marketplace(Scenario.from_tables(tables, "random play"), rng=seed)
    market.step()
    player, handed = Player(market, seed), 0
    while handed < actions:
        handed += player.tick(many)
    market.check()
    return market


def unused(market: Marketplace) -> list[str]:
    """Actions that never succeeded."""
    return [action.__name__ for action, tally in market.settlement.outcomes.items() if tally[Status.DONE] == 0]


@pytest.mark.parametrize(("seed", "hours"), [(1, 24), (2, 4)])
def test_nothing_is_lost_in_random_play(seed: int, hours: int) -> None:
    with play(100_000, 120, seed, hours) as market:
        balances = market.ledger.books.balances[:, : market.ledger.accounts]
        assert np.all(balances.sum(axis=1) == 0)
        assert balances[USD_ASSET].min() < 0 and balances[BTC_ASSET].min() < 0  # the issuers


def dump(market: Marketplace) -> list[bytes]:
    """Every bit that a bundle might change."""
    books, mechanisms = market.ledger.books, market.mechanisms.values()
    n, assets = market.ledger.accounts, len(market.ledger.asset_names)
    arrays = [books.balances[:assets, :n], books.settled[:, :n], books.line_index, books.flows]
    arrays += [column for m in mechanisms if m.key != "fees" for column in m.state()]  # a bundle pays, done or not
    return [np.ascontiguousarray(a).tobytes() for a in arrays]


def test_a_bundle_that_fails_leaves_no_trace_whatever_it_asked_for() -> None:
    with play(50_000, 150, 4, fees={"transaction_fee": 0.0, "market_fee": 0.0}) as market:
        player, vaults, undone = Player(market, 5), market.mechanisms["vaults"], set()
        for v in range(vaults.n):
            vaults.open_stakes(v)  # made once, and not unmade
        before = dump(market)
        for action in market.settlement.order:
            for _ in range(6):
                first = player.rows(action, 1)
                market.submit(Bundle([first, Swap(first.rows["account"], vault=-1, side=0, amount=1, limit=0)]))
                market.settlement.settle(Swap, True)
                assert dump(market) == before, action.__name__
                undone |= {action.__name__} if first.rows["status"][0] == Status.UNDONE else set()
        assert {"Swap", "Stake", "JoinPool", "AddLiquidity", "AssembleBasket"} <= undone


@pytest.mark.slow
def test_nothing_is_lost_in_ten_million_random_actions() -> None:
    with play(10_000_000, 2_000, 3) as market:
        assert not unused(market)
        assert np.all(market.ledger.books.balances[:, : market.ledger.accounts].sum(axis=1) == 0)
