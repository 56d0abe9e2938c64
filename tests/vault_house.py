"""A market with real vaults, offerings and ledger; the coin, rigs and mining pools are given by the test."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from model.actions import Action
from model.clock import Clock, ClockParams
from model.flows import Flow
from model.journal import Journal
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET, Ledger
from model.mechanism import Mechanism
from model.mechanisms.amm import Amm, AmmParams
from model.mechanisms.bitcoin.kernels import sell_for_cash
from model.mechanisms.offerings import Offerings, OfferingsParams
from model.mechanisms.vaults import Vaults, VaultsParams
from model.settlement import Settlement
from model.streams import Streams
from model.units import USD

WHOLE = 1_000_000
ROOM = 200


class Coin(Mechanism):
    """A coin at 20,000 USD."""

    key = "bitcoin"
    price = sell_price = 20_000.0

    def raise_cash(self, accounts: Any, usd_needed: Any) -> None:
        sell_for_cash(self.ledger.books, self.ledger.world, round(self.sell_price * USD), accounts, usd_needed)


class Rigs(Mechanism):
    """GH/s by account; everything that is registered runs, unless the test says otherwise."""

    key = "rigs"
    price, shipping, resale = 15.0, 30.0, 5.0  # USD/TH, J/TH, USD/TH

    def start(self) -> None:
        self.registered, self.delivered, self.bill = (np.zeros(ROOM, np.int64) for _ in range(3))
        self.ordered: dict[int, int] = {}

    def add_fleet(self, owner: int, ghs: int, j_per_th: float, power: float) -> None:
        self.registered[owner] += ghs

    def transfer(self, source: int, target: int, ghs: int) -> int:
        moved = min(ghs, int(self.registered[source]))
        self.registered[source] -= moved
        self.registered[target] += moved
        return moved

    def on_order(self, account: int) -> int:
        return int(self.ordered.get(account, 0))

    def sell(self, account: int, ghs: int) -> int:
        usd = round(self.resale * USD * ghs / 1000)
        self.ledger.pay(USD_ASSET, self.ledger.world, account, usd, Flow.RIGS)
        self.registered[account] -= ghs
        return usd

    @property
    def per_th(self) -> float:
        return self.price

    def order(self, account: int, usd: int, power_price: float) -> int:
        self.ledger.pay(USD_ASSET, account, self.ledger.world, usd, Flow.RIGS)
        self.ordered[account] = int(usd / USD / self.price * 1000)
        return self.ordered[account]

    def machines(self, account: int) -> str:
        return "rigs"

    def mark(self, account: int) -> float:
        return self.registered[account] / 1000 * self.resale

    def efficiency(self, account: int) -> float:
        return self.shipping

    def power_price(self, account: int) -> float:
        return 0.05

    def running_cost(self, account: int) -> float:
        return 0.036


class Payout(Mechanism):
    """Satoshi by account, as the test says."""

    key = "payout"

    def start(self) -> None:
        self.gross = np.zeros(ROOM, np.int64)


class Nfts(Mechanism):
    """NFTs by number, sold at what they are appraised at."""

    key = "nfts"

    def start(self) -> None:
        self.n = 0
        self.owner, self.vault = (np.full(ROOM, -1, np.int64) for _ in range(2))
        self.income, self.appraisal, self.days_left = np.zeros(ROOM, np.int64), np.zeros(ROOM), np.full(ROOM, np.inf)

    def mint(self, owner: int, usd: float) -> int:
        self.owner[self.n], self.appraisal[self.n] = owner, usd
        self.n += 1
        return self.n - 1

    def transfer(self, n: int, owner: int) -> None:
        self.owner[n], self.vault[n] = owner, -1

    def appraised(self, n: int) -> float:
        return float(self.appraisal[n])

    def sell(self, n: int) -> int:
        usd = round(self.appraisal[n] * USD)
        self.ledger.pay(USD_ASSET, self.ledger.world, int(self.owner[n]), usd, Flow.TRADE)
        self.owner[n] = self.vault[n] = -1
        return usd


class House:
    """Ledger, agents with cash and rigs, vaults, offerings and settlement.

    Args:
        agents: accounts of the kind "trader"
        ghs: rigs of each
        vaults, offerings: parameters
        pools: whether there are pools too

    Attributes:
        spare: assets and income lines left for further mechanisms
    """

    spare = (0, 0)

    def __init__(
        self,
        agents: int = 4,
        ghs: int = 100_000,
        vaults: Any = None,
        offerings: Any = None,
        hours: int = 24,
        pools: bool = False,
    ) -> None:
        sectors = ["trader", "vaults", "venues", "credit", "platform", "utilities", "protocol", "world"]
        vault_params = VaultsParams(**{"capacity": 6, "supply": 1_000, **(vaults or {})})
        offering_params = OfferingsParams(**{"initial": 0, **(offerings or {})})
        amm_params = AmmParams(capacity=vault_params.capacity)
        (assets, lines, _), more = Vaults.room(vault_params), Amm.room(amm_params)
        self.ledger = Ledger(sectors, ROOM, 3 + assets + more[0] + self.spare[0], lines + more[1] + self.spare[1])
        self.market = SimpleNamespace(
            ledger=self.ledger,
            clock=Clock(ClockParams(hours_per_tick=hours)),
            streams=Streams(1),
            journal=Journal(sectors),
            mechanisms={},
            populations={},
            shocks={"liquidity": 1.0},
            platform=self.ledger.open_account("platform", "platform"),
        )
        self.clock, self.journal = self.market.clock, self.market.journal
        self.coin = self._add(Coin, None)
        self.rigs = self._add(Rigs, None)
        self.payout = self._add(Payout, None)
        self.rigs.start()
        self.payout.start()
        self.nfts = self._add(Nfts, None)
        self.nfts.start()
        self.vaults = self._add(Vaults, vault_params)
        self.amm = self._add(Amm, amm_params) if pools else None
        self.offerings = self._add(Offerings, offering_params)
        self.agents = [int(a) for a in self.ledger.open_accounts("trader", agents)]
        for agent in self.agents:
            self.ledger.pay(USD_ASSET, self.ledger.world, agent, 10_000 * WHOLE, Flow.ENDOWMENT)
            self.rigs.registered[agent] = ghs
        self.clock.tick = 0
        self.vaults.open()
        self.offerings.open()
        self.settlement = Settlement(self.market)
        self.lost = 0

    def _add(self, kind: Any, params: Any) -> Any:
        self.market.mechanisms[kind.key] = mechanism = kind(self.market, params)
        return mechanism

    def vault(self, creator: int = 0, ghs: int = 50_000, supply: int | None = None) -> int:
        """A vault in circulation, all its fractions with its creator."""
        return self.vaults.create(self.agents[creator], ghs, supply)

    def mine(self, v: int, sat: int, usd: int = 0, runs: bool = True) -> None:
        """Let a vault be paid and invoiced for one tick, and share what is left."""
        account = int(self.vaults.account[v])
        self.rigs.delivered[account] = self.rigs.registered[account] if runs else 0
        self.ledger.pay(BTC_ASSET, self.ledger.world, account, sat, Flow.PAYOUT)
        self.ledger.pay(PAYABLE_ASSET, self.ledger.utilities, account, usd, Flow.POWER)
        self.payout.gross[account], self.rigs.bill[account] = sat, usd

    def rent(self, v: int, usd: int) -> None:
        """Let the NFT of a vault earn dollars, or cost them, for one tick."""
        account = int(self.vaults.account[v])
        self.nfts.income[self.vaults.nft[v]] = usd
        if usd > 0:
            self.ledger.pay(USD_ASSET, self.ledger.world, account, usd, Flow.RENT)
        else:
            self.ledger.pay(PAYABLE_ASSET, self.ledger.utilities, account, -usd, Flow.POWER)

    def morning(self) -> None:
        """Income of the vaults, and what pools pass on of it."""
        self.vaults.accrue()
        if self.amm is not None:
            self.amm.pass_income()
            self.amm.quote()
        for column in (self.payout.gross, self.rigs.bill, self.rigs.delivered, self.nfts.income):
            column[:] = 0

    def day(self, *actions: Action) -> None:
        """Income of the vaults, the actions, then bills, ends and offerings."""
        self.morning()
        self.act(*actions)
        for account in range(self.ledger.accounts):
            due = max(0, self.ledger.balance(PAYABLE_ASSET, account))
            paid = min(due, max(0, self.ledger.balance(USD_ASSET, account)))
            self.ledger.pay(USD_ASSET, account, self.ledger.utilities, paid, Flow.POWER)
            self.ledger.pay(PAYABLE_ASSET, account, self.ledger.utilities, paid, Flow.POWER)
        self.vaults.wind_up()
        self.offerings.close_offerings()
        self.vaults.mark()
        if self.amm is not None:
            self.amm.mark()
        self.check()
        self.clock.tick += 1

    def act(self, *actions: Any) -> None:
        """Settle some actions."""
        for action in actions:
            self.settlement.submit(action)
        for _, _, settle in self.settlement.lines():
            settle()

    def check(self) -> None:
        """All laws."""
        self.ledger.check()
        self.vaults.check()
        self.offerings.check()
        if self.amm is not None:
            self.amm.check()

    def coins(self, account: int) -> int:
        """Satoshi that an account holds and is owed by all fractions."""
        for v in range(self.vaults.n):
            self.ledger.collect(int(self.vaults.fraction[v]), np.array([account]))
        return self.ledger.balance(BTC_ASSET, account)

    def cash(self, account: int) -> int:
        """USD base units."""
        return self.ledger.balance(USD_ASSET, account)

    def held(self, v: int, account: int) -> int:
        """Fractions of a vault."""
        return self.ledger.balance(int(self.vaults.fraction[v]), account)

    def give(self, v: int, source: int, target: int, amount: int) -> None:
        """Move fractions between agents."""
        self.ledger.pay(int(self.vaults.fraction[v]), self.agents[source], self.agents[target], amount, Flow.TRADE)
