"""The house: who may import whom, how long a file may be, and no trace of any machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("model", "agents", "experiments", "app")  # each may import those before it
LONGEST = 300  # lines of a file; one idea each
FOLDERS = (*LAYERS, "benchmarks")
SOURCES = [*sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")), ROOT / "run.py"]


def name_of(path):
    return str(path.relative_to(ROOT))


def imports(path):
    """Dotted names that a file imports, with the line."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join((*base, *([node.module] if node.module else []))), node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_arrows_of_import_point_down(path):
    own = path.relative_to(ROOT).parts[0]
    above = LAYERS[LAYERS.index(own) + 1 :] if own in LAYERS else ()
    forbidden = {*above, "run", "benchmarks", "tests"} - {own}
    reached = [f"line {line}: {name}" for name, line in imports(path) if name.split(".")[0] in forbidden]
    assert not reached, f"{name_of(path)} reaches up: {reached}"


def mechanism_of(parts):
    """Which mechanism a module path below model/mechanisms belongs to: its file or package."""
    return parts[2].removesuffix(".py") if parts[:2] == ("model", "mechanisms") and len(parts) > 2 else None


@pytest.mark.parametrize("path", [p for p in SOURCES if "mechanisms" in p.parts], ids=name_of)
def test_mechanisms_do_not_import_one_another(path):
    own = mechanism_of(path.relative_to(ROOT).parts)
    others = [
        f"line {line}: {name}"
        for name, line in imports(path)
        if mechanism_of(tuple(name.split("."))) not in (None, own)
    ]
    assert not others, f"{name_of(path)}: a mechanism looks at another through `needs` alone: {others}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_holds_one_idea(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < LONGEST, f"{name_of(path)} has {lines} lines, fewer than {LONGEST} wanted"


def test_no_path_of_a_machine():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        names = [name_of(p) for p in ROOT.rglob("*") if p.suffix in (".py", ".md", ".toml", ".cff")]
    else:
        names = listed.stdout.split("\n")
    pattern = re.compile(r"(^|[^A-Za-z0-9_.])/(" + "|".join(("work", "root", "home/[a-z]+", "Users/[A-Za-z]+")) + ")/")
    found = []
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".parquet", ".csv"):
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{name}: {match.group()}" for match in pattern.finditer(text)]
    assert not found
