"""`python -m tests.pages [folder]`: pictures of what the office prints, to be looked at.

Every document of templates/ with its sample, every report of flows/reports/ with made-up rows, by
LibreOffice to PDF and from there to PNG. Needs soffice."""

from __future__ import annotations

import subprocess
import sys
from datetime import time
from pathlib import Path

from pypdfium2 import PdfDocument

from engine.documents.docx import render as print_document
from engine.documents.reports import Asked, fill, prepare
from engine.documents.xlsx import render as write_report
from engine.load.project import Project, load_project
from engine.load.tree import read_tree
from engine.model.values import Value
from tests.engine.documents.plenty import NOW, one, rows

ROOT = Path(__file__).parents[1]
COUNT = 12


def report_file(project: Project, name: str, count: int, text: str = "") -> bytes:
    """The workbook of a report whose facts answer with so many made-up rows."""
    form, vocabulary = project.reports[name], project.vocabulary
    decimals = {unit: each.decimals for unit, each in project.project.units.items()}

    def ask(fact: str, _arguments: tuple[Value, ...]) -> Value:
        result = vocabulary.facts[fact].result
        if result.startswith("list of "):
            return tuple(rows(vocabulary, result.removeprefix("list of "), count, text))
        return one(vocabulary, result)

    params = {
        key: next(rows(vocabulary, param.type, 1, text))
        for key, param in form.params.items()
        if param.type in vocabulary.records
    }
    plant = project.project.plant.name
    asked = Asked(params, "Орлова М. С.", plant, NOW, time(7), ask)
    layout = ROOT / "flows" / "reports" / name / "layout.xlsx"
    content = layout.read_bytes() if layout.is_file() else None
    return write_report(fill(prepare(form, vocabulary, decimals), asked), content)


def main(folder: Path) -> None:
    """Write the files and the pictures of their pages."""
    folder.mkdir(parents=True, exist_ok=True)
    project, findings = load_project(ROOT / "flows")
    if project is None or findings:
        sys.exit("flows/ has findings: cli.py validate flows")
    made = []
    for name in project.documents:
        place = ROOT / "templates" / name
        sample, _ = read_tree("sample.yaml", (place / "sample.yaml").read_text("utf-8"))
        made.append(folder / f"{name}.docx")
        made[-1].write_bytes(print_document((place / "layout.docx").read_bytes(), sample.data))
    for name in project.reports:
        made.append(folder / f"{name}.xlsx")
        made[-1].write_bytes(report_file(project, name, COUNT))
    profile = f"-env:UserInstallation=file://{folder.resolve()}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, made)], check=True, stdout=subprocess.DEVNULL)
    for path in made:
        with PdfDocument(path.with_suffix(".pdf")) as document:
            for number, page in enumerate(document, 1):
                page.render(scale=80 / 72).to_pil().save(
                    path.with_name(f"{path.stem}-{number}.png")
                )
    print("\n".join(str(path) for path in sorted(folder.glob("*.png"))))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/pages"))
