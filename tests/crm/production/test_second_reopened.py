"""A second-minced lot that is not used up after all stands where it was (domain 5.5)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.production.models import Pallet, SecondMinced
from crm.production.operations.make_pallet import make_pallet
from crm.production.operations.register_second_minced import register_second_minced
from engine.model.conversation import Actor
from engine.ports import Context
from tests.crm.production.pallets import mix_out, now, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SYSTEM = Actor("", "Система", frozenset({"system"}))


@pytest.mark.parametrize(
    ("pallet_state", "state"),
    [("unloaded", "on_pallet"), ("cancelled", "registered"), (None, "registered")],
)
def test_a_reopened_lot_is_on_the_pallet_that_carries_it_or_on_the_rest(
    pallet_state: str | None, state: str
) -> None:
    mix_out()
    second = register_second_minced(
        who("freezer_storekeeper"), session=uuid4(), at=now(), kind=SecondMinced.Kind.MKO2,
        net=Decimal(727), produced_on=now().date(), key="t1",
    )  # fmt: skip
    if pallet_state is not None:
        made = make_pallet(who(), number=3, kind=Pallet.Kind.SECOND, lots=[second.lot], at=now())
        Pallet.objects.filter(pk=made.pk).update(state=pallet_state)
    SecondMinced.objects.filter(pk=second.pk).update(state="depleted")
    second.refresh_from_db()
    context = Context(SYSTEM, "", timezone.localtime())
    DjangoOperations(program()).fire(row_of(second), "reopen", context, "", {})
    second.refresh_from_db()
    assert second.state == state
