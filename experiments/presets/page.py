"""The page's tables, one for presets and one for stress scenarios, and answers that other pages quote."""

import re
from collections.abc import Iterator
from pathlib import Path

from experiments.presets.book import BOOK, SHORT, Record
from experiments.presets.spec import FOLDERS
from experiments.sheets import Sheet, fill

HEADINGS = ("scenario", "question", "answer", "the real event")
ABOUT = "answers"  # mark of the paragraph on what the tables rest on
QUOTE = re.compile(r"<!-- study: answer (\w+) -->")


def tables(records: dict[str, Record], folder: Path = BOOK.parent) -> dict[str, str]:
    """Texts by the name of their mark on the page.

    Args:
        records: the book
        folder: of the page, in which presets have pages of their own
    """
    texts = {}
    for kind in FOLDERS:
        rows = [_row(name, record, folder) for name, record in records.items() if record["folder"] == kind]
        texts[kind] = Sheet("", HEADINGS, rows, left=len(HEADINGS)).markdown()
    codes = sorted({record["code"][:SHORT] for record in records.values()})
    seeds = sorted({int(record["seeds"]) for record in records.values()})
    many = f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
    texts[ABOUT] = f"{len(records)} scenarios, {many} seeds each, code {', '.join(codes)}."
    return texts


def quotes(folder: Path = BOOK.parents[1]) -> Iterator[tuple[Path, str]]:
    """Pages below a folder that quote an answer, and its name."""
    for page in sorted(folder.rglob("*.md")):
        for name in QUOTE.findall(page.read_text(encoding="utf-8")):
            yield page, name


def quoted(name: str, record: Record) -> str:
    """An answer as a page quotes it."""
    return f"> {record['answer']}\n>\n> `{name}`, {record['seeds']} seeds, code {record['code'][:SHORT]}."


def quote(records: dict[str, Record], folder: Path = BOOK.parents[1]) -> None:
    """Put answers where pages quote them."""
    for page, name in quotes(folder):
        fill(page, f"answer {name}", quoted(name, records[name]))


def _row(name: str, record: Record, folder: Path) -> tuple[str, ...]:
    told = f"[{name}]({name}.md)" if (folder / f"{name}.md").exists() else f"`{name}`"
    real = f"{record['real']} ({record['source']})" if record["real"] else "–"
    return told, record["question"], record["answer"], real
