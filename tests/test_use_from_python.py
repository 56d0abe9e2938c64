"""The page on Python shows what its blocks print; `python -m tests.test_use_from_python` writes that anew."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "how_to" / "use_from_python.md"
CELL = re.compile(r"```python\n(?!# \S+\.py\n)(.*?)```\n\n```text\n(.*?)```", re.S)
FILE = re.compile(r"```python\n(# (\S+\.py)\n.*?)```\n\n```sh\n(.*?)\n```\n\n```text\n(.*?)```", re.S)
BETWEEN = "-- next cell --\n"


def printed(name: str, text: str) -> str:
    """What a file prints that is run as a script in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, name],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=600,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def shown(page: str) -> list[str]:
    """What each cell of a page prints, all cells being one notebook."""
    cells = [code for code, _ in CELL.findall(page)]
    return printed("notebook.py", f"print({BETWEEN!r}, end='')\n".join(cells)).split(BETWEEN)


def test_each_cell_prints_what_the_page_shows():
    page = PAGE.read_text(encoding="utf-8")
    assert "```python" not in CELL.sub("", FILE.sub("", page)), "a cell without what it prints"
    assert [text for _, text in CELL.findall(page)] == shown(page)


@pytest.mark.slow
def test_the_file_prints_what_the_page_shows():
    ((text, name, command, answer),) = FILE.findall(PAGE.read_text(encoding="utf-8"))
    assert command == f".venv/bin/python {name}"
    assert printed(name, text) == answer


def main() -> None:
    """Write the page's answers anew."""
    page = PAGE.read_text(encoding="utf-8")
    answers = iter(shown(page))
    page = CELL.sub(lambda cell: f"```python\n{cell[1]}```\n\n```text\n{next(answers)}```", page)
    ((text, name, _, old),) = FILE.findall(page)
    PAGE.write_text(page.replace(f"```text\n{old}```", f"```text\n{printed(name, text)}```"), encoding="utf-8")


if __name__ == "__main__":
    main()
