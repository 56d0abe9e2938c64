"""Pictures are the same bytes for the same figure, and are there whole or not at all."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from experiments.figures.keep import METADATA, keep
from model.errors import ScenarioError


def drawn() -> Figure:
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, 1, 3], label="x", clip_on=True)
    return figure


def test_equal_figures_are_equal_files(tmp_path: Path) -> None:
    names = [f"picture.{kind}" for kind in METADATA]
    for folder in ("a", "b"):
        assert keep(drawn(), *(tmp_path / folder / name for name in names)) == [tmp_path / folder / n for n in names]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() != b""


def test_a_picture_that_cannot_be_drawn_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = keep(drawn(), tmp_path / "picture.png")
    before = path.read_bytes()

    def fail_midway(self: Figure, content, **_: object) -> None:
        content.write(b"half")
        raise RuntimeError

    monkeypatch.setattr(Figure, "savefig", fail_midway)
    with pytest.raises(RuntimeError):
        keep(Figure(), path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["picture.png"]


def test_a_place_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match=r"file/picture.svg: cannot be written: .*; take another"):
        keep(drawn(), tmp_path / "file" / "picture.svg", way="take another")
