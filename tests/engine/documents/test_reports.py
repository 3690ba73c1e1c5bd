"""Every report of flows/reports/, with no rows, with one, with many and with the longest texts; and
the report that the manual shows."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine.check.checked import check_folder
from engine.load.project import Project, load_project
from tests.pages import report_file

ROOT = Path(__file__).parents[3]
REPORTS = sorted(
    path.stem if path.stem != "report" else path.parent.name
    for path in (ROOT / "flows/reports").rglob("*.yaml")
)
LONG = "=ООО «Учебная» & Ко " * 40


@pytest.fixture(scope="module")
def project() -> Project:
    found, findings = load_project(ROOT / "flows")
    assert findings == ()
    assert found is not None
    return found


@pytest.mark.parametrize("count", [0, 1, 40])
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_opens_and_shows_all_its_rows(name: str, count: int, project: Project) -> None:
    sheet = load_workbook(BytesIO(report_file(project, name, count))).active
    assert sheet is not None
    assert sheet.max_row >= count
    said = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert said
    assert [text for text in said if "None" in text or "{" in text or "Row(" in text] == []


@pytest.mark.parametrize("name", REPORTS)
def test_the_longest_texts_stay_texts(name: str, project: Project) -> None:
    sheet = load_workbook(BytesIO(report_file(project, name, 3, LONG))).active
    assert sheet is not None
    long = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=О")]
    assert long
    assert {cell.data_type for cell in long} == {"s"}


def test_the_report_of_the_manual_has_no_findings(tmp_path: Path) -> None:
    shown = re.search(
        r"```yaml\n(report: .*?)```", (ROOT / "flows/README.md").read_text("utf-8"), re.S
    )
    assert shown is not None
    shutil.copytree(ROOT / "flows", tmp_path / "flows")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "flows/reports/raw_stock.yaml").write_text(shown[1], "utf-8")
    found = check_folder(tmp_path / "flows").findings
    assert [one for one in found if "raw_stock" in one.place.path] == []
