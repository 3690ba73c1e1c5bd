"""F717: a report that whoever asks for it may not have."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.report import ReportAction
from engine.check.roles import flow_roles
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the roles of a report with those of the flows that send it."""
    project = subject.project
    known = set(project.project.roles)
    for sketch in project.sketches.values():
        roles = flow_roles(sketch)
        for actions in sketch.blocks.values():
            for path, action in actions:
                form = (
                    project.reports.get(action.report) if isinstance(action, ReportAction) else None
                )
                if form is None or not set(form.roles) <= known:
                    continue  # a role that is mistyped in the report is a finding of its own
                lacking = [role for role in roles if role in known and role not in form.roles]
                if lacking:
                    message = say(
                        "форму заполняет роль «{role}», а отчёт ей не положен", role=lacking[0]
                    )
                    remedy = say(
                        "добавьте её в «roles:» отчёта «{report}» или уберите отчёт отсюда",
                        report=form.report,
                    )
                    yield Finding(sketch.tree.place((*path, "report")), "F717", message, remedy)


RULE = Rule(
    "F717",
    "отчёт не положен тому, кому его шлют",
    find,
    (
        Example(
            "flows/area/delivery.yaml",
            "  - report: stock\n    with: {least: weight}",
            "  - report: sheet\n    with: {number: taken.number}",
            "  - report: stock\n    with: {least: docs if is_set(docs) else weight}",
            "sheet",
            "roles",
        ),
    ),
    "Человек ждал бы файл, а получил бы отказ.",
)
