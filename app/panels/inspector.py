"""The agent inspector: who he is, what he has and owes, how that came, whom he knows, and what happened to him."""

from collections.abc import Callable, Mapping
from typing import Any

import solara

from app.options import history
from app.parts import tag
from app.widgets import ChartBox, Press, Rows, Select, Text
from experiments.console import readable

HEIGHT = 210  # pixels of the history
TRAITS = 8  # traits shown


@solara.component
def Inspector(
    ranges: Mapping[str, tuple[int, int]],
    account: Mapping[str, Any] | None,
    dark: bool,
    watch: Callable[[int | None], None],
) -> Any:
    """Search by kind and number, and everything about the account that is watched.

    Args:
        ranges: first and last account of each kind; agents are numbered as in the log
        account: what frames say about him; None while nobody is watched
        dark: for a dark page
        watch: told an account
    """
    kinds = list(ranges)
    kind, set_kind = solara.use_state("miner" if "miner" in ranges else kinds[0] if kinds else "")
    said, set_said = solara.use_state("")
    present = kind if kind in ranges else (kinds[0] if kinds else "")
    first, last = ranges.get(present, (0, 0))

    def enter(text: str) -> None:
        number = int(text) if text.strip().isascii() and text.strip().isdigit() else -1
        if not first <= number <= last:
            set_said(f"{present.replace('_', ' ')}: give a number from {first} to {last}.")
            return
        set_said("")
        watch(number)

    shown = str(account["account"]) if account is not None and first <= account["account"] <= last else ""
    search = tag(
        "div",
        [
            Select("Kind", present, [(k, k.replace("_", " ")) for k in kinds], set_kind),
            Text(f"Number, {first} to {last}", shown, enter, button="Show"),
        ],
        "rs-grid rs-two",
    )
    head = [tag("h2", ["Inspector"])]
    if account is not None:
        head.append(Press("Close", lambda: watch(None), "Close the inspector", "quiet"))
    parts = [tag("div", head, "rs-head"), search]
    if said:
        parts.append(tag("p", [said], "rs-note", role="alert"))
    if account is None:
        parts.append(
            tag("p", ["Click a node of the network, a name in the log, or search by kind and number."], "rs-empty").key(
                "nobody"
            )
        )
    else:
        parts.append(tag("div", _about(account, dark, watch)).key(f"account {account['account']}"))
    return tag("section", parts, "rs-card rs-inspector", **{"aria-label": "Inspector"})


def _about(account: Mapping[str, Any], dark: bool, watch: Callable[[int | None], None]) -> list[Any]:
    facts = [f"{readable(account['wealth'])} USD"]
    if account["place"]:
        facts.append(f"no. {account['place']} of its kind")
    if account["strategy"]:
        facts.append(f"strategy: {account['strategy']}")
    if not account["alive"]:
        facts.append("has left")
    parts: list[Any] = [
        tag("h3", [account["name"]], "rs-name", **{"data-account": str(account["account"])}),
        tag("p", [" · ".join(facts)], "rs-hint"),
    ]
    sheet = [
        [row["what"], f"{readable(row['amount'])} {row['unit']}".strip(), readable(row["usd"])]
        for row in account["rows"]
    ]
    parts.append(Rows("Balance sheet", ("what", "amount", "USD"), sheet, empty="This account has nothing."))
    if account["loans"]:
        rows = [[readable(row["health"]), readable(row["debt"])] for row in account["loans"]]
        parts.append(tag("h3", ["Loans"]))
        parts.append(Rows("Loans", ("health factor", "debt USD"), rows))
    if len(account["history"]["days"]) > 1:
        option = history.option(account, dark)
        label = f"History of wealth. {option['aria']['label']['description']}"
        parts.append(tag("h3", ["Financial wealth since the start"]))
        parts.append(ChartBox(option, label, HEIGHT, f"account-{account['account']}", dark))
    ties = account["neighbours"]
    if ties:
        rows = [[row["name"], row["what"], readable(row["usd"])] for row in ties]
        links = [row["account"] for row in ties]
        parts.append(tag("h3", ["Neighbours"]))
        parts.append(Rows("Neighbours", ("who", "tie", "USD"), rows, links, watch))
    if account["events"]:
        rows = [[readable(row["day"]), row["kind"], reason(row)] for row in account["events"]]
        parts.append(tag("h3", ["What happened"]))
        parts.append(Rows("What happened", ("day", "what", "why"), rows))
    traits = list(account["traits"].items())[:TRAITS]
    if traits:
        words = [tag("span", [f"{name.replace('_', ' ')} {readable(value)}"]) for name, value in traits]
        parts.append(tag("details", [tag("summary", ["Traits"]), tag("div", words, "rs-row rs-hint")]))
    return parts


def reason(row: Mapping[str, Any]) -> str:
    """Text of an event with what prices did before."""
    return f"{row['text']}; {row['why']}" if row["why"] else str(row["text"])
