"""A full disk: one sentence, exit code 2, and what was there stays as it was."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import run
from tests.test_bad_input import ROOT, _in_an_empty_folder, cli  # noqa: F401 (a fixture)


def limited(*words, size):
    """Run the command line where no file may grow beyond a size, as on a full disk."""
    return subprocess.run(
        [sys.executable, ROOT / "run.py", *words],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "RIGSHARE_JIT": "0",
            "MPLCONFIGDIR": str(Path.cwd() / "fonts"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        timeout=300,
    )


@pytest.mark.parametrize("size", [100, 3_000, 10_000])  # the last is enough for all but the picture
def test_a_full_disk_leaves_what_was_there(size):
    done = json.loads(cli.invoke(run.app, ["run", "empty.toml", "--json"]).stdout)
    before = {path.name: path.read_bytes() for path in Path(done["folder"]).iterdir()}
    answer = limited("run", "empty.toml", size=size)
    assert answer.returncode == 2, answer.stderr
    assert f"{done['folder']}: cannot be written" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert [path.name for path in Path("results/empty").iterdir()] == [Path(done["folder"]).name]
    assert {path.name: path.read_bytes() for path in Path(done["folder"]).iterdir()} == before
    assert limited("run", "empty.toml", "--ticks", "1", size=size).returncode == 2
    assert len(list(Path("results/empty").iterdir())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("run", "--help")])
def test_output_to_a_full_disk(words):
    with Path("/dev/full").open("w") as full:
        answer = subprocess.run(
            [sys.executable, ROOT / "run.py", *words], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert answer.returncode == 2
    assert "cannot be written" in answer.stderr
    assert "Traceback" not in answer.stderr
