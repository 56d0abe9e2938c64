"""Parameters of `[regulation]`: holders, institutions, a ban, the tax on power, disclosure."""

from pydantic import field_validator

from model.clock import parse_start
from model.errors import nearest
from model.nft_kind import BY_WORD
from model.params import Params, param

WHOLE = 1.0


class RegulationParams(Params):
    """What the law allows; every rule is off until it is named."""

    retail: list[str] = param(["retail_investor"], "", "kinds of agents that the rules for retail protect")
    retail_cap: float | None = param(
        None, "USD", "most that a retail account may hold in fractions by purchases; left out, no cap", gt=0, live=True,
        source="US Regulation Crowdfunding 2022: 2,500 USD or 5 % of income or net worth",
    )  # fmt: skip
    retail_cap_share: float = param(
        WHOLE, "1", "the same as a share of the account's wealth; 1 for no cap, the lower of both binds", gt=0, le=1,
        live=True, source="US Regulation Crowdfunding 2022: .05 to .10",
    )  # fmt: skip
    closed_kinds: list[str] = param([], "", "kinds of vaults whose fractions no retail account may acquire")
    accredited_only: list[str] = param([], "", "kinds of vaults for others than retail, and the wealthy, alone")
    accredited_wealth: float = param(
        1_000_000.0, "USD", "wealth from which a retail account is accredited: free of cap and kinds", gt=0, live=True,
        source="US Regulation D, rule 501: net worth above 1 million without the home",
    )  # fmt: skip
    institutions: list[str] = param(["institution"], "", "kinds of agents that must wait for clear rules")
    clarity_date: str = param("", "date", "day from which they may buy, YYYY-MM or YYYY-MM-DD; left out, always")
    institution_kinds: list[str] = param(
        list(BY_WORD), "", "kinds of vaults whose fractions institutions may acquire then"
    )
    ban_date: str = param("", "date", "day on which rigs begin to be stopped; left out, no ban")
    ban_region: str = param(
        "", "", "region of `power.region_map` whose sites must all stop; left out, `ban_share` of every site"
    )
    ban_share: float = param(
        0.46, "1", "part of every site that must stop where no region is named", ge=0, le=1,
        source="China 2021-04, Cambridge mining map",
    )  # fmt: skip
    ban_days: float = param(
        49.0, "days", "time over which they are stopped, 0 for at once", ge=0, le=3650, source="2021-05-17 to 07-05"
    )
    relocation_delay: float = param(
        45.0, "days", "time to pack, ship and plug in rigs before the first run elsewhere", ge=0, le=3650,
        source="assumption: sea freight of 4 to 8 weeks",
    )  # fmt: skip
    relocation_days: float = param(
        60.0, "days", "time constant of their return after that; a million for never", gt=0, le=1_000_000,
        source="assumption; to compare: 90 % of hash rate back 128 days after the trough of 2021",
    )  # fmt: skip
    power_tax: float = param(
        0.0, "USD/kWh", "tax on power that rigs use, to the state", ge=0, le=1, live=True,
        source="off; proposed: .30 of power cost (US DAME tax 2023), paid: .002-.05 USD/kWh (Kazakhstan 2023)",
    )  # fmt: skip
    power_tax_share: float = param(
        0.0, "1", "the same over the price of power; both add up", ge=0, le=10, live=True, source="as above"
    )
    disclosure: float = param(
        1.0, "1", "what rules of disclosure multiply everybody's attention by", ge=0, le=100, live=True
    )

    @field_validator("clarity_date", "ban_date")
    @classmethod
    def _a_day(cls, text: str) -> str:
        if text:
            parse_start(text)
        return text

    @field_validator("closed_kinds", "accredited_only", "institution_kinds")
    @classmethod
    def _known(cls, words: list[str]) -> list[str]:
        for word in words:
            if word not in BY_WORD:
                raise ValueError(f"no kind of vault '{word}'{nearest(word, BY_WORD)}")
        return words
