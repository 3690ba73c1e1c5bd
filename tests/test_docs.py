"""The pages say what is: every command, option, target, room, file and picture that they name
exists, and what they show the program to print is what it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from cli import app
from engine.actions.registry import KINDS as ACTIONS
from engine.steps.registry import KINDS as STEPS
from engine.talk.play import HAPPENINGS
from engine.talk.truths import TRUTHS
from tests.forked import ran
from tests.test_findings import ROOT, copied, edit, read

LARGEST = 300_000  # bytes of a picture
PAGES = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not {part for part in path.relative_to(ROOT).parts if part.startswith(".")}
    and path.relative_to(ROOT).parts[0] != "var"
]
COMMANDS = getattr(get_command(app), "commands")  # noqa: B009 - typer's group, seen by its use
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
SAID = re.compile(r"cli\.py ([a-z][a-z-]*)([^`\n|#]*)")


def text(page: Path) -> str:
    return page.read_text("utf-8")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_there_are_pages_to_look_at() -> None:
    assert {"README.md", "engine/README.md", "crm/README.md", "flows/README.md"} <= {
        name(page) for page in PAGES
    }


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_and_option_that_a_page_names_exists(page: Path) -> None:
    wrong = []
    for command, rest in SAID.findall(text(page)):
        known = COMMANDS.get(command)
        options = {one for param in known.params for one in param.opts} if known else set()
        if known is None or not set(re.findall(r"--[a-z-]+", rest)) <= {*options, "--help"}:
            wrong.append(f"cli.py {command}{rest}")
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = re.findall(r"(?:^|`)make ([a-z-]+)", text(page), re.MULTILINE)
    assert set(named) <= TARGETS


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_to_something(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text(page))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_picture_shown_is_small_enough_and_every_one_kept_is_shown() -> None:
    kept = set((ROOT / "docs/pictures").iterdir())
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text(page))
    }
    assert kept == shown
    assert {one.name: one.stat().st_size for one in kept if one.stat().st_size > LARGEST} == {}


def rooms(page: Path) -> Iterator[str]:
    """Give the names in the first column of a page's tables."""
    for first in re.findall(r"^\| (`[^|]*) \|", text(page), re.MULTILINE):
        yield from re.findall(r"`([a-z_]+(?:/|\.py))`", first)


@pytest.mark.parametrize("package", ["engine", "crm"])
def test_a_package_has_the_rooms_that_its_page_names_and_no_others(package: str) -> None:
    named = set(rooms(ROOT / package / "README.md"))
    folders = {f"{path.parent.name}/" for path in (ROOT / package).glob("*/__init__.py")}
    assert {one for one in named if one.endswith("/")} == folders
    assert [one for one in named if not (ROOT / package / one).exists()] == []


def test_the_readme_names_only_folders_that_exist() -> None:
    named = re.findall(r"^\| \[?`?([a-z]+)/", text(ROOT / "README.md"), re.MULTILINE)
    assert len(named) >= 5
    assert [one for one in named if not (ROOT / one).is_dir()] == []


def test_the_manual_names_only_kinds_that_exist() -> None:
    page = text(ROOT / "flows/README.md")
    table = page[page.index("| вид |") :].split("\n\n")[0]
    assert set(re.findall(r"^\| `([a-z_]+)`", table, re.MULTILINE)) <= set(STEPS)
    example = page[page.index("save:") : page.index("## Вопросы")]
    assert set(re.findall(r"^  - ([a-z]+):", example, re.MULTILINE)) <= set(ACTIONS)


def test_the_manual_names_whatever_a_talk_may_say_and_lets_happen() -> None:
    page = text(ROOT / "flows/README.md").partition("\n## Разговор\n")[2]
    assert set(re.findall(r"^\| `= ([a-z]+)", page, re.MULTILINE)) == set(TRUTHS)
    happen = set(re.findall(r"(?:^|, )([a-z]+)", HAPPENINGS))
    assert set(re.findall(r"`\* ([a-z]+)", page)) == happen


def bones(page: str) -> dict[str, list[str]]:
    """Return what a page has in any language: headings by their level, links, what is code."""
    blocks = re.findall(r"```.*?```", page, re.DOTALL)
    prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    return {
        "headings": re.findall(r"^#+", page, re.MULTILINE),
        "links": [link for link in re.findall(r"\]\(([^)]+)\)", page) if "README" not in link[:6]],
        "code": [re.sub(r" +#.*", "", block) for block in blocks],
        "names": re.findall(r"`([^`]+)`", prose),
    }


def test_the_readme_in_russian_says_what_the_other_one_says() -> None:
    assert bones(text(ROOT / "README.ru.md")) == bones(text(ROOT / "README.md"))


def test_the_flow_of_the_readme_is_a_part_of_the_plants_flow() -> None:
    shown = re.search(r"```yaml\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    assert shown is not None
    flow = [line.strip() for line in text(ROOT / "flows/receiving/raw_intake.yaml").splitlines()]
    told = [re.sub(r"\s+# .*", "", line).strip() for line in shown[1].splitlines()]
    assert [line for line in told if line not in flow] == []


def test_the_finding_of_the_readme_is_what_validate_prints(tmp_path: Path) -> None:
    shown = re.search(r"```\n\$ (\S+) cli\.py (.+?)\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    assert shown is not None
    copied(tmp_path)
    edit(tmp_path, read(ROOT / "tests/findings/F305_option.yaml"))
    done = ran([ROOT / "cli.py", *shown[2].split()], cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(shown[3])
