"""F716: a form that its layout.xlsx does not have, or a look that a plain list cannot have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FORM, REPORT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, Place, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.report import BlockForm, ReportForm

LAYOUT = "layout.xlsx"
FOLDER = "report.yaml"


def find(subject: Subject) -> Iterator[Finding]:
    """Compare every form with its layout, and every other report with what needs one."""
    project = subject.project
    for form in project.reports.values():
        tree = project.tree("report", form.report)
        if tree.file.endswith(f"/{FOLDER}"):
            yield from _form(project, tree, form)
        else:
            yield from _table(tree, form)
        if form.plain:
            yield from _plain(tree, form)


def _table(tree: Tree, form: ReportForm) -> Iterator[Finding]:
    remedy = say("положите отчёт в папку вместе с {layout}", layout=LAYOUT)
    if form.cells:
        message = "ячейки по именам есть только у бланка"
        yield Finding(tree.key(("cells",)), "F716", message, remedy)
    for at, block in enumerate(form.blocks):
        if block.row:
            message = "строка по имени есть только у бланка"
            yield Finding(tree.place(("blocks", at, "row")), "F716", message, remedy)


def _form(project: Project, tree: Tree, form: ReportForm) -> Iterator[Finding]:
    # A layout brings the library of workbooks with it: only where there is one to read.
    from engine.documents.errors import BadLayout  # noqa: PLC0415
    from engine.documents.layout import names  # noqa: PLC0415

    start = tree.place(("report",))
    try:
        there = names(((project.root.parent / tree.file).parent / LAYOUT).read_bytes())
    except OSError:
        message, remedy = say("рядом нет {layout}", layout=LAYOUT), "положите его в ту же папку"
        yield Finding(start, "F716", message, remedy)
        return
    except BadLayout as error:
        message = say("{layout}: {message}", layout=LAYOUT, message=error.message)
        yield Finding(start, "F716", message, "сохраните его заново в Excel как .xlsx")
        return
    for name in form.cells:
        if name not in there:
            yield _missing(tree, tree.key(("cells", name)), name, list(there))
        elif there[name].left in there[name].covered:
            yield _hidden(tree.key(("cells", name)), name)
    for at, block in enumerate(form.blocks):
        path: Path = ("blocks", at)
        if not block.row:
            message, remedy = "у блока бланка нет строки", "назовите строку листа: «row:»"
            yield Finding(tree.place((*path, "source")), "F716", message, remedy)
        elif block.row not in there:
            yield _missing(tree, tree.place((*path, "row")), block.row, list(there))
        elif there[block.row].width != len(block.columns):
            width = there[block.row].width
            message = say(
                "столбцов {count}, а в строке листа ячеек {width}",
                count=len(block.columns),
                width=width,
            )
            remedy = "должно быть поровну: поправьте столбцы или имя в листе"
            yield Finding(tree.place((*path, "row")), "F716", message, remedy)
        elif there[block.row].covered:
            yield _hidden(tree.place((*path, "row")), block.row)
        yield from _drawn(tree, path, block)


def _hidden(place: Place, name: str) -> Finding:
    message = say("ячейку «{name}» в {layout} закрывает объединённая", name=name, layout=LAYOUT)
    return Finding(place, "F716", message, "разъедините ячейки или дайте имя видимой")


def _missing(tree: Tree, place: object, name: str, there: list[str]) -> Finding:
    message = say("в {layout} нет имени «{name}»", layout=LAYOUT, name=name)
    remedy = hint(name, there, "имена") or "дайте имя ячейкам листа: Формулы → Диспетчер имён"
    return Finding(place, "F716", message, remedy)  # type: ignore[arg-type]


def _drawn(tree: Tree, path: Path, block: BlockForm) -> Iterator[Finding]:
    """Refuse what a form has drawn in its layout."""
    remedy = say("нарисуйте это в {layout}", layout=LAYOUT)
    for key in ("group", "pivot", "caption"):
        if getattr(block, key):
            message = say("у бланка нет «{key}:»", key=key)
            yield Finding(tree.key((*path, key)), "F716", message, remedy)
    for at, column in enumerate(block.columns):
        for key in ("formula", "total", "style", "width", "format"):
            if getattr(column, key):
                message = say("у бланка нет «{key}:»", key=key)
                yield Finding(tree.key((*path, "columns", at, key)), "F716", message, remedy)


def _plain(tree: Tree, form: ReportForm) -> Iterator[Finding]:
    remedy = "уберите это или «plain: true»"
    if len(form.blocks) > 1:
        message = "в списке без вида один блок"
        yield Finding(tree.place(("blocks", 1)), "F716", message, remedy)
    for at, block in enumerate(form.blocks):
        for key in ("group", "pivot", "caption"):
            if getattr(block, key):
                message = say("у списка без вида нет «{key}:»", key=key)
                yield Finding(tree.key(("blocks", at, key)), "F716", message, remedy)
        for number, column in enumerate(block.columns):
            for key in ("formula", "total", "style"):
                if getattr(column, key):
                    message = say("у списка без вида нет «{key}:»", key=key)
                    path = ("blocks", at, "columns", number, key)
                    yield Finding(tree.key(path), "F716", message, remedy)


RULE = Rule(
    "F716",
    "бланк отчёта и его лист не сходятся",
    find,
    (
        Example(FORM, "row: parts", "row: part", "row:  parts", "part", "parts"),
        Example(
            FORM, "cells: {number: ", "cells: {numbr: ", "cells: {number:  ", "numbr", "number"
        ),
        Example(
            FORM,
            "row: parts\n    columns: [{title: Часть, value: it.number}, ",
            "row: parts\n    columns: [",
            "row: parts\n    columns: [{title: Номер, value: it.number}, ",
            "parts",
            "поровну",
        ),
        Example(
            REPORT,
            "styles: {lead",
            "cells: {number: least}\nstyles: {lead",
            "styles:  {lead",
            "cells",
            "layout.xlsx",
        ),
    ),
    "Значения не попали бы на свои места листа.",
)
