"""How the app starts: where it listens, what it says, and that nothing is fetched from elsewhere."""

import socket
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from app import missing, server, verb
from model.errors import ScenarioError


def test_the_next_free_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < server.free_port("127.0.0.1", port) < port + server.TRIES


def test_a_host_of_another_machine_is_refused_in_a_sentence():
    with pytest.raises(ScenarioError, match=r"--host 192\.0\.2\.1"):
        server.free_port("192.0.2.1", 8765)


def test_without_solara_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(server, "find_spec", lambda name: None if name == "solara" else find_spec(name))
    with pytest.raises(ScenarioError, match=r"pip install -e"):
        server.serve(open_browser=False)


def test_an_address_without_a_page_shows_the_way_to_all_pages():
    request = SimpleNamespace(headers={"accept": "text/html"}, url=SimpleNamespace(path="/<b>nowhere"))
    error = SimpleNamespace(status_code=404, detail="gone")
    found = missing.answer(request, error)
    words = found.body.decode()
    assert found.status_code == 404 and "/&lt;b&gt;nowhere" in words
    assert all(f'href="{path}"' in words for path in ("/", "/compare", "/stress", "/lessons", "/results", "/lab"))
    assert "</a><a" not in words, "without a space between them links do not break on a phone"
    request.headers = {}
    assert missing.answer(request, error).body == b"gone"


def test_the_verb_has_its_options(monkeypatch):
    told = []
    monkeypatch.setattr(server, "serve", lambda *given: told.append(given))
    command = typer.Typer()
    command.command()(verb.app)
    result = CliRunner().invoke(command, ["--port", "9000", "--no-open", "--results", "out"])
    assert result.exit_code == 0, result.output
    assert told[0][:3] == ("127.0.0.1", 9000, False) and str(told[0][3]) == "out"


def test_what_asks_to_refresh_lies_above_what_says_that_the_server_has_ended():
    style = (Path(server.__file__).parent / "assets" / "custom.css").read_text(encoding="utf-8")
    above = int(style.split(".v-dialog__content--active { z-index: ")[1].split(" ")[0])
    assert above > 100_002, "of Solara's own cover"
