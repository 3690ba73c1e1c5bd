"""F718: a report that is not there, or a parameter that does not fit it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.actions.report import ReportAction
from engine.check.example import FLOW, REPORT
from engine.check.rule import Example, Rule
from engine.check.scope import given_type, read
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.parse import names
from engine.expressions.suggest import hint, nearest
from engine.expressions.template import parse_template
from engine.expressions.types import Record, bare
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.schema.report import PERIOD, ParamForm, ReportForm

_of_types = of_expressions("F718")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every report that is asked for, and the parameters of all; the types of what is
    given are found with the expressions."""
    project = subject.project
    for sketch in project.sketches.values():
        for actions in sketch.blocks.values():
            for path, action in actions:
                if isinstance(action, ReportAction):
                    yield from _action(project, sketch.tree, path, action)
    for form in project.reports.values():
        tree, records = project.tree("report", form.report), project.vocabulary.records
        yield from _params(tree, form, records)
    yield from _of_types(subject)


def is_needed(param: ParamForm) -> bool:
    """Tell whether a report cannot be made without a parameter."""
    return param.default is None and param.type != PERIOD and not param.type.endswith("?")


def _action(project: Project, tree: Tree, path: Path, action: ReportAction) -> Iterator[Finding]:
    form = project.reports.get(action.report)
    place = tree.place((*path, "report"))
    if form is None:
        if ("report", action.report) not in project.broken:
            remedy = hint(action.report, project.reports, "отчёты") or say(
                "создайте flows/reports/{report}.yaml", report=action.report
            )
            message = say("нет отчёта «{report}»", report=action.report)
            yield Finding(place, "F718", message, remedy)
        return
    unknown = [name for name in action.with_ if name not in form.params]
    for name in unknown:
        message = say("у отчёта «{report}» нет параметра «{name}»", report=form.report, name=name)
        remedy = hint(name, form.params, "параметры") or "уберите его"
        yield Finding(tree.key((*path, "with", name)), "F718", message, remedy)
    missing = [
        name for name, param in form.params.items() if is_needed(param) and name not in action.with_
    ]
    if len(missing) > len(unknown):  # a mistyped one is the missing one
        message = say("отчёту не хватает параметров: {names}", names=", ".join(missing))
        yield Finding(
            place, "F718", message, say("добавьте в «with:» ключ «{key}»", key=missing[0])
        )


def _params(tree: Tree, form: ReportForm, records: Collection[str]) -> Iterator[Finding]:
    read_ = _read(form)
    strange = read_ - form.params.keys()
    for name, param in form.params.items():
        kind = None if param.type == PERIOD else given_type(param.type)
        plain = bare(kind) if kind is not None else None
        if isinstance(plain, Record) and plain.kind not in records:
            message = say("нет записи «{kind}»", kind=plain.kind)
            place = tree.place(("params", name, "type"))
            yield Finding(place, "F718", message, hint(plain.kind, records, "записи"))
        elif kind is None and param.type != PERIOD:
            message = say("«{type}» — не вид значения", type=param.type)
            remedy = "виды: period, number kg, integer, text, bool, date, choice(one, two), запись"
            yield Finding(tree.place(("params", name, "type")), "F718", message, remedy)
        if name not in read_ and param.type != PERIOD and not nearest(name, strange):
            message = say("параметр «{name}» ни на что не влияет", name=name)
            remedy = "отберите по нему строки («filters:», «where:») или уберите его"
            yield Finding(tree.key(("params", name)), "F718", message, remedy)


def _read(form: ReportForm) -> set[str]:
    """Return the parameters that something in a report reads."""
    found: set[str] = set()
    texts = [form.file]
    expressions = [*form.cells.values(), *([form.each.source] if form.each else [])]
    for block in form.blocks:
        found |= set(block.filters)
        texts += [block.caption, *(column.title for column in block.columns)]
        expressions += [block.source, *block.order, *([block.where] if block.where else [])]
        expressions += [column.value for column in block.columns if column.value]
        if block.group is not None:
            texts.append(block.group.caption)
            expressions.append(block.group.by)
        if block.pivot is not None:
            texts += [block.pivot.title, *(head.text for head in block.pivot.heads)]
            expressions += [block.pivot.by, block.pivot.cell]
    for text in expressions:
        node = read(text)
        found |= names(node) if node else set()
    for text in texts:
        try:
            found |= {name for hole in parse_template(text).holes for name in names(hole.node)}
        except ValueError:
            return set(form.params)
    return found


RULE = Rule(
    "F718",
    "отчёт или его параметр не подходят",
    find,
    (
        Example(FLOW, "- report: stock", "- report: stok", "- report:  stock", "stok", "stock"),
        Example(
            FLOW,
            "with: {least: weight}",
            "with: {lest: weight}",
            "with: {least: weight }",
            "lest",
            "least",
        ),
        Example(
            FLOW,
            "with: {least: weight}",
            "with: {least: company}",
            "with: {least: weight }",
            "company",
            "нужного вида",
        ),
        Example(
            REPORT,
            'type: "company?"',
            'type: "comapny?"',
            'type:  "company?"',
            '"comapny',
            "company",
        ),
        Example(
            REPORT,
            "where: it.weight > least\n",
            "where: it.weight > 5\n",
            "where: it.weight >= least\n",
            "least",
            "filters",
        ),
    ),
    "Отчёт не пришёл бы или был бы не о том.",
)
