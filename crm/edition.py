"""Answers about catalogues and limits, kept in the process for as long as nobody changes any.

Every write to one of these tables, by whomever, gives it another mark in `catalogue_edition`
(triggers do). A turn reads the marks by the statement that locks its chat, and what was answered
under those marks is what would be answered now. As all that is remembered, they stand until this
connection writes or locks anything: what is asked then is asked of the database. Start at
`answer_of`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

from crm.asked_once import is_remembered, remembered
from crm.catalogue.models import Edition
from crm.prepared import Prepared, Value

Question = tuple[Any, ...]  # what is asked, what is in its holes

MARKS = Prepared(lambda: Edition.objects.order_by("name").values_list("mark", flat=True))
# A write to each of these turns the mark: `tests/crm/test_edition.py` tries them.
TABLES = frozenset(
    (
        "catalogue_company",
        "catalogue_supplier",
        "catalogue_nomenclature",
        "catalogue_rawmaterial",
        "catalogue_customer",
        "catalogue_responsibleperson",
        "catalogue_separator",
        "catalogue_separatormode",
        "catalogue_recipe",
        "quality_limitversion",
    )
)
MOST = 5000  # answers
WORD = re.compile(r"\w+")
_kept: tuple[tuple[str, ...], dict[Question, list[Any]]] = (), {}


def is_lasting(asked: Prepared) -> bool:
    """Tell whether a question is about these tables alone, so that its answers may be kept."""
    found: bool | None = asked.lasting
    if found is None:
        compiled = asked.compiled()
        named = _tables() & {*WORD.findall(compiled.sql)}
        found = asked.lasting = bool(named) and named <= TABLES and not compiled.reads_beside
    return found


def is_kept(asked: Prepared, given: tuple[Value, ...]) -> bool:
    """Tell whether a question needs not to be asked."""
    answers = _answers(asked, given)
    return answers is not None and (asked, *given) in answers


def answer_of(asked: Prepared, given: tuple[Value, ...], ask: Callable[[], list[Any]]) -> list[Any]:
    """Return the rows of a question: those that are kept, or what `ask` answers. Objects are nobody
    else's."""
    answers = _answers(asked, given)
    if answers is None:
        return ask()
    key = (asked, *given)
    found = answers.get(key)
    if found is None:
        if len(answers) >= MOST:
            answers.clear()
        found = answers[key] = ask()
    return [_twin(row) if isinstance(row, Model) else row for row in found]


def _answers(asked: Prepared, given: tuple[Value, ...]) -> dict[Question, list[Any]] | None:
    """Return what is kept under the marks that this turn has read; None where it has read none, and
    for a question that may not be kept or never comes again."""
    global _kept  # noqa: PLW0603 - one of all threads; marks and answers change together
    if not is_remembered((MARKS,)) or not is_lasting(asked):
        return None
    if any(isinstance(value, datetime) for value in given):
        return None
    marks = tuple(remembered((MARKS,), MARKS.rows))
    if not marks:
        return None
    kept = _kept
    if kept[0] != marks:
        kept = _kept = marks, {}
    return kept[1]


def _twin(row: Model) -> Model:
    """Return another object of the same columns, without what was read beside it."""
    twin = type(row).__new__(type(row))
    vars(twin).update(vars(row))
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    twin._state = state
    return twin


@cache
def _tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(model._meta.db_table for model in models)
