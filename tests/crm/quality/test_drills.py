"""Mock recalls on rows, by talking (domain 4.45, 14.2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import docx
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.bridge.operations import DjangoOperations
from crm.bridge.papers import PaperMaker
from crm.bridge.people import actor_of
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import Freezer
from crm.documents.models import Document
from crm.ledger.models import Balance, Event, StateHistory
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.plant.clock import PlantClock
from crm.plant.talker import Talker
from crm.production.models import FreezerLoad, Mix
from crm.quality.facts.drill_took import drill_took
from crm.quality.facts.is_drill_due import is_drill_due
from crm.quality.models import Hold, RecallDrill
from crm.quality.operations.start_drill import start_drill
from engine.errors import Refused
from engine.files.local import LocalFiles
from engine.model.effects import Paper
from engine.model.values import show_number
from engine.ports import Context
from engine.talk.papers import MemoryFiles
from tests.crm.production.orders import line, planned
from tests.crm.production.pallets import out, stocked
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal


def who(role: str) -> Person:
    return Person.objects.holding(role).earliest("id")


@pytest.fixture
def talker(clock: PlantClock, tmp_path: Path) -> Talker:
    """The phones of the plant, with a store of this test for what is made."""
    return Talker(clock, files=LocalFiles(tmp_path, "secret"))


def printed(drill: RecallDrill) -> str:
    """Print the protocol of a drill anew and return its words, a paragraph a line."""
    asker = str(who("technologist").pk)
    wanted = Paper(str(uuid4()), "recall_protocol", "recall_drill", str(drill.pk), asker)
    paper = docx.Document(BytesIO(PaperMaker(program(), MemoryFiles())(wanted)[1]))
    cells = [cell for table in paper.tables for row in table.rows for cell in row.cells]
    header = paper.sections[0].header
    lines = [*paper.paragraphs, *header.paragraphs, *(p for cell in cells for p in cell.paragraphs)]
    return "\n".join(line.text for line in lines)


def begun(talker: Talker) -> RecallDrill:
    batch_in_stock("carcass", kg(900))
    talker.say("quality_manager", "/start", "[Учебный отзыв]", "[По номеру]", "2211/3")
    talker.say("quality_manager", "[Только родословная]", "[Начать отзыв]")
    return RecallDrill.objects.get()


def test_who_concluded_a_drill_signs_it_by_no_second_account(talker: Talker) -> None:
    drill = begun(talker)
    talker.say("technologist", "[Приступить]")
    talker.deliver()
    talker.say("quality_manager", "[Сделать вывод]", "всё найдено", "[На подпись]")
    drill.refresh_from_db()
    double = save_person(
        who("quality_manager"), person=None, full_name="Двойник", roles=["technologist"]
    )
    context = Context(actor=actor_of(double), session=str(uuid4()), at=timezone.localtime())
    with pytest.raises(Refused, match="Нужен другой человек"):
        DjangoOperations(program()).fire(row_of(drill), "sign", context)
    talker.deliver()
    talker.say("technologist", "[✅ Подписать]")
    drill.refresh_from_db()
    assert drill.signed_by == who("technologist")


def test_a_drill_is_begun_concluded_and_signed_by_another_with_its_clock(talker: Talker) -> None:
    events = Event.objects.count() + 1  # the delivery of the batch itself
    drill = begun(talker)
    assert drill.state == "frozen"
    assert "Затронуто лотов: 1\nНа складах 900,000 кг" in drill.result
    assert "Объяснено: сырьё 100,00 %" in drill.result
    assert {*drill.clock} == {"identified", "customers", "balanced"}
    talker.after(minutes=65)
    talker.say("technologist", "[Приступить]")
    drill.refresh_from_db()
    assert drill.state == "acting"
    talker.deliver()
    talker.say("quality_manager", "[Сделать вывод]", "всё найдено", "[На подпись]")
    talker.deliver()
    talker.say("technologist", "[✅ Подписать]")
    talker.deliver()
    drill.refresh_from_db()
    assert (drill.state, drill.signed_by) == ("closed", who("technologist"))
    assert drill.conclusion == "всё найдено"
    assert drill_took(drill) == "1 ч 05 мин из 4 ч"
    assert talker.phone("quality_manager").sees("Учебный отзыв подписан: …Заняло 1 ч 05 мин из 4 ч")
    assert (Event.objects.count(), Hold.objects.count()) == (events, 0)
    protocol = Document.objects.get(kind="recall_protocol")
    assert (protocol.state, protocol.session) == ("issued", drill.session)
    said = printed(drill)
    for told in ("На складах 900,000 кг", "всё найдено", "1 ч 05 мин из 4 ч"):
        assert told in said
    for signer in (drill.concluded_by, drill.signed_by):
        assert f"\n{signer}\n" in said
    assert "ЧЕРНОВИК" not in said
    assert talker.phone("technologist").sees("📎 Протокол учебного отзыва …")


def test_what_stands_in_a_protocol_was_found_at_the_start_and_nothing_later_changes_it(
    talker: Talker,
) -> None:
    drill = begun(talker)
    Balance.objects.filter(lot=drill.lot).update(physical=0)
    said = printed(drill)
    assert "На складах 900,000 кг" in said
    assert "ЧЕРНОВИК" in said


def test_who_concluded_a_drill_does_not_sign_it(talker: Talker) -> None:
    drill = begun(talker)
    talker.deliver()
    talker.say("quality_manager", "[Приступить]", "[Сделать вывод]", "всё найдено", "[На подпись]")
    talker.deliver()
    talker.say("quality_manager", "[✅ Подписать]")
    drill.refresh_from_db()
    assert drill.state == "reconciled"
    with pytest.raises(IntegrityError), transaction.atomic():
        RecallDrill.objects.update(signed_by=drill.concluded_by)


def test_a_drill_that_nobody_concludes_is_escalated_after_four_hours(talker: Talker) -> None:
    begun(talker)
    talker.after(minutes=4 * 60 + 1)
    assert talker.phone("shift_lead").sees("⏰ Ждёт 240 мин…Учебный отзыв…")
    drill = RecallDrill.objects.get()
    assert drill_took(drill) == "4 ч 01 мин, дольше 4 ч"


def test_a_drill_that_nobody_signs_is_told_of_four_hours_after_its_start(talker: Talker) -> None:
    begun(talker)
    talker.after(minutes=3 * 60 + 30)
    talker.say("quality_manager", "[Приступить]", "[Сделать вывод]", "всё найдено", "[На подпись]")
    talker.after(minutes=29)
    assert not talker.phone("shift_lead").sees("…не подписан…")
    talker.after(minutes=2)
    assert talker.phone("shift_lead").sees("⏰ Учебный отзыв не подписан за 4 ч: …всё найдено…")


def test_a_drill_that_is_acted_on_and_not_concluded_is_told_of_four_hours_after_its_start(
    talker: Talker,
) -> None:
    begun(talker)
    talker.after(minutes=3 * 60 + 30)
    talker.say("quality_manager", "[Приступить]")
    talker.after(minutes=29)
    assert not talker.phone("shift_lead").sees("…нет вывода…")
    talker.after(minutes=2)
    assert talker.phone("shift_lead").sees("⏰ По учебному отзыву нет вывода за 4 ч: …")


def test_a_drill_goes_through_the_five_states_of_a_recall_case_in_their_order(
    talker: Talker,
) -> None:
    drill = begun(talker)
    talker.deliver()
    talker.say("quality_manager", "[Приступить]", "[Сделать вывод]", "нашли", "[На подпись]")
    talker.deliver()
    talker.say("technologist", "[✅ Подписать]")
    steps = StateHistory.objects.filter(record="recall_drill", record_id=str(drill.pk))
    assert list(steps.order_by("pk").values_list("to_state", flat=True)) == [
        "drafted", "frozen", "acting", "reconciled", "closed"
    ]  # fmt: skip


def test_without_a_number_a_finished_pallet_is_drawn(talker: Talker) -> None:
    manager, now = who("quality_manager"), timezone.localtime()
    with pytest.raises(Refused, match="Готовых паллетов ещё нет"):
        start_drill(manager, session=uuid4(), at=now)
    pallet = stocked()
    session = uuid4()
    first, again = (start_drill(manager, session=session, at=now) for _ in range(2))
    assert first == again
    assert first.lot == pallet.lot


def out_on(line_number: int) -> Mix:
    """Return a mix that left the mixer of a line."""
    batch = batch_in_stock("carcass", kg(1000), condition="chilled")
    order = planned([line("1000", batch)], 1)
    order.mixes.update(line=line_number)
    return out(order.mixes.get())


def test_a_wider_scope_adds_what_shared_a_line_or_a_freezer_that_day(talker: Talker) -> None:
    day_before, now = out_on(1), timezone.localtime()
    before = now - timedelta(hours=5)  # 06:30: of the production day before
    Mix.objects.filter(pk=day_before.pk).update(produced_at=before)
    first, same_line, elsewhere, same_freezer = (out_on(number) for number in (1, 1, 2, 2))
    for mix, number, at in ((first, 1, now), (same_freezer, 1, now), (elsewhere, 2, now)):
        freezer = Freezer.objects.get(kind="plate", number=number)
        FreezerLoad.objects.create(
            freezer=freezer, slot=1, mix=mix, loaded_at=at, unloaded_at=at, created_at=at,
            state="unloaded", due_at=at,
        )  # fmt: skip
    pallet = stocked(8, mix=same_line)
    told = []
    for scope in ("genealogy", "carry_over", "line", "equipment"):
        lot = first.uses.get().lot
        drill = start_drill(who("quality_manager"), session=uuid4(), at=now, lot=lot, scope=scope)
        told.append(drill.result.splitlines()[5:])
    where = f"на складах {show_number(pallet.net, 3)} кг, отгружено 0,000 кг"
    assert told == [
        [],
        [f"Ещё и перенос по линии: лотов 2, {where}"],
        [f"Ещё и та же линия в тот же день: лотов 2, {where}"],
        [f"Ещё и то же оборудование в тот же день: лотов 3, {where}"],
    ]


def test_a_drill_is_due_half_a_year_after_the_last_and_then_weekly(talker: Talker) -> None:
    assert not is_drill_due()
    drill = begun(talker)
    ago = timezone.now() - timedelta(days=182)
    assert not is_drill_due()
    RecallDrill.objects.filter(pk=drill.pk).update(
        state="closed", signed_at=ago, signed_by=who("technologist")
    )
    due = []
    for days in (-1, 0, 1, 7):
        RecallDrill.objects.update(signed_at=ago - timedelta(days=days))
        due.append(is_drill_due())
    assert due == [False, True, False, True]
