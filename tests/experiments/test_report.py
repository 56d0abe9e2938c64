"""Reports: failures first, everything escaped, nothing from any host, figures for print."""

import importlib.util
import json
import re
import shlex
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from experiments.answers import NO_RUN
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
