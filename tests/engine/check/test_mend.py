"""What is certain is mended in the text, and nothing else of the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.example import FLOW, LIMITS, write
from engine.check.validation import mend, validate
from engine.errors import Edit, EngineError
from engine.load.edit import edited

CERTAIN = [
    (FLOW, "    prompt: Мест\n", "    promt: Мест\n"),
    (FLOW, "  - integer: count_of\n", "  - intger: count_of\n"),
    (FLOW, "    when: weight > 10\n", "    when: wieght > 10\n"),
    (FLOW, "    when: weight > 10\n", "    when: condition == frozen\n"),
    (FLOW, "roles: [porter]", "roles: [portre]"),
    (FLOW, "title: Приёмка\n", "title: Приёмка\ntitle: Приёмка\n"),
    (FLOW, "run: take\n", "run: 'tak'\n"),
    (LIMITS, "max: -8.0}", "max: '-8,0'}"),
    (FLOW, "    prompt: Мест\n", "    prompt: Место #3\n"),
]
RIGHT = {
    "    when: condition == frozen\n": "    when: condition == frozn\n",
    "run: 'tak'\n": "run: 'take'\n",
    "max: '-8,0'}": "max: '-8.0'}",
    "    prompt: Место #3\n": '    prompt: "Место #3"\n',
}


def put(folder: Path, file: str, find: str, bad: str) -> tuple[Path, str]:
    """Write the small project with one place changed; return its flows and the file before."""
    flows = write(folder)
    path = folder / file
    before = path.read_text("utf-8")
    assert find in before
    path.write_text(before.replace(find, bad, 1), "utf-8")
    return flows, before


@pytest.mark.parametrize(("file", "right", "wrong"), CERTAIN, ids=[bad for _, _, bad in CERTAIN])
def test_a_certain_mistake_is_mended_and_nothing_else(
    file: str, right: str, wrong: str, tmp_path: Path
) -> None:
    if wrong == "    when: condition == frozen\n":
        wrong, right = "    when: condition == frozn\n", wrong
        flows, before = put(tmp_path, file, "    when: weight > 10\n", wrong)
        before = before.replace("    when: weight > 10\n", right)
    else:
        flows, before = put(tmp_path, file, right, wrong)
        before = before.replace(right, RIGHT.get(wrong, right), 1)
    patch = mend([flows], dry_run=False)
    assert (tmp_path / file).read_text("utf-8") == before
    assert patch.startswith(f"--- {file}\n+++ {file}\n")
    assert validate([flows], "ru").findings == ()


@pytest.mark.parametrize(
    "bad", ["    when: mass > 10\n", "    when: tag > 10\n", "    when: condition == dry\n"]
)
def test_what_is_not_certain_is_left_to_the_author(bad: str, tmp_path: Path) -> None:
    flows, _ = put(tmp_path, FLOW, "    when: weight > 10\n", bad)
    text = (tmp_path / FLOW).read_text("utf-8")
    mend([flows], dry_run=False)
    after = (tmp_path / FLOW).read_text("utf-8")
    assert after == text
    assert validate([flows], "ru").findings != ()


def test_a_dry_run_shows_the_patch_and_writes_nothing(tmp_path: Path) -> None:
    flows, _ = put(tmp_path, FLOW, "    prompt: Мест\n", "    promt: Мест\n")
    text = (tmp_path / FLOW).read_text("utf-8")
    patch = mend([flows], dry_run=True)
    assert "-    promt: Мест\n+    prompt: Мест\n" in patch
    assert (tmp_path / FLOW).read_text("utf-8") == text


def test_only_what_was_asked_for_is_mended(tmp_path: Path) -> None:
    flows, _ = put(tmp_path, FLOW, "    prompt: Мест\n", "    promt: Мест\n")
    assert mend([flows / "limits.yaml"], dry_run=False) == ""
    assert mend([tmp_path / FLOW], dry_run=False) != ""


def test_edits_are_done_from_the_last_and_an_overlapping_one_waits() -> None:
    text = "one: two\nthree: four\n"
    some = [Edit(1, 6, "two", "2"), Edit(2, 1, "three", "3"), Edit(2, 3, "ree", "x")]
    assert edited(text, some) == "one: 2\nthx: four\n"


def test_an_edit_that_does_not_find_its_words_is_our_bug() -> None:
    with pytest.raises(EngineError):
        edited("one: two\n", [Edit(1, 1, "two", "2")])
