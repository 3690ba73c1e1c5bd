"""A small plant: a receiver, a technologist, a company, and a way to take deliveries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from crm.bridge.program import FORMS
from crm.catalogue.models import Company, ResponsiblePerson, Separator, SeparatorMode
from crm.catalogue.operations.add import add
from crm.ledger.operations.move_state import move_state
from crm.people import roles
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.production.operations.receive_into_stock import receive_into_stock
from crm.production.operations.take_delivery import take_delivery
from crm.quality.models import ANTIBIOTICS, ORGANOLEPTIC, Deviation, RawAnalysis
from crm.quality.operations.record_raw_analysis import record_raw_analysis
from crm.quality.operations.request_deviation import request_deviation
from engine.model.conversation import Actor, Bounds, Session
from engine.model.effects import Request
from engine.model.text import Text
from tests.crm.bridge.untouched import read
from tests.guarded import flushable
from tests.rounds import Writers, started
from tests.seeded import Begun, seed

Receive = Callable[..., RawBatch]


@pytest.fixture(scope="session", autouse=True)
def _tables_can_be_emptied() -> Iterator[None]:
    with flushable():
        yield


@pytest.fixture(scope="session", autouse=True)
def _forms_are_read() -> None:
    """The roles of the plant and who has which duty stand in its forms: read without a look at
    rows, which not every test has."""
    FORMS.take(read())


@pytest.fixture(autouse=True)
def _forms_stay() -> Iterator[None]:
    """Whatever forms a test has run, the next one's roles and words are those of the plant."""
    yield
    if FORMS._present is not None and roles._SAY[0] != FORMS._present.languages.say:
        FORMS.replace(FORMS._present)


@pytest.fixture(scope="session")
def begun(django_db_setup: None, django_db_blocker: Any) -> Iterator[Begun]:
    """The database of this worker that has the first data."""
    with django_db_blocker.unblock():
        made = Begun(os.environ.get("DATABASE_URL", ""))
    yield made
    with django_db_blocker.unblock():
        made.end()


@pytest.fixture
def _beginning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever begins with the first data and commits nothing looks into that one."""
    asked = request.node.get_closest_marker("django_db")
    commits = asked is not None and asked.kwargs.get("transaction")
    names = request.fixturenames
    if commits or "transactional_db" in names or "first_data" not in names:
        yield
    else:
        with request.getfixturevalue("begun"):
            yield


@pytest.fixture
def _django_db_helper(_beginning: None, _django_db_helper: None) -> None:
    """Begin the transaction of a test, on the database that it looks into."""


@pytest.fixture(scope="session")
def writers(postgres_url: str, django_db_setup: None) -> Iterator[Writers]:
    """Eight processes on the test database of PostgreSQL, started once for all tests."""
    with started(str(connection.settings_dict["NAME"])) as processes:
        yield processes


@pytest.fixture
def at() -> datetime:
    """11:30 of 22.11.2026 in plant time."""
    return datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def first_data(db: None) -> None:
    """The first data of a plant, which a test begins with."""
    seed()


@pytest.fixture
def clock(first_data: None, at: datetime) -> Iterator[PlantClock]:
    """The clock of the plant of the reference data. A file whose plant begins at another moment
    has an `at` of its own."""
    with PlantClock(at) as clock:
        yield clock


@pytest.fixture
def talker(clock: PlantClock) -> Talker:
    """The people of that plant, with phones in their hands."""
    return Talker(clock)


@pytest.fixture
def receiver(db: None) -> Person:
    return save_person(
        None, person=None, full_name="Ветров П. А.", roles=["receiver"], telegram_id=101
    )


@pytest.fixture
def technologist(db: None) -> Person:
    return save_person(
        None, person=None, full_name="Орлова М. С.", roles=["technologist"], telegram_id=102
    )


@pytest.fixture
def company(db: None) -> Company:
    return add(None, model=Company, name="ООО «Учебная компания 1»", custom=False)


@pytest.fixture
def answers(company: Company) -> dict[str, Any]:
    """What a receiver answers on the straight way."""
    return {
        "company": company,
        "material": "Каркас",
        "nomenclature": "Каркас ЦБ",
        "supplier": "Птицефабрика «Примерная»",
        "condition": "frozen",
        "accounting_type": "Каркас",
        "ttn_number": "ТТН-118",
        "weight": Decimal("18250.500"),
        "body_temp": Decimal("-18.5"),
        "product_temp": Decimal("-18.0"),
        "tags_number": 12,
    }


@pytest.fixture
def receive(receiver: Person, answers: dict[str, Any], at: datetime) -> Receive:
    """Take a delivery and accept it; keywords replace answers."""

    def _receive(session: UUID | None = None, moment: datetime = at, **changed: Any) -> RawBatch:
        batch = take_delivery(
            receiver, session=session or uuid4(), at=moment, **{**answers, **changed}
        )
        receive_into_stock(receiver, batch=batch, at=moment)
        move_state(batch, "accept", sources=["new"], to="received", by=receiver, at=moment)
        return batch

    return _receive


Analyse = Callable[..., RawAnalysis]


@pytest.fixture
def lab(db: None) -> Person:
    return save_person(None, person=None, full_name="Лапина О. В.", roles=["lab"], telegram_id=103)


@pytest.fixture
def analyse(lab: Person, at: datetime) -> Analyse:
    """Analyse a batch: all good, Ж 17 Б 13 В 67; keywords replace answers."""

    def _analyse(batch: RawBatch, session: UUID | None = None, **changed: Any) -> RawAnalysis:
        answers = {
            "responsible": add(None, model=ResponsiblePerson, name="Лапина О. В.", custom=False),
            "ttn_date": at.date(),
            "separator": add(None, model=Separator, name="С-1", custom=False),
            "separator_mode": add(None, model=SeparatorMode, name="700", custom=False),
            "fat": Decimal(17),
            "protein": Decimal(13),
            "moisture": Decimal(67),
            **dict.fromkeys(ORGANOLEPTIC, "good"),
            "broth_quality": "clear",
            **dict.fromkeys(ANTIBIOTICS, "negative"),
            "photos": (),
            "failed": False,
            **changed,
        }
        found = RawBatch.objects.get(pk=batch.pk)
        return record_raw_analysis(lab, session=session or uuid4(), at=at, batch=found, **answers)

    return _analyse


Ask = Callable[..., Deviation]


@pytest.fixture
def ask(receiver: Person, technologist: Person, at: datetime) -> Ask:
    """Ask the technologist about a truck of −5,5 °C; warned after 15 minutes, late after 45."""

    def _ask(session: UUID | None = None, key: UUID | None = None) -> Deviation:
        actor = Actor(str(receiver.pk), receiver.full_name)
        request = Request(
            id=str(key or uuid4()),
            kind="body_temp",
            session=Session(session or uuid4(), "raw_intake", "digest", actor),
            step="body_temp",
            label="температура кузова",
            value=Decimal("-5.5"),
            bounds=Bounds("receiving_temperature", None, Decimal("-8.0"), "°C", 1, "план ХАССП"),
            roles=("technologist",),
            card=Text.of("Отклонение при приёмке"),
            pictures=(),
            warn_s=900,
            breach_s=2700,
        )
        return request_deviation(receiver, request=request, chat_id=101, at=at)

    return _ask
