"""What stands in the placeholders of a paper: the expressions of its `document.yaml` over a record.

A value that cannot be computed is left out; the layout prints it as «—»."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.documents.letters import file_name as as_name
from engine.expressions.compile import Ask, EvaluationError, compile_expression
from engine.expressions.template import Hole, parse_template
from engine.model.fields import Fields
from engine.model.values import Row, Value
from engine.schema.document import DocumentForm

NOW, DRAFT = "now_date", "draft"  # given to every paper beside its own fields


def values_of(
    form: DocumentForm, record: Row, now: datetime, ask: Ask | None = None
) -> dict[str, Value]:
    """Return the value of each field, the date of printing and the mark of a draft. `ask` answers
    facts. An expression names the record itself by its kind."""
    own = {} if record.kind in record.fields else {record.kind: record}
    fields = record.fields
    env = fields.over(own) if isinstance(fields, Fields) else {**fields, **own}

    def value(text: str) -> Value:
        try:
            found: Value = compile_expression(text)(env, ask, now)
        except EvaluationError:
            return None
        return found

    final = form.final is not None and value(form.final) is True
    mark = None if final or not form.draft else form.draft
    printed = {name: value(text) for name, text in form.fields.items()}
    return {NOW: now.date(), DRAFT: mark, **printed}


def file_name(form: DocumentForm, values: Mapping[str, Value]) -> str:
    """Return the name of the file, as disks want it.

    >>> named = {"document": "act", "title": "Акт", "record": "batch", "fields": {"number": "n"}}
    >>> form = DocumentForm(**named, file="Акт {number}.docx")
    >>> file_name(form, {"number": "2411/3"})
    'Акт 2411-3.docx'
    """
    parts = [
        part.said(compile_expression(part.node)(values)) if isinstance(part, Hole) else part
        for part in parse_template(form.file).parts
    ]
    return as_name("".join(parts))
