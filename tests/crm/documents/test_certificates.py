"""The act of incoming control: a draft until its author has checked it, then issued; a corrected
one replaces it and none is lost (domain 4.9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from docx import Document as Word
from PIL import Image

from crm.documents.models import Document
from crm.documents.operations.issue_certificate import issue_certificate
from crm.documents.operations.replace_certificate import replace_certificate
from crm.ledger.operations.adjust import adjust
from crm.people.models import Person
from crm.people.operations.keep_signature import keep_signature
from crm.people.operations.save_person import save_person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import RawBatch
from crm.work.models import Handover
from engine.errors import Refused
from engine.model.files import DOCX, FileRef
from engine.talk.papers import MemoryFiles
from tests.crm.conftest import Analyse
from tests.crm.quality.test_raw_laboratory import DELIVERY, analyse, answers
from tests.engine.documents.words import header_texts, texts

pytestmark = pytest.mark.django_db
Receive = Callable[..., RawBatch]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SENT = FileRef("document/2026/11/sent", "0" * 64, 10, DOCX, "Исправленный.docx")


@pytest.fixture
def talker(clock: PlantClock) -> Talker:
    """A talker whose papers are made, after one delivery and its analysis."""
    talker = Talker(clock, files=MemoryFiles())
    talker.say("receiver", *DELIVERY)
    analyse(talker, *answers())
    return talker


def printed(talker: Talker, document: Document) -> bytes:
    assert talker.files is not None
    return talker.files.get(document.key)


def test_a_confirmed_act_is_printed_anew_without_the_mark_of_a_draft(talker: Talker) -> None:
    of_intake, drafted = Document.objects.order_by("edition")
    assert (of_intake.state, drafted.state) == ("replaced", "draft")
    content = printed(talker, drafted)
    assert any(text.startswith("ЧЕРНОВИК") for text in header_texts(content))
    assert "Исследование провёл: Лапина О. В." in texts(content)
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    issued = Document.objects.get(state="issued")
    assert (issued.edition, issued.name) == (3, "Акт входного контроля 2211-3.docx")
    assert not any("ЧЕРНОВИК" in text for text in header_texts(printed(talker, issued)))


def test_a_checked_act_shows_the_signatures_that_the_office_has_and_a_draft_none(
    talker: Talker,
) -> None:
    for role, colour in (("lab", "red"), ("receiver", "blue")):
        person = Person.objects.holding(role).earliest("id")
        stored = talker.files.put(f"signature/{role}", image(colour), "image/png")  # type: ignore[union-attr]
        keep_signature(None, person=person, stored=stored, at=START)
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    drafted, issued = Document.objects.order_by("edition")[1:]
    master, lab, head = signatures(printed(talker, issued))
    assert (master, lab) == (image("blue"), image("red"))
    assert signatures(printed(talker, drafted))[2] == head
    assert not {master, lab} & {*signatures(printed(talker, drafted))}


def test_of_two_leads_the_one_who_took_the_shift_of_the_batch_signs_its_act(
    talker: Talker,
) -> None:
    night = Person.objects.holding("shift_lead").get()
    day = save_person(None, person=None, full_name="Дневной Д. Д.", roles=["shift_lead"])
    for lead, colour in ((day, "green"), (night, "black")):
        stored = talker.files.put(f"signature/{colour}", image(colour), "image/png")  # type: ignore[union-attr]
        keep_signature(None, person=lead, stored=stored, at=START)
    handed_over = {"given_by": night, "taken_by": day, "state": "accepted"}
    before = START - timedelta(hours=4, minutes=40)  # 06:50 at the plant
    Handover.objects.create(**handed_over, session=uuid4(), created_at=before, taken_at=before)
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    assert signatures(printed(talker, Document.objects.get(state="issued")))[2] == image("green")


def test_a_signature_that_the_store_lost_stops_no_act(
    talker: Talker, caplog: pytest.LogCaptureFixture
) -> None:
    person = Person.objects.holding("lab").earliest("id")
    stored = talker.files.put("signature/lab", image("red"), "image/png")  # type: ignore[union-attr]
    keep_signature(None, person=person, stored=stored, at=START)
    talker.files.delete("signature/lab")  # type: ignore[union-attr]
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    drafted, issued = Document.objects.order_by("edition")[1:]
    assert issued.state == "issued"
    assert signatures(printed(talker, issued)) == signatures(printed(talker, drafted))
    assert "signature/lab of a document is not in the store" in caplog.text


def image(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 42), colour).save(made, "PNG")
    return made.getvalue()


def signatures(act: bytes) -> tuple[bytes, ...]:
    """The pictures of an act in the order in which they stand."""
    document = Word(BytesIO(act))
    embedded = [
        shape._inline.graphic.graphicData.pic.blipFill.blip.embed
        for shape in document.inline_shapes
    ]
    return tuple(document.part.related_parts[one].blob for one in embedded)


def test_a_corrected_act_is_the_issued_one_and_says_what_was_corrected(talker: Talker) -> None:
    talker.say("lab", "[Отправить изменённый]", "{docx}", "Исправлена дата ТТН", "[Сохранить]")
    issued = Document.objects.get(state="issued")
    assert (issued.edition, issued.note) == (3, "Исправлена дата ТТН")
    assert Word(BytesIO(printed(talker, issued))) is not None
    assert [one.state for one in Document.objects.order_by("edition")] == [
        *("replaced", "replaced", "issued"),
    ]
    kept = issued.lot.files.get(kind="certificate")  # type: ignore[union-attr]
    assert kept.key == issued.key


def test_an_act_keeps_its_number_and_the_received_mass_and_has_a_dash_for_what_is_missing(
    talker: Talker, receive: Receive, receiver: Person
) -> None:
    batch = RawBatch.objects.get()
    first = batch.year_number
    receive()  # the ordinal of one is not counted anew when there are more
    adjust(
        receiver, lot=batch.lot, counted=Decimal("18240.5"), reason="пересчёт на складе",
        session=uuid4(), at=talker.clock.now(),
    )  # fmt: skip
    talker.say("lab", "[Подтвердить]", "[Сохранить]")
    act = printed(talker, Document.objects.get(state="issued"))
    assert RawBatch.objects.get(pk=batch.pk).year_number == first
    assert f"АКТ № {first}" in texts(act)
    tables = Word(BytesIO(act)).tables
    said = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert any(text.startswith("18") and text.endswith("250,50") for text in said), said
    assert "—" in said, said  # the day until which it is good was left out
    assert not any("None" in text for text in said)


def test_an_unanswered_act_is_reminded_of_after_two_hours(talker: Talker) -> None:
    talker.say("lab", "/start")
    talker.after(minutes=121)
    assert talker.phone("lab").sees("…Ждёт 120 мин…Проверьте акт входного контроля партии 2211/3")


def test_a_batch_without_an_analysis_has_no_act_to_issue(
    receive: Receive, lab: Person, at: datetime
) -> None:
    with pytest.raises(Refused, match="без анализа"):
        issue_certificate(lab, at=at, batch=receive())


@pytest.mark.parametrize(("file", "note"), [((), "исправлено"), ((SENT,), "ок")])
def test_a_correction_needs_one_file_and_words(
    receive: Receive, analyse: Analyse, lab: Person, at: datetime,
    file: tuple[FileRef, ...], note: str,
) -> None:  # fmt: skip
    batch = receive()
    analyse(batch)
    found = RawBatch.objects.get(pk=batch.pk)
    with pytest.raises(Refused):
        replace_certificate(lab, session=uuid4(), at=at, batch=found, file=file, note=note)
    assert not Document.objects.exists()


def test_one_session_replaces_once(
    receive: Receive, analyse: Analyse, lab: Person, at: datetime
) -> None:
    batch, session = receive(), uuid4()
    analyse(batch)
    found = RawBatch.objects.get(pk=batch.pk)
    given = {"session": session, "at": at, "batch": found, "file": (SENT,), "note": "дата ТТН"}
    assert replace_certificate(lab, **given) == replace_certificate(lab, **given)  # type: ignore[arg-type]
    assert Document.objects.get().edition == 1
