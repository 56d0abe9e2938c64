"""How vaults come and go: what is put into them, their fractions, and the slots of the table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import InvariantViolated
from model.flows import Flow, Group
from model.ledger import BTC_ASSET, PAYABLE_ASSET, USD_ASSET
from model.mechanism import Mechanism
from model.mechanisms.vaults import exits, formulas, lives
from model.mechanisms.vaults.params import VaultsParams
from model.mechanisms.vaults.table import NONE, Counted, VaultTable, empty_table
from model.nft_kind import WITH_NFT, WITH_RIGS, WORDS, NftKind
from model.pass_through import Passing
from model.room import note_full
from model.sheaf import part_of
from model.units import GHS_PER_TH, TOKEN, USD
from model.vault_status import VaultStatus

HELD = (VaultStatus.OFFERED, VaultStatus.LIVE)
NO_RIGS = np.array([kind not in WITH_RIGS for kind in range(len(NftKind))])  # by kind


class Making(Mechanism):
    """Vaults by number; every column of `VaultTable` is an attribute, `vaults.fraction[v]`.

    Attributes:
        n: vaults so far
        operator: account that runs the rigs, takes the service fee and advances losses
        advance: asset of what vaults owe the operator
        room_left: vaults that can still be made; slots of failed offerings are used again
        others: vaults without rigs that have not come to nothing
        staking: stakes as parked fractions, by vault; staked_anywhere: whether there are any
        paused, halted: vaults whose fractions may not move during a buy-out, and cannot be seized by liquidators either
        ceiling: standing offer for a vault's fractions, above which new loans count none [USD], infinite
            without one
    """

    Params = VaultsParams
    bitcoin: Any
    rigs: Any
    payout: Any
    nfts: Any

    @classmethod
    def room(cls, params: VaultsParams) -> tuple[int, int, int]:
        """Fraction, receipt, stake, two lines for the first and the last, four accounts; the operator's debt and account."""
        return 3 * params.capacity + 1, 4 * params.capacity, 4 * params.capacity + 1

    def __init__(self, market: Any, params: VaultsParams) -> None:
        super().__init__(market, params)
        self.table: VaultTable = empty_table(params.capacity)
        self.__dict__.update(self.table._asdict())  # columns are never made anew
        self.counted = part_of(self.table, Counted)
        self.n = 0
        self.room_left = params.capacity
        self.operator = self.ledger.open_account("platform", "operator of vaults")
        self.advance = self.ledger.add_asset("advances to vaults", Group.DEBT, (self.operator,))
        self.ledger.value[self.advance] = -1 / USD
        self.others = np.zeros(0, np.int64)
        self.paused, self.halted = (np.zeros(params.capacity, np.bool_) for _ in range(2))
        self.ceiling = np.full(params.capacity, np.inf)
        columns = {name: np.zeros(params.capacity, np.int64) for name in Passing._fields[3:]}
        self.staked_anywhere = False
        self.staking = Passing(self.table.stakes, self.table.stakes, self.table.stake, **columns)

    def create(
        self,
        creator: int,
        ghs: int,
        supply: int | None = None,
        *,
        offered: bool = False,
        kind: NftKind = NftKind.RIG,
        nft: int = NONE,
        term_days: float = 0.0,
    ) -> int:
        """Make a vault of a creator's rigs or NFT and give him all its fractions; its number, -1 when the table is full.

        Args:
            creator: account
            ghs: GH/s that move to the vault, no more than he has registered; 0 when the rigs are added by `endow`
            supply: base units, by the scenario's number of whole fractions if not given
            offered: on offer, rather than in circulation at once
            kind: what the vault holds
            nft: number of the creator's NFT, for a kind of NFTs
            term_days: time in circulation, by the scenario's `life_days` if 0

        Raises:
            InvariantViolated: the kind needs an NFT and none is given
        """
        if (kind in WITH_NFT) != (nft >= 0) or (nft >= 0 and self.nfts is None):
            raise InvariantViolated(f"a vault of kind '{WORDS[NftKind(kind)]}' cannot be made with nft = {nft}")
        v = self._free_slot()
        if v == NONE:
            return NONE
        t, minted = self.table, self.params.supply * TOKEN if supply is None else supply
        account, fraction = int(t.account[v]), int(t.fraction[v])
        t.kind[v], t.creator[v], t.supply[v], t.born[v] = kind, creator, minted, self.clock.tick
        t.nft[v], t.term[v] = nft, self.clock.ticks_of(term_days) if term_days > 0 else 0
        t.awaits[v] = kind == NftKind.CLUB and ghs == 0
        self.staking.least[v] = max(1, minted // formulas.WHOLE_UNIT)
        for name in ("gross", "power", "fee", "cost", "net_income", "usd_income", "seen", "holders"):
            getattr(t, name)[v] = 0
        for name in t._fields[t._fields.index("income") :]:
            getattr(t, name)[v] = 0.0
        if nft >= 0:
            self.nfts.transfer(nft, account)
            self.nfts.vault[nft] = v
        t.ghs[v] = self.rigs.transfer(creator, account, ghs) if ghs > 0 else 0
        self.set_status(v, VaultStatus.OFFERED if offered else VaultStatus.LIVE)
        self.ledger.pay(fraction, account, creator, minted, Flow.MINT)
        worth = float(self.nfts.appraised(nft)) if nft >= 0 else self.rigs.mark(account) if kind in WITH_RIGS else 0.0
        self.ledger.value[fraction] = worth / minted if minted else 0.0
        self._look_at(v)
        if self.room_left == 0:
            note_full(self.journal, "vaults.capacity", self.params.capacity)
        return v

    def endow(self, v: int, ghs: int, j_per_th: float, power_price: float) -> None:
        """Give a vault rigs that nobody had before (at the start of a run)."""
        self.rigs.add_fleet(int(self.table.account[v]), ghs, j_per_th, power_price)
        self.table.ghs[v] += ghs
        self._look_at(v)

    def receive_rigs(self) -> None:
        """Rigs that were on order and have come are promised; life begins when no more are on their way."""
        t = self.table
        for v in t.awaits.nonzero()[0].tolist():
            account, supply = t.account.item(v), t.supply.item(v)
            there = self.rigs.registered.item(account)
            if there != t.ghs[v]:
                t.ghs[v] = there
                self._look_at(v)
            coming = self.rigs.on_order(account)
            if there > 0 and coming == 0:
                t.awaits[v], t.born[v] = 0, self.clock.tick
            t.th_coming[v] = coming / GHS_PER_TH / (supply / TOKEN) if supply > 0 else 0.0

    def release(self, v: int) -> None:
        """Let the fractions of a vault circulate; its life begins."""
        self.table.born[v] = self.clock.tick
        self.set_status(v, VaultStatus.LIVE)

    def dissolve(self, v: int, holder: int) -> None:
        """Undo a vault whose fractions one account holds: they are burnt, and all it has and owes is its creator's."""
        t, ledger = self.table, self.ledger
        account, creator = int(t.account[v]), int(t.creator[v])
        ledger.pay(int(t.fraction[v]), holder, account, int(t.supply[v]), Flow.BURN)
        self.rigs.transfer(account, creator, int(self.rigs.registered[account]))
        exits.hand_nft(self, v, creator)
        self.square(v)
        t.supply[v] = t.ghs[v] = t.awaits[v] = 0
        self.set_status(v, VaultStatus.NONE)

    def square(self, v: int) -> None:
        """End the time in which income was the creator's: what a vault has or is still owed is his, and he pays its debts."""
        ledger, account, creator = self.ledger, int(self.table.account[v]), int(self.table.creator[v])
        for asset in (USD_ASSET, BTC_ASSET, PAYABLE_ASSET):
            exits.pass_on(self, account, creator, asset, ledger.balance(asset, account))
        for mechanism in self.market.mechanisms.values():
            mechanism.pass_dues(account, creator)
        debt = ledger.balance(self.advance, account)
        exits.repay(self, creator, account, min(debt, max(0, ledger.balance(USD_ASSET, creator))))
        exits.write_off(self, v)

    def receipt(self, v: int, issuer: int) -> int:
        """Asset of claims on fractions in escrow, issued by the escrow account; made on first use."""
        if self.table.receipts[v] == NONE:
            self.table.receipts[v] = self.ledger.add_asset(f"receipt {v}", Group.RECEIPT, (issuer,))
        return int(self.table.receipts[v])

    def _free_slot(self) -> int:
        """A slot whose offering failed, or a new one with its accounts, asset and income line; -1 if there is none."""
        t, ledger = self.table, self.ledger
        if self.room_left == 0:
            return NONE
        again = np.flatnonzero(t.status[: self.n] == VaultStatus.NONE)
        if again.size:
            return int(again[0])
        if self.n >= self.params.capacity:
            return NONE
        v = self.n
        t.account[v] = ledger.open_account("vaults", f"vault {v}")
        t.pot[v] = ledger.open_account("vaults", f"income of vault {v}")
        t.fraction[v] = ledger.add_asset(f"fraction {v}", Group.FRACTION, (int(t.account[v]),))
        t.line[v] = ledger.add_line(int(t.fraction[v]), BTC_ASSET, int(t.pot[v]))
        self.n += 1
        return v

    def usd_line_of(self, v: int) -> int:
        """Line by which a fraction pays dollars, from an account of its own; made on first use."""
        t, ledger = self.table, self.ledger
        if t.usd_line[v] == NONE:
            t.usd_pot[v] = ledger.open_account("vaults", f"USD income of vault {v}")
            t.usd_line[v] = ledger.add_line(int(t.fraction[v]), USD_ASSET, int(t.usd_pot[v]))
        return int(t.usd_line[v])

    def open_stakes(self, v: int) -> None:
        """Make the account and the claims of a vault's stakes, with both income lines, if there are none yet."""
        t, ledger = self.table, self.ledger
        if t.stake[v] != NONE:
            return
        self.staked_anywhere = True
        parked = t.stakes[v] = ledger.open_account("vaults", f"stakes of vault {v}")
        t.stake[v] = ledger.add_asset(f"stake {v}", Group.STAKE, (parked,))
        t.stake_line[v] = ledger.add_line(int(t.stake[v]), BTC_ASSET, parked)
        t.stake_usd_line[v] = ledger.add_line(int(t.stake[v]), USD_ASSET, parked)
        ledger.value[t.stake[v]] = ledger.value[t.fraction[v]]

    def set_status(self, v: int, status: VaultStatus) -> None:
        """Let a vault enter the next part of its life."""
        t = self.table
        t.status[v] = status
        t.live[v] = status == VaultStatus.LIVE
        self.room_left = int(np.count_nonzero(t.status == VaultStatus.NONE))
        own = t.term[v] * self.clock.dt_days if t.term[v] > 0 else self.params.life_days
        t.life_left[v] = own if status in HELD else 0.0
        self.others = np.flatnonzero((t.status != VaultStatus.NONE) & NO_RIGS[t.kind])

    def with_nft(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Vaults on offer or in circulation that hold an NFT, and its number."""
        t, v = self.table, self.others
        v = v[(t.nft[v] >= 0) & ((t.status[v] == VaultStatus.OFFERED) | (t.status[v] == VaultStatus.LIVE))]
        return v, t.nft[v]

    def _look_at(self, v: int) -> None:
        """What a vault's rigs are like, which stays."""
        account = int(self.table.account[v])
        if self.table.kind[v] in WITH_RIGS:
            self.table.efficiency[v] = self.rigs.efficiency(account)
            self.table.power_price[v] = self.rigs.power_price(account)
        self._recount(v)

    def _recount(self, v: int) -> None:
        """What is worked out for one vault a day: its holders, and the running cost of rigs that stand still."""
        t = self.table
        if t.power[v] == 0 and t.kind[v] in WITH_RIGS:
            cost, fee, discount = (
                self.rigs.running_cost(t.account.item(v)),
                self.params.service_fee,
                self.params.discount,
            )
            t.cost_per_th[v] = formulas.maintenance(float(cost), fee, discount)
        lives.recount(self.ledger.books.balances, self.counted, v, self.ledger.accounts)
