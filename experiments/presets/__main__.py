"""Ask every preset and stress scenario its question, and keep the answers.

python -m experiments.presets --seeds 30 --page docs/presets/README.md
python -m experiments.presets --only niftex_v1 --only unifty
"""

import sys

from experiments.presets import book, page
from experiments.presets.running import run_all
from experiments.presets.spec import FOLDERS, LEAST_SEEDS, answer_to, answers
from experiments.script import Options, Publisher, Words, script
from experiments.sheets import fill


@script
def main(arguments: Words = None) -> None:
    """Run, print each answer as soon as it is there, write the book, the pages that quote it, and the page's tables."""
    options = Options("presets", __doc__)
    options.whole("--seeds", LEAST_SEEDS, "seeds of each, from 1 on; some take more", least=2)
    options.add_argument("--only", action="append", metavar="NAME", help="this scenario; repeatable; all without it")
    options.workers()
    options.published()
    given = options.parse_args(arguments)
    names = list(dict.fromkeys(given.only)) if given.only else list(answers())
    for name in names:
        answer_to(name)
    console = Publisher(given, (*FOLDERS, page.ABOUT)).console
    for found in run_all(names, given.seeds, given.workers):
        record = book.record_of(found)
        book.write(book.read() | {found.scenario: record})
        console.print(f"[bold]{found.scenario}[/bold]: {record['question']}", highlight=False)
        console.print(f"  {record['answer']}", highlight=False, markup=False)
        if record["real"]:
            console.print(f"  really: {record['real']}", highlight=False, markup=False)
    page.quote(book.read())
    if given.page is not None:
        for folder, text in page.tables(book.read()).items():
            fill(given.page, folder, text)


if __name__ == "__main__":
    sys.exit(main())
