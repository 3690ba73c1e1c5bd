"""A row made at once is the row that its table's class makes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from crm.fresh import fresh
from crm.ledger.models import Lot, Posting
from crm.outbox.models import Notice
from crm.people.models import Person
from engine.errors import EngineError

OURS = [model for model in apps.get_models() if model.__module__.startswith("crm.")]


def shown(row: Model) -> dict[str, Any]:
    """Tell what a row in hand holds; of a key or a moment made for it, that it is one."""
    made = {one.attname for one in row._meta.concrete_fields if callable(one.default)}
    held = {**vars(row)}
    state = held.pop("_state")
    told = {name: type(value) if name in made else value for name, value in held.items()}
    return {**told, "_state": (state.adding, state.db, *state.fields_cache)}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_column_begins_as_django_makes_it(model: type[Model]) -> None:
    made, theirs = fresh(model), model()
    assert shown(made) == shown(theirs)
    assert list(vars(made))[:-1] == [one.attname for one in model._meta.concrete_fields]


def test_what_is_given_stands_and_what_it_leads_to_is_known() -> None:
    lot = Lot(pk=7)
    made = fresh(Posting, lot=lot, account="raw_store", event_id="7")
    assert (made.lot_id, made.lot is lot, made.account) == (7, True, "raw_store")
    assert shown(made) == shown(Posting(lot=lot, account="raw_store", event_id="7"))


def test_two_rows_share_nothing() -> None:
    first, second = fresh(Notice), fresh(Notice)
    first.buttons.append("x")
    assert (second.buttons, first.pk == second.pk) == ([], False)


def test_what_is_no_column_or_no_row_of_the_table_is_refused() -> None:
    with pytest.raises(EngineError, match="has no weight"):
        fresh(Posting, weight=1)
    with pytest.raises(ValueError, match="must be a"):
        fresh(Posting, lot=Person())
