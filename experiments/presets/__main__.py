"""Ask every preset and stress scenario its question, and keep the answers.

python -m experiments.presets --seeds 30 --page docs/presets/README.md
python -m experiments.presets --only niftex_v1 --only unifty
"""

import argparse
from pathlib import Path

from rich.console import Console

from experiments.parallel import WORKERS
from experiments.presets import book, page
from experiments.presets.running import run_all
from experiments.presets.spec import LEAST_SEEDS, answer_to, answers
from experiments.sheets import fill


def main() -> None:
    """Run, print each answer as soon as it is there, write the book, and the page's tables."""
    about = (__doc__ or "").split("\n\n")[0]
    parser = argparse.ArgumentParser(prog="python -m experiments.presets", description=about)
    parser.add_argument("--seeds", type=int, default=LEAST_SEEDS, help="seeds of each, from 1 on; some take more")
    parser.add_argument("--only", action="append", metavar="NAME", help="this scenario; repeatable; all without it")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes")
    parser.add_argument("--page", type=Path, metavar="MD", help="page whose tables are written anew")
    given = parser.parse_args()
    names = list(dict.fromkeys(given.only)) if given.only else list(answers())
    for name in names:
        answer_to(name)
    console = Console()
    for found in run_all(names, max(2, given.seeds), max(1, given.workers)):
        record = book.record_of(found)
        book.write(book.read() | {found.scenario: record})
        console.print(f"[bold]{found.scenario}[/bold]: {record['question']}", highlight=False)
        console.print(f"  {record['answer']}", highlight=False, markup=False)
        if record["real"]:
            console.print(f"  really: {record['real']}", highlight=False, markup=False)
    if given.page is not None:
        for folder, text in page.tables(book.read()).items():
            fill(given.page, folder, text)


if __name__ == "__main__":
    main()
