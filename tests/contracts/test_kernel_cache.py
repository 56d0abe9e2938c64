"""Whatever compiled loops hold of other files makes a new folder of compiled loops when it changes."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from numba.core.dispatcher import Dispatcher

import agents
import model
from model import jit, kernel_cache

pytestmark = pytest.mark.skipif(jit.INTERPRETED, reason="nothing is compiled")


def modules() -> Iterator[ModuleType]:
    """All of the model and of the agents."""
    for package in (model, agents):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(info.name)


def names(code: CodeType) -> set[str]:
    """Global names that a function looks up, its inner ones included."""
    inner = [names(part) for part in code.co_consts if isinstance(part, CodeType)]
    return set(code.co_names).union(*inner)


def borrowed(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """(loop, name, module that it is imported from) for all that loops of a module hold of others of ours."""
    loops = [x for x in vars(module).values() if isinstance(x, Dispatcher) and x.py_func.__module__ == module.__name__]
    if not loops:
        return
    found = {}
    for node in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in ("model", "agents"):
            found |= {item.asname or item.name: (item.name, f"{node.module}") for item in node.names}
    for loop in loops:
        yield from (
            (loop.py_func.__name__, *found[name]) for name in sorted(names(loop.py_func.__code__) & found.keys())
        )


def test_all_that_loops_hold_of_other_files_is_watched() -> None:
    watched, seen = set(kernel_cache.watched()), 0
    for module in modules():
        for loop, name, source in borrowed(module):
            value = vars(importlib.import_module(source))[name]
            owner = value.py_func.__module__ if isinstance(value, Dispatcher) else source
            owner = value.__name__ if isinstance(value, ModuleType) else owner
            place = Path(str(importlib.import_module(owner).__file__)).resolve()
            assert place in watched, f"{module.__name__}.{loop} holds {name} of {owner}"
            seen += 1
    assert seen > 1_000


def test_a_changed_constant_makes_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        "model/units.py": "DAY = 24\n",
        "model/clock.py": "from model.units import DAY\nHOURS = DAY * 2\nOTHER = object()\n",
        "model/loop.py": "from model.clock import HOURS\n\n@kernel\ndef wait():\n    return HOURS\n",
        "agents/idle.py": "from model.loop import wait\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(kernel_cache, "ROOT", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert [path.stem for path in kernel_cache.watched()] == ["clock", "units"]
    before = kernel_cache.folder()
    (tmp_path / "agents/idle.py").write_text("from model.loop import wait  # once more\n", encoding="utf-8")
    assert kernel_cache.folder() == before
    (tmp_path / "model/units.py").write_text("DAY = 25\n", encoding="utf-8")
    assert kernel_cache.folder() != before
