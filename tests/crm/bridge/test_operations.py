"""Operations run by their names: arguments converted, by whom, as one transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from crm.bridge.operations import DjangoOperations
from crm.bridge.records import row_of
from crm.ledger.models import Event
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import take_delivery
from engine.errors import EngineError
from engine.model.conversation import Actor
from engine.model.values import Value
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR
from tests.offered import program


@pytest.fixture
def batch(receiver: Person, answers: dict[str, object], at: datetime) -> RawBatch:
    """A delivery that is saved and not on the raw store yet."""
    return take_delivery(receiver, session=uuid4(), at=at, **answers)  # type: ignore[arg-type]


def test_the_system_runs_an_operation_without_a_person_and_a_session(
    batch: RawBatch, at: datetime
) -> None:
    operations = DjangoOperations(program())
    done = operations.run(
        "receive_into_stock", {"batch": row_of(batch)}, Context(SYSTEM_ACTOR, "", at)
    )
    assert done is None  # the operation returns a number, and YAML is promised nothing
    event = Event.objects.get()
    assert (event.by, event.occurred_at) == (None, at)


def test_a_person_is_who_runs_it(batch: RawBatch, receiver: Person, at: datetime) -> None:
    context = Context(Actor(str(receiver.pk), receiver.full_name), "", at)
    DjangoOperations(program()).run("receive_into_stock", {"batch": row_of(batch)}, context)
    assert Event.objects.get().by == receiver


@pytest.mark.parametrize("name", ["nothing", "receive_into_stock"])
def test_an_unknown_operation_and_an_unknown_parameter_are_our_mistake(
    batch: RawBatch, at: datetime, name: str
) -> None:
    given: dict[str, Value] = {"batch": row_of(batch), "colour": "red"}
    with pytest.raises(EngineError, match=rf"no operation {name}\(batch, colour\)"):
        DjangoOperations(program()).run(name, given, Context(SYSTEM_ACTOR, "", at))
    assert Event.objects.count() == 0
