"""Who stays for points, and what collectors pay."""

from typing import TYPE_CHECKING

from experiments.presets.looks import at, path, ratio, value
from experiments.presets.spec import Answer, Numbers

if TYPE_CHECKING:
    from experiments.presets.found import Found
    from model import Marketplace

MIDDLE, LATE = 60.0, 150.0
COUNT = "stakers on day 150 over those on day 60"


def look(market: "Marketplace") -> Numbers:
    """Stakers on two days, what the shop sold, and what pieces fetched."""
    sales, paid = value(market, "nft_market.sales"), value(market, "nft_market.volume")
    stakers = path(market, "farms.stakers")
    return {
        "stakers": float(stakers[-1]),
        COUNT: ratio(at(market, "farms.stakers", LATE), at(market, "farms.stakers", MIDDLE)),
        "pieces sold by the shop": value(market, "farms.shop_sold"),
        "sales among collectors": sales,
        "price of a sale": ratio(paid, sales),
        "loans between two": float(path(market, "nft_loans.notes").max()),
    }


def tell(found: "Found") -> str:
    """Whether their number holds."""
    lead = {-1: "Their number falls", 1: "Their number holds", 0: "Their number about holds"}[found.side(COUNT, 0.9)]
    return (
        f"{lead}: it is {found.mean(COUNT)} on day 150 of what it is on day 60, which does not say who left and who came. "
        f"The shop sells {found.mean('pieces sold by the shop')} pieces for points or money, collectors trade "
        f"{found.mean('sales among collectors')} NFTs at {found.mean('price of a sale')} each, and up to "
        f"{found.plain('loans between two')} loans between two run at once."
    )


ANSWER = Answer(
    look,
    tell,
    {
        "stakers": "",
        COUNT: "%",
        "pieces sold by the shop": "",
        "sales among collectors": "",
        "price of a sale": "USD",
        "loans between two": "",
    },
)
