"""A file is laid out in one way, says the same as before, and keeps its comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given

from engine.check.example import write
from engine.check.formatting import files, formatted, kind_of
from engine.check.json_schemas import FILES
from engine.check.spoken import ROOT
from engine.errors import EngineError
from engine.load.layout import laid_out
from engine.load.project import load_project
from engine.load.tree import Path as Where
from engine.load.tree import read_tree
from tests.engine.load.messy import TEXTS


def as_they_are(path: Where, keys: Sequence[str]) -> Sequence[str]:
    del path
    return keys


def by_letters(path: Where, keys: Sequence[str]) -> Sequence[str]:
    del path
    return sorted(keys)


@given(TEXTS)
def test_laying_out_changes_neither_data_nor_comments_and_is_done_once(text: str) -> None:
    tree, findings = read_tree("a.yaml", text)
    assert [one for one in findings if one.code != "F107"] == []
    for order in (as_they_are, by_letters):
        once = laid_out(text, order)  # raises when data or comments are not what they were
        assert laid_out(once, order) == once
        assert read_tree("a.yaml", once)[0].data == tree.data
        assert [row for row in once.split("\n") if row.strip() and row != row.rstrip()] == []


@pytest.mark.parametrize(
    ("text", "laid"),
    [
        ("b:   1\na:  2\n", "a: 2\nb: 1\n"),
        ("# head\n\nb: {x: 1,y: 2 ,  z: [ 3,4 ]}\n", "# head\n\nb: {x: 1, y: 2, z: [3, 4]}\n"),
        ("b:\n- 1\n-   2\na: # why\n    c: 3\n", "a:  # why\n  c: 3\nb:\n  - 1\n  - 2\n"),
        (
            "b: 1\n# of a\na: 2   # beside\n\n\n# tail\n",
            "# of a\na: 2   # beside\nb: 1\n\n# tail\n",
        ),
        ("a:\n    |\n     x\n      y\n", "a:\n  |\n  x\n   y\n"),
        (
            "a:\n- b: 1\n  # of c\n  c: 2\n-   d: 3\n",
            "a:\n  - b: 1\n    # of c\n    c: 2\n  - d: 3\n",
        ),
        ("a: [1,\n    2]\n", "a: [1,\n    2]\n"),
        ("\n\na: 1\r\nb: 2", "a: 1\nb: 2\n"),
    ],
)
def test_a_text_is_laid_out_like_this(text: str, laid: str) -> None:
    assert laid_out(text, by_letters) == laid


def test_keys_stand_in_the_order_of_the_manual_and_options_as_the_author_wrote_them(
    tmp_path: Path,
) -> None:
    flows = write(tmp_path)
    path = flows / "area/more.yaml"
    path.write_text(
        "title: Ещё\nflow: more\nsteps:\n"
        "  - choice: kind\n    prompt: Вид?\n    options: {b: Бе, a: А}\n    when: 1 < 2\n"
        "  - review: {again: Заново, save: Да}\nroles: [receiver]\n"
        "after:\n  - notify: receiver\n    text: Да\n    when: kind == a\n",
        "utf-8",
    )
    (made,) = formatted([path], keep=False)
    assert made.changed
    assert path.read_text("utf-8") == (
        "flow: more\ntitle: Ещё\nroles: [receiver]\nsteps:\n"
        "  - choice: kind\n    when: 1 < 2\n    options: {b: Бе, a: А}\n    prompt: Вид?\n"
        "  - review: {again: Заново, save: Да}\n"
        "after:\n  - notify: receiver\n    when: kind == a\n    text: Да\n"
    )
    assert [one.changed for one in formatted([path], keep=True)] == [False]


def test_the_shipped_files_mean_the_same_when_laid_out(tmp_path: Path) -> None:
    for name in ("flows", "templates"):
        for source in sorted((ROOT / name).rglob("*")):
            if source.is_file() and source.suffix in (".yaml", ".json", ".docx", ".xlsx"):
                copy = tmp_path / source.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(source.read_bytes())
    before, _ = load_project(tmp_path / "flows")
    assert all(one.after is not None for one in formatted([tmp_path / "flows"], keep=False))
    after, findings = load_project(tmp_path / "flows")
    assert before is not None
    assert after is not None
    assert findings == ()
    one, two = before.sources(), after.sources()
    for part in ("project", "flows", "limits", "lifecycles", "menu", "documents", "reports"):
        assert getattr(one, part) == getattr(two, part), part
    assert all(not again.changed for again in formatted([tmp_path / "flows"], keep=True))


def test_the_shipped_files_are_laid_out() -> None:
    done = formatted([ROOT / "flows"], keep=True)
    assert [one.path for one in done if one.changed] == []


def test_every_shipped_file_has_a_kind() -> None:
    known = {path.relative_to(ROOT).as_posix() for path, _ in files(ROOT / "flows")}
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("flows/**/*.yaml")}
    there |= {path.relative_to(ROOT).as_posix() for path in ROOT.glob("templates/*/document.yaml")}
    assert known == there
    assert {kind for _, kind in files(ROOT / "flows")} <= set(FILES)
    assert kind_of("deep/er/flow.yaml") == ""


def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = flows / "limits.yaml"
    path.write_text("a: b: c\n", "utf-8")
    (made,) = formatted([path], keep=False)
    assert (made.after, made.changed) == (None, False)
    assert path.read_text("utf-8") == "a: b: c\n"


def test_an_order_that_loses_a_key_is_our_bug() -> None:
    with pytest.raises(EngineError):
        laid_out("a: 1\nb: 2\n", lambda path, keys: keys[:1])


def test_json_is_yaml_too() -> None:
    text = json.dumps({"b": [1, {"c": "d"}], "a": None})
    assert laid_out(text + "\n", by_letters) == '{"a": null, "b": [1, {"c": "d"}]}\n'
