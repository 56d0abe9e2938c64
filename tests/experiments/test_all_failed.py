"""Verbs that judge runs, where all of a point have failed: the reason and the folder, and the exit code of failed runs."""

import pytest
from typer.testing import CliRunner

import run

CROWDED = "offerings.th=300000"  # vaults that hold more than the market's share of the network
SWEEP = """
[experiment]
base = "smoke"
ticks = 2
[params]
"offerings.th" = 300000
[[design]]
kind = "morris"
n = 2
[design.vars]
"amm.fee_bps" = { low = 10, high = 90, type = "int" }
"""
VERBS = {
    "compare": ("compare", "smoke", "smoke", "--set-b", CROWDED, "--seeds", "2", "--ticks", "2"),
    "precision": ("compare", "smoke", "smoke", "--set-b", CROWDED, "--precision", "amm.depth=1", "--ticks", "2"),
    "stress": ("stress", "smoke", "--set", CROWDED, "--seeds", "2", "--ticks", "2"),
    "sensitivity": ("sensitivity", "crowded.toml", "--engine", "serial"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_cannot_be_judged_says_why_its_runs_failed(verb, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crowded.toml").write_text(SWEEP)
    done = CliRunner().invoke(run.app, [*VERBS[verb], "--json"])
    assert done.exit_code == 3, done.output
    said = done.stderr.splitlines()[-2:]
    assert "no run finished at" in said[0] and "miners are left without rigs" in said[0]
    assert "runs failed; they are kept in results/" in said[1]
