"""The ledger: every balance of the market, in double entry.

Minting is a transfer from an asset's issuer, whose balance goes negative, so every asset sums to exactly zero.
Assets may pay income through up to three income lines: a mechanism raises a line's index, and every move of the asset
settles both sides first, so nothing earned is lost or paid twice.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model import books as kernels
from model import survey as surveys
from model.books import BLOCK, LINES_PER_ASSET, LOG_WIDTH, Books
from model.errors import InvariantViolated, ScenarioError
from model.flows import Flow, Group
from model.units import LARGEST, LARGEST_POSTING, USD

USD_ASSET = 0
BTC_ASSET = 1
PAYABLE_ASSET = 2
NONE = -1
LARGEST_DENSE = 300_000_000  # accounts x assets that fit a laptop's memory
WRAPPED = -(LARGEST // 4)  # nobody owes so much; a sum of 64 bits that ran over looks so
WEAKEN = "weaken the shocks or parameters that drive it up"
UNDO_CAPACITY = 4_096  # postings of one bundle


def _blocks(accounts: int) -> int:
    return -(-accounts // BLOCK)


def _columns(accounts: int) -> int:
    return -(-_blocks(accounts) // surveys.SPAN) * surveys.SPAN


class Ledger:
    """Accounts by assets, int64 base units.

    Args:
        sectors: names of the sectors, one column each in `flows` and `balance_sheet`
        accounts, assets, lines: capacities; accounts double when they run out, untouched rows cost no memory
    """

    def __init__(self, sectors: Sequence[str], accounts: int, assets: int, lines: int) -> None:
        self.sectors = list(sectors)
        self.accounts = 0
        self.asset_names: list[str] = []
        self.account_names: dict[int, str] = {}
        self.block_sector = np.full(_blocks(accounts), NONE, np.int64)  # of blocks of accounts, -1 for several sectors
        self._lines = 0
        self._touched = self._surveys = 0
        self._all_blocks = True  # whether the next survey counts all blocks
        width = _columns(accounts)
        s, k, g = len(self.sectors), len(Flow), len(Group)
        whole = np.int64
        self.books = Books(
            balances=np.zeros((assets, accounts), whole),
            sector=np.zeros(accounts, whole),
            group=np.zeros(assets, whole),
            issuer=np.full((assets, 2), NONE, whole),
            line=np.full((assets, LINES_PER_ASSET), NONE, whole),
            line_paid=np.zeros(lines, whole),
            line_payer=np.zeros(lines, whole),
            line_index=np.zeros(lines, whole),
            settled=np.zeros((lines, accounts), whole),
            flows=np.zeros((k, g, s, s), whole),
            touched=np.zeros(k * g * s * s + 1, whole),
            log=np.zeros((UNDO_CAPACITY, LOG_WIDTH), whole),
            logging=np.zeros(2, whole),
            reached=np.zeros((assets, width), np.uint8),
        )
        self.kept = surveys.Kept(
            sums=np.zeros((assets, width), whole),
            held=np.zeros((assets, width), np.uint32),
            filled=np.zeros((assets, _blocks(width)), np.uint32),
            alone=np.zeros((assets, s), whole),
            holdings=np.zeros((assets, s), whole),
            grouped=np.zeros((g, s), whole),
        )
        self._words = self.books.reached.view(np.int64)
        self.uid = np.zeros(accounts, np.int64)  # order of settlement follows a hash of (population, slot)
        self.value = np.zeros(assets)  # USD per base unit, set each day by the mechanisms
        self.world = self.open_account("world", "world")
        self.protocol = self.open_account("protocol", "protocol")
        self.utilities = self.open_account("utilities", "utilities")
        self.add_asset("USD", Group.USD, (self.world,))
        self.add_asset("BTC", Group.BTC, (self.world, self.protocol))
        self.add_asset("power payable", Group.PAYABLE, (self.utilities,))
        self.value[USD_ASSET] = 1 / USD
        self.value[PAYABLE_ASSET] = -1 / USD

    # -- growth

    def open_accounts(self, sector: str, n: int, uid: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Open n accounts of a sector; their numbers."""
        first = self.accounts
        while first + n > self.books.sector.size:
            self._grow()
        new = np.arange(first, first + n, dtype=np.int64)
        place = self.sectors.index(sector)
        self.books.sector[first : first + n] = place
        self.uid[first : first + n] = new if uid is None else uid
        self.accounts = first + n
        begun, fresh = first // BLOCK, _blocks(first)
        if begun < fresh and n and self.block_sector[begun] != place:
            self.block_sector[begun], self._all_blocks = NONE, True
        self.block_sector[fresh : _blocks(first + n)] = place
        return new

    def open_account(self, sector: str, name: str) -> int:
        """Open one named account; its number."""
        account = int(self.open_accounts(sector, 1)[0])
        self.account_names[account] = name
        return account

    def _grow(self) -> None:
        size = self.books.sector.size
        wider = {
            name: np.zeros((getattr(self.books, name).shape[0], 2 * size), np.int64) for name in ("balances", "settled")
        }
        for name, array in wider.items():
            array[:, :size] = getattr(self.books, name)
        sector = np.concatenate([self.books.sector, np.zeros(size, np.int64)])
        self.uid = np.concatenate([self.uid, np.zeros(size, np.int64)])
        further = _blocks(2 * size) - self.block_sector.size
        self.block_sector = np.concatenate([self.block_sector, np.full(further, NONE, np.int64)])
        kept, width = self.kept, _columns(2 * size)
        blocks, words = ((0, 0), (0, width - kept.sums.shape[1])), ((0, 0), (0, _blocks(width) - kept.filled.shape[1]))
        sums, held, filled = np.pad(kept.sums, blocks), np.pad(kept.held, blocks), np.pad(kept.filled, words)
        self.kept = kept._replace(sums=sums, held=held, filled=filled)
        self.books = self.books._replace(sector=sector, reached=np.pad(self.books.reached, blocks), **wider)
        self._words = self.books.reached.view(np.int64)

    def add_asset(self, name: str, group: Group, issuers: Sequence[int]) -> int:
        """Add an asset with at most two issuers; its number."""
        asset = len(self.asset_names)
        if asset >= self.books.group.size:
            raise InvariantViolated(f"the ledger has room for {asset} assets, none left for '{name}'")
        self.asset_names.append(name)
        self.books.group[asset] = int(group)
        for i, account in enumerate(issuers):
            self.books.issuer[asset, i] = account
        return asset

    def add_line(self, asset: int, paid: int, payer: int) -> int:
        """Let an asset pay income in another asset from a payer's account; the line's number."""
        if self.books.line[paid, 0] >= 0:
            raise InvariantViolated(
                f"income of '{self.asset_names[asset]}' cannot be paid in an asset that pays income itself"
            )
        free = np.flatnonzero(self.books.line[asset] < 0)
        if free.size == 0 or self._lines >= self.books.line_paid.size:
            raise InvariantViolated(f"no income line left for '{self.asset_names[asset]}'")
        line = self._lines
        self._lines += 1
        self.books.line[asset, free[0]] = line
        self.books.line_paid[line] = paid
        self.books.line_payer[line] = payer
        return line

    # -- moves and looks

    def move(self, asset: int, source: int, target: int, amount: int, kind: Flow) -> bool:
        """Move an amount [base units] whole or not at all; True if it moved."""
        if amount >= LARGEST_POSTING:  # perhaps beyond 64 bits, which no kernel takes
            return False
        return bool(kernels.move_one(self.books, asset, int(source), int(target), int(amount), int(kind)))

    def move_many(
        self, asset: int, source: NDArray[np.int64], target: NDArray[np.int64], amount: NDArray[np.int64], kind: Flow
    ) -> int:
        """Move a column of amounts, in order; how many moved."""
        return int(kernels.move_many(self.books, asset, source, target, amount, int(kind)))

    def pay(self, asset: int, source: int, target: int, amount: int, kind: Flow) -> None:
        """Move an amount that must be there.

        Raises:
            InvariantViolated: the source cannot pay
            ScenarioError: no posting holds so much
        """
        if not self.move(asset, source, target, amount, kind):
            what = (
                f"account {source} ({self.name(source)}) cannot pay {amount} of {self.asset_names[asset]} "
                f"to account {target} ({self.name(target)}) as {kind.name.lower()}"
            )
            if amount >= LARGEST_POSTING:
                raise ScenarioError(
                    f"{what}: the books hold at most {LARGEST_POSTING:,} base units at a time; {WEAKEN}"
                )
            raise InvariantViolated(what)

    def share(self, line: int, amount: int, outstanding: int) -> int:
        """Credit income that the payer holds to all holders of a line's asset; what is really owed [base units]."""
        return int(kernels.share_income(self.books, line, int(amount), int(outstanding)))

    def collect(self, asset: int, accounts: NDArray[np.int64]) -> None:
        """Pay accounts the income due on one asset."""
        kernels.collect_many(self.books, asset, accounts)

    def balance(self, asset: int, account: int) -> int:
        """Holding of one account [base units]."""
        amount: int = self.books.balances.item(asset, account)
        return amount

    def outstanding(self, asset: int) -> int:
        """Units in circulation: what the first issuer owes [base units]."""
        owed: int = self.books.balances.item(asset, self.books.issuer.item(asset, 0))
        return -owed

    def name(self, account: int) -> str:
        """What to call an account in an event or message."""
        return self.account_names.get(int(account), f"{self.sectors[self.books.sector[account]]} {int(account)}")

    # -- bundles

    def begin(self) -> None:
        """Start to log every change, so that it can be taken back."""
        self._touched = int(self.books.touched[0])
        self.books.logging[:] = (1, 0)

    def commit(self) -> None:
        """Keep what was logged."""
        self.books.logging[:] = 0

    def roll_back(self) -> None:
        """Take back everything since `begin`."""
        if self.books.logging[1] > UNDO_CAPACITY:
            raise InvariantViolated(f"a bundle made more than {UNDO_CAPACITY} postings and cannot be taken back")
        kernels.undo(self.books, 0)
        self.books.touched[0] = self._touched
        self.books.logging[:] = 0

    # -- laws

    def survey(self, whole: bool = False) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Wealth by account [USD] and holdings by asset and sector [base units]; checks the laws on the way.

        Args:
            whole: count every block, not only those that a posting reached since the last survey and some of the others

        Raises:
            InvariantViolated: a balance is negative, an asset does not sum to zero, or a payer of income is short
            ScenarioError: a balance, or all that is issued of an asset, came to more than the books hold
        """
        assets, fault, accounts = len(self.asset_names), np.zeros(3, np.int64), self.accounts
        self._surveys += 1
        wealth, due = np.empty(accounts), np.empty(self._lines, np.int64)
        listed = np.empty((2, self._words.shape[1] * surveys.WORD + 1), np.int64)
        surveys.survey(
            self.books, self.kept, self._words, assets, whole or self._all_blocks, self._surveys % surveys.TURNS,
            self.block_sector, self.value, wealth, due, fault, listed,
        )  # fmt: skip
        self._all_blocks = fault[0] != 0
        if self._all_blocks:
            raise self._verdict(*fault.tolist())
        return wealth, self.kept.holdings[:assets].copy()

    def check(self) -> None:
        """Raise `InvariantViolated` unless every law of the ledger holds."""
        self.survey(whole=True)

    def _verdict(self, law: int, asset: int, account: int) -> Exception:
        name = self.asset_names[asset]
        if law == 2:
            return InvariantViolated(f"{name}: all balances sum to {account}, not to zero")
        whose, held = f"{name}: account {account} ({self.name(account)})", self.balance(asset, account)
        if law == 4:
            return ScenarioError(f"{name}: more is issued than the books hold, {LARGEST:,} base units; {WEAKEN}")
        if law != 1:
            return InvariantViolated(f"{whose} owes more income than it holds")
        if held < WRAPPED:
            return ScenarioError(f"{whose} came to more: the books hold at most {LARGEST:,} base units; {WEAKEN}")
        return InvariantViolated(f"{whose} holds {held}, below zero")

    # -- flows

    def drain(self) -> NDArray[np.int64]:
        """Rows (kind, group, from sector, to sector, base units) of all flows since the last call."""
        out = np.empty((self.books.touched.item(0), 5), np.int64)
        return out[: surveys.drain(self.books, out)]

    def by_group(self) -> NDArray[np.int64]:
        """Holdings by group of assets and sector as the last survey found them [base units]."""
        grouped: NDArray[np.int64] = self.kept.grouped.copy()
        return grouped
