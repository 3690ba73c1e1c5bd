"""Reports: the facts of this plant, filled into workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from crm.bridge.facts import DjangoFacts
from crm.bridge.vocabulary import vocabulary
from engine.documents.reports import Asked, Book, fill, prepare
from engine.documents.xlsx import render
from engine.model.values import Value
from engine.run.program import Program
from engine.schema.report import ReportForm


def book(program: Program, form: ReportForm, params: Mapping[str, Value], author: str) -> Book:
    """Ask the facts of a report and fill it. Raises EngineError."""
    decimals = {name: unit.decimals for name, unit in program.project.units.items()}
    plant = program.project.plant
    asked = Asked(
        params,
        author,
        plant.name,
        timezone.localtime(timezone=program.zone),
        program.zone.day_begins,
        DjangoFacts().ask,
    )
    return fill(prepare(form, vocabulary(), decimals), asked)


def workbook(program: Program, made: Book) -> bytes:
    """Return the workbook of a filled report, in its layout if it has one."""
    return render(made, program.layouts.get(("report", made.form.report)))
