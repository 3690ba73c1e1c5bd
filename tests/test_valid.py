"""Files that are odd and right: the checker says nothing about them. Each says in its first line
what is odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.check.checked import check_folder
from engine.check.example import write
from engine.check.json_schemas import FILES
from engine.load.layout import laid_out

ODD = sorted((Path(__file__).parent / "findings/valid").glob("*.yaml"))


def put(flows: Path, odd: Path) -> Path:
    """Put a file where its kind belongs in the small project: a flow, a lifecycle, or in the
    place of the project's own file of its name; a flow gets its button."""
    if odd.stem in FILES:
        path = flows / odd.name
    else:
        path = flows / ("lifecycles" if odd.stem.startswith("lifecycle") else "area") / odd.name
    path.write_bytes(odd.read_bytes())
    if path.parent.name == "area":
        with (flows / "menu.yaml").open("a", encoding="utf-8") as menu:
            menu.write(f"- {{title: Странная форма, flow: {odd.stem}, roles: [porter]}}\n")
    return path


def test_there_are_at_least_forty() -> None:
    assert len(ODD) >= 40


@pytest.mark.parametrize("odd", ODD, ids=[one.stem for one in ODD])
def test_an_odd_but_right_file_has_no_finding(odd: Path, tmp_path: Path) -> None:
    flows = write(tmp_path)
    path = put(flows, odd)
    report = check_folder(flows)
    assert report.findings == ()
    assert path.relative_to(tmp_path).as_posix() in report.trees
    path.write_text(laid_out(path.read_text("utf-8"), lambda where, keys: keys), "utf-8")
    assert check_folder(flows).findings == ()
