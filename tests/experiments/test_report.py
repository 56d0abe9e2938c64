"""Reports: failures first, everything escaped, nothing from any host, figures for print; answers that tell the truth."""

import importlib.util
import json
import re
import shlex
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.answers import NO_RUN, answer, answers
from experiments.answers.effects import contrast, crossed, shared
from experiments.report.html import text
from experiments.report.kinds import place_of
from experiments.report.page import write
from experiments.report.svg import inline
from experiments.store.failures import Failure, write_failure
from experiments.store.layout import ASKED, SUMMARY, run_files
from experiments.store.manifest import read_manifest, write_manifest
from experiments.sweeps.driver import execute
from experiments.sweeps.study import load
from model.errors import ScenarioError

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("tiny", HERE / "tiny.py")
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)

EVIL = "<script>alert('x')</script><img src=https://evil.example/a.png onerror=alert(1)> $5_{x}$"
VOID = {"meta", "img", "br", "link", "input", "hr", "path", "use"}
LOADS = ("src", "srcset", "data", "action", "poster", "background")


class Reader(HTMLParser):
    """Tags with their attributes, and whether all that opened has closed."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.wrong = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def sound(page):
    """A page that parses, and asks nobody for anything."""
    read = Reader(page)
    assert not read.wrong and not read.open
    assert not [tag for tag, _ in read.tags if tag in ("script", "img", "link", "iframe", "object", "embed", "base")]
    for _, attrs in read.tags:
        assert not any(name in LOADS or name.startswith("on") for name in attrs)
        assert all(attrs[name].startswith("#") for name in ("href",) if name in attrs)
    style = " ".join(re.findall(r"<style>(.*?)</style>", page, flags=re.S))
    assert "url(" not in style and "@import" not in style
    names = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(names) == len(set(names))
    return read


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    return execute(load(tiny.sweep_file(folder, (10, 50, 100), 3)), folder / "results", progress=False).folder


@pytest.fixture
def copy(swept, tmp_path):
    return Path(shutil.copytree(swept, tmp_path / "fees"))


def failure(folder, message, command="run.py run smoke --seed 5"):
    point = read_point(folder)
    return Failure(
        f"{point}-00007", point, EVIL, 7, 5, "error", "trade", 2, message, f"Traceback {EVIL}", command, "c", "d", {}
    )


def read_point(folder):
    return pd.read_parquet(folder / SUMMARY)["point"].iloc[0]


def test_a_report_parses_opens_nothing_and_has_its_figures(copy):
    done = write(copy)
    page = done.path.read_text()
    read = sound(page)
    assert done.path == copy / "report.html" and "Content-Security-Policy" in page
    for heading in ("Effects", "Results", "Paths", "Differences between points", "Precision", "Design", "Manifest"):
        assert f"<h2>{heading}</h2>" in page
    assert {path.suffix for path in done.figures} == {".svg", ".pdf"} and all(
        path.stat().st_size for path in done.figures
    )
    assert sum(tag == "svg" for tag, _ in read.tags) * 2 == len(done.figures)
    assert "No failures: all 9 runs finished" in page and "9 of 9" in page
    manifest = read_manifest(copy)
    assert manifest["code_hash"] in page and str(manifest["root_seed"]) in page and "rerun fees/" in page


def test_the_same_folder_gives_the_same_page(copy, tmp_path):
    first, second = (write(copy, tmp_path / f"{k}.html", tmp_path / k) for k in "ab")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert [p.read_bytes() for p in first.figures] == [p.read_bytes() for p in second.figures]


def test_a_page_elsewhere_has_its_figures_beside_it_and_leaves_the_study_alone(copy, tmp_path):
    before = sorted(copy.rglob("*"))
    done = write(copy, tmp_path / "mine" / "page.html")
    assert {path.parent for path in done.figures} == {tmp_path / "mine" / "page_figures"}
    assert sorted(copy.rglob("*")) == before


def test_failures_come_first_with_reason_and_command(copy):
    write_failure(copy, failure(copy, "the pool is dry", "run.py run smoke --seed 5 --set amm.fee_bps=10"))
    page = write(copy).path.read_text()
    sound(page)
    first = page.index("What went wrong")
    assert first < page.index("class='question'") < page.index("class='answer'") < page.index("<h2>Effects")
    told = page[first : page.index("class='question'")]
    assert (
        "the pool is dry" in told and "--set amm.fee_bps=10" in told and "replicate 7" in told and "traceback" in told
    )


def test_an_unfinished_sweep_is_reported_and_says_what_is_missing(copy):
    next(run_files(copy)).unlink()
    write_manifest(copy, read_manifest(copy) | {"state": "interrupted"})
    page = write(copy).path.read_text()
    sound(page)
    assert "1 runs are missing" in page and "interrupted" in page and "8 of 9" in page
    assert "1 that were asked for failed or are missing" in page


def test_a_study_without_any_finished_run_has_a_report(copy):
    for path in list(run_files(copy)):
        path.unlink()
    write_manifest(copy, read_manifest(copy) | {"state": "interrupted"})
    page = write(copy).path.read_text()
    sound(page)
    assert NO_RUN in page and "9 runs are missing" in page


def test_what_users_write_is_only_ever_text(tmp_path):
    scenarios = {f"{EVIL} {fee}": tiny.scenario(amm__fee_bps=fee) for fee in (10, 50)}
    study = tiny.Study.of("evil", scenarios, 2, question=EVIL, every=1, columns=("amm.depth",))
    folder = execute(study, tmp_path, progress=False).folder
    write_failure(folder, failure(folder, EVIL, f"run.py run {shlex.quote(EVIL)}"))
    page = write(folder).path.read_text()
    sound(page)
    assert "<script" not in page and "<img" not in page and text(EVIL) in page


def test_a_folder_that_is_no_study_is_named(tmp_path):
    done = tiny.command("report", "nothing", "--results", tmp_path)
    assert done.returncode == 2 and "nothing: no such study" in done.stderr and "Traceback" not in done.stderr


def test_a_search_without_an_answer_is_said_to_be_unfinished(tmp_path):
    (tmp_path / "best").mkdir()
    (tmp_path / "best" / ASKED).write_text("[optimise]\n")
    for name, root in (("best", tmp_path), (str(tmp_path / "best"), tmp_path / "elsewhere")):
        with pytest.raises(ScenarioError, match="best: is a search that has not come to its end"):
            place_of(name, root)


def test_svg_for_the_page_has_names_of_its_own_and_follows_its_colours():
    source = '<?xml version="1.0"?><svg width="72pt" height="36pt" xmlns="http://www.w3.org/2000/svg"><metadata>http://x</metadata>'
    source += '<g id="a" style="fill: #000000"/><use href="#a" clip-path="url(#b)"/></svg>'
    found = inline(source, "f")
    assert 'width="96"' in found and 'id="f-a"' in found and 'href="#f-a"' in found and "url(#f-b)" in found
    assert "http" not in found and "currentColor" in found


def table(effect, n=12, noise=1.0, label="fees"):
    """Runs of a grid of two fees and two depths, in which the fee moves the metric by `effect`."""
    luck, rows = np.random.default_rng(3).normal(size=n), []
    for k, (fee, depth) in enumerate((f, d) for f in (10, 50) for d in (1, 2)):
        for r in range(n):
            own = 0.01 * np.random.default_rng(100 * k + r).normal()
            value = 5.0 + effect * (fee == 50) + noise * luck[r] + own
            rows.append((f"{label}{k}-{r}", f"p{k}", f"fee {fee}, depth {depth}", r, r, 3, "f", fee, depth, value))
    heads = ("run", "point", "label", "replicate", "seed", "ticks", "fingerprint")
    return pd.DataFrame(rows, columns=[*heads, "param.amm.fee_bps", "param.amm.capacity", "amm.depth"])


def test_an_effect_is_found_with_its_sign_and_none_is_made_up():
    up, none = answer("x", table(0.5), ["amm.depth"]), answer("x", table(0.0), ["amm.depth"])
    assert "fee bps 10 to 50" in up and abs(float(re.search(r"goes up by ([\d.]+)", up).group(1)) - 0.5) < 0.01
    assert "No clear effect on amm.depth" in none and "goes" not in none
    assert "goes down by" in answer("x", table(-0.5), ["amm.depth"])


def test_pairs_take_out_the_luck_that_points_share():
    change = contrast(table(0.5), "param.amm.fee_bps", "amm.depth", 10, 50)
    assert change.n == 12 and change.interval.low < 0.5 < change.interval.high and change.reduction > 100
    assert crossed(table(0.5)) and not crossed(table(0.5).iloc[:36])


@pytest.mark.parametrize("replicates", [6, 12])
def test_where_a_number_is_undefined_at_one_level_no_other_variable_is_taken_for_its_effect(replicates):
    runs = table(0.0)
    runs["amm.depth"] += 3.0 * (runs["param.amm.capacity"] == 2)
    runs.loc[(runs["point"] == "p1") & (runs["replicate"] < replicates), "amm.depth"] = np.nan
    change = contrast(runs, "param.amm.fee_bps", "amm.depth", 10, 50)
    assert abs(change.interval.value) < 0.01 and change.n == (6 if replicates == 6 else 12)
    kept = shared(runs, "param.amm.fee_bps", "amm.depth")
    assert kept.groupby("param.amm.fee_bps")["amm.depth"].mean().diff().abs().max() < 0.01


def test_an_answer_says_over_how_few_replicates_a_difference_may_be():
    runs = table(0.5)
    runs["amm.volume"] = runs["amm.depth"].where(runs["replicate"] < 4)
    assert "Each difference is over 4 to 12 replicates" in answer("x", runs, ["amm.depth", "amm.volume"])


def test_missing_runs_are_told_at_the_end_of_any_answer():
    assert "3 that were asked for failed or are missing" in answer("x", table(0.5), ["amm.depth"], None, 3)
    assert answer("x", table(0.5).iloc[:0], ["amm.depth"]) == NO_RUN


def test_an_answer_of_a_sweep_with_other_columns_is_the_general_one():
    assert "amm.depth" in answer("fee-by-depth", table(0.5), ["amm.depth"])


SWEEPS = sorted(set(answers()) - {"lending_frontier"})


@pytest.mark.parametrize("name", SWEEPS)
def test_every_answer_has_its_sweep_and_says_nothing_clear_of_pure_noise(name):
    study, module = load(name), answers()[name]
    random, rows = np.random.default_rng(7), []
    metrics = [need for need in module.NEEDS if not need.startswith("param.")]
    for point in study.points:
        for r in range(6):
            values = {f"param.{path}": value for path, value in point.values.items()}
            head = {"run": f"{point.id}-{r:05d}", "point": point.id, "label": point.label, "replicate": r, "seed": r}
            rows.append(head | values | {metric: float(random.uniform(0.4, 0.6)) for metric in metrics})
    noise = pd.DataFrame(rows)
    assert set(module.NEEDS) <= set(noise.columns)
    said = answer(name, noise, metrics)
    assert said.endswith(".") and "nan" not in said and "\n" not in said and len(said) > 80
    still = noise.assign(**dict.fromkeys(metrics, 0.5))
    assert " goes up" not in answer(name, still, metrics) and " goes down" not in answer(name, still, metrics)


def test_the_verb_and_the_sweep_say_the_same(tmp_path):
    file = tiny.sweep_file(tmp_path)
    done = tiny.command("sweep", file, "--engine", "serial", "--out", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    told = tiny.command(
        "report",
        "fees",
        "--results",
        tmp_path / "r",
        "--out",
        tmp_path / "p.html",
        "--figures",
        tmp_path / "f",
        "--json",
    )
    assert told.returncode == 0, told.stderr
    record = json.loads(told.stdout)
    plain = " ".join(done.stdout.split())
    assert record["answer"] in plain and (tmp_path / "p.html").is_file() and list((tmp_path / "f").glob("*.pdf"))


@pytest.mark.slow
@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "dark")])
def test_a_browser_without_a_network_shows_it(copy, chromium, width, colours):
    write_failure(copy, failure(copy, EVIL))
    path, wrong = write(copy).path, []
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=colours, offline=True)
    page = context.new_page()
    page.on("console", lambda line: wrong.append(line.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith("file:") else None)
    page.goto(path.as_uri())
    assert page.locator("h1").inner_text() == "fees"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first, second = (page.locator(name).first.bounding_box() for name in ("#failures", ".answer"))
    assert first["y"] < second["y"] and page.locator("svg").count() > 3
    assert all(box["width"] > 200 for box in (page.locator("svg").nth(k).bounding_box() for k in range(3)))
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    assert dark == (colours == "dark")
    context.close()
    assert not wrong


@pytest.mark.slow
def test_the_page_on_reports_does_what_it_says(tmp_path):
    page = (tiny.ROOT / "docs" / "how_to" / "read_a_report.md").read_text()
    (tmp_path / "fees.toml").write_text(re.search(r"```toml\n(.*?)```", page, re.S).group(1))
    for line in re.search(r"```sh\n(.*?)```", page, re.S).group(1).strip().splitlines():
        done = tiny.command(*shlex.split(line)[2:], folder=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "fees" / "report.html").is_file() and (tmp_path / "fees.html").is_file()
    assert all(
        (tiny.ROOT / "scenarios" / "sweeps" / f"{name}.toml").is_file()
        for name in re.findall(r"^\| `(\w+)`", page, re.M)
    )
