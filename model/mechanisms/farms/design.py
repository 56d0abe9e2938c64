"""What every design of farms promises; each is one file of the folder `designs`, found by scanning."""

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from model.mechanisms.farms.mechanism import Farms
    from model.mechanisms.farms.table import Row


class Design:
    """How the stakes of a row are rewarded; without state of its own: what lasts is in `Row.state`.

    `needs` names mechanisms without which the design has nothing to pay from.
    """

    name: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    pays: ClassVar[str] = "tokens"  # or points, or dollars

    @classmethod
    def accrue(cls, farms: "Farms", row: "Row") -> None:
        """Emit what the tick owes, and note in `table.per_day` what each farm pays."""

    @classmethod
    def clear(cls, farms: "Farms", row: "Row") -> None:
        """In the evening: take in what the day brought."""
