"""«Вернуть на этап» (domain 11.4): a blank, a mix, the analysis of a batch, each one stage back."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.documents.models import Document
from crm.ledger.models import Balance, Event, Reservation, StateHistory
from crm.ledger.operations.move_state import move_state
from crm.ledger.verify import verify
from crm.plant.talker import Talker
from crm.production.models import Blank, Mix, Place, RawBatch
from crm.quality.models import Hold, MixAnalysis, RawAnalysis
from crm.work.models import Task
from engine.errors import Refused
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR
from tests.crm.conftest import Analyse
from tests.crm.production.orders import fire, line, new_order, planned
from tests.crm.production.pallets import now, who
from tests.crm.production.stock import batch_in_stock

pytestmark = pytest.mark.django_db
kg = Decimal
WHY = "нажали не то"


@pytest.fixture
def batch(talker: Talker) -> RawBatch:
    return batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"))


def back(record: Blank | Mix | RawBatch) -> str:
    """Step a record back and return where it stands."""
    fire(record, "step_back", WHY, who="production_office")
    record.refresh_from_db()
    return record.state


def blank_of(talker: Talker) -> Blank:
    """Plan a blank of 1 000 kg and weigh it as planned: it stands in unpacking."""
    talker.say("technologist", "/start", "[Новая заготовка]", "[Каркас]", "[2211/3…]", "1000")
    talker.say("technologist", "[Подтвердить]", "[Сегодня]", "[Сохранить]")
    talker.say("storekeeper", "[Ввести фактический вес сырья]", "1000", "[Сохранить]")
    return Blank.objects.latest("id")


def stored(blank: Blank) -> Decimal | None:
    row = Balance.objects.filter(lot=blank.lot, account="blank_store").first()
    return row.physical if row else None


def books_are_true() -> bool:
    return not [found for found in verify() if found.count]


def test_a_weighed_blank_is_planned_again_with_its_postings_reversed(
    talker: Talker, batch: RawBatch
) -> None:
    blank = blank_of(talker)
    Blank.objects.filter(pk=blank.pk).update(state="weighed")
    Place.objects.all().delete()
    assert back(blank) == "weighing"  # the place is free: the system asks to weigh it at once
    assert stored(blank) == 0
    assert Balance.objects.get(lot=batch.lot, account="raw_store").physical == kg(2000)
    assert [row.kg for row in Reservation.objects.filter(kg__gt=0)] == [kg(1000)]
    assert Event.objects.get(reverses__isnull=False).reason == WHY
    assert Task.objects.filter(kind="weigh_blank", state="open").count() == 1
    assert books_are_true()


def test_a_blank_walks_back_through_the_defroster_and_is_defrosted_anew(
    talker: Talker, batch: RawBatch
) -> None:
    blank = blank_of(talker)
    talker.say("unpacker_blanks", "[Заготовка растарена]")
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    assert back(Blank.objects.get()) == "unpacked"
    assert not Place.objects.filter(resource="defroster").exists()
    talker.after(minutes=1)
    talker.say("defrost_operator", "[Включить дефростер]", "[Включить дефростер]")
    talker.after(minutes=600)
    talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    talker.say("defrost_operator", "[Завершить дефростацию…]", "[Завершить работу]")
    talker.say("defrost_operator", "950", "-2,5", "[Сохранить]")
    blank.refresh_from_db()
    assert (blank.state, stored(blank)) == ("ready", kg(950))
    assert back(blank) == "defrosted"
    assert (stored(blank), blank.weight_after_defrost) == (kg(1000), None)
    assert back(blank) == "defrosting"
    assert Place.objects.filter(resource="defroster", record="blank").exists()
    talker.after(minutes=60)
    talker.say("defrost_operator", "[Выключить дефростер]", "[Выключить дефростер]")
    run = blank.defrost_runs.get()
    assert run.stopped is not None
    assert (run.stopped - run.started).total_seconds() == 660 * 60
    assert books_are_true()


@pytest.mark.parametrize("state", ["defrosted", "ready"])
def test_a_blank_that_a_plan_keeps_is_not_taken_back(
    talker: Talker, batch: RawBatch, state: str
) -> None:
    blank = blank_of(talker)
    Blank.objects.filter(pk=blank.pk).update(state=state)
    Place.objects.all().delete()
    new = new_order([line("100", Blank.objects.get())], 1, recipe=12)
    fire(new, "plan")
    with pytest.raises(Refused, match="Из заготовки уже что-то взято"):
        back(blank)


@pytest.mark.parametrize("state", ["defrosted", "ready"])
def test_a_used_up_blank_of_which_something_comes_back_is_as_far_as_it_was(
    talker: Talker, batch: RawBatch, state: str
) -> None:
    blank = blank_of(talker)
    Blank.objects.filter(pk=blank.pk).update(state=state)
    Place.objects.all().delete()
    blank.refresh_from_db()
    move_state(blank, "deplete", sources=[state], to="depleted", by=None, at=now())
    context = Context(SYSTEM_ACTOR, "", now())
    DjangoOperations(program()).fire(row_of(blank), "reopen", context, "", {})
    blank.refresh_from_db()
    assert blank.state == state
    assert Task.objects.filter(kind="defrost", state="open").exists() == (state == "defrosted")


def test_a_blank_that_a_mix_took_to_its_end_is_used_up_and_there_again_when_the_mix_comes_back(
    talker: Talker, batch: RawBatch
) -> None:
    blank = blank_of(talker)
    Blank.objects.filter(pk=blank.pk).update(state="ready")
    Place.objects.all().delete()
    whole = stored(blank)
    assert whole
    mix = planned([line(whole, Blank.objects.get())], 1, recipe=12).mixes.get()
    fire(mix, "discharge", who="mixer_line_1")
    blank.refresh_from_db()
    assert (blank.state, stored(blank)) == ("depleted", kg(0))
    fire(mix, "undo_discharge", WHY, who="production_office")
    blank.refresh_from_db()
    assert (blank.state, stored(blank)) == ("ready", whole)


def a_mix(talker: Talker, state: str) -> Mix:
    """Return the only mix of an order on line 1, brought to a state."""
    stock = batch_in_stock("carcass", kg(900), ("17.00", "13.00", "67.00"), "chilled")
    order = new_order([line("900", stock)], 1, recipe=12)
    fire(order, "plan")
    mix = order.mixes.get()
    steps = (
        ("finish_unpacking", "unpacker_line_1"),
        ("finish_press", "press_line_1"),
        ("send_sample", "mixer_line_1"),
    )
    for name, role in steps:
        if state == mix.state:
            break
        fire(mix, name, who=role)
        mix.refresh_from_db()
    return mix


@pytest.mark.parametrize(
    ("stands", "comes_to", "kind"),
    [("pressing", "pressing", "press_mix"), ("mixing", "mixing", "sample_mix"),
     ("in_lab", "mixing", "sample_mix")],
)  # fmt: skip
def test_a_mix_steps_back_and_goes_on_by_itself_where_the_next_place_is_free(
    talker: Talker, stands: str, comes_to: str, kind: str
) -> None:
    mix = a_mix(talker, stands)
    assert mix.state == stands
    assert back(mix) == comes_to
    assert Task.objects.filter(kind=kind, state="open", subject_id=str(mix.pk)).count() == 1
    assert Task.objects.filter(state="open", subject="mix").count() == 1
    assert "step_back" in mix_history(mix)


def mix_history(mix: Mix) -> list[str]:
    rows = StateHistory.objects.filter(record="mix", record_id=str(mix.pk))
    return list(rows.order_by("pk").values_list("transition", flat=True))


def test_an_unpacked_mix_is_unpacked_again_and_only_when_the_station_is_free(
    talker: Talker,
) -> None:
    mix = a_mix(talker, "unpacking")
    Mix.objects.filter(pk=mix.pk).update(state="unpacked")
    Place.objects.filter(resource="unpack_line_1").update(record_id="0", title="другой замес")
    mix.refresh_from_db()
    with pytest.raises(Refused, match="Растарка линии 1"):
        back(mix)
    Place.objects.filter(resource="unpack_line_1").delete()
    assert back(mix) == "unpacking"


def test_a_mix_that_passed_is_analysed_again_and_the_old_values_do_not_count(
    talker: Talker,
) -> None:
    mix = a_mix(talker, "in_lab")
    MixAnalysis.objects.create(
        mix=mix, attempt=1, session=uuid4(), verdict="pass", by=who("lab"), at=now(),
        fat=kg(18), protein=kg(13), moisture=kg(66),
    )  # fmt: skip
    fire(mix, "analysis_pass", who="lab")
    mix.refresh_from_db()
    assert mix.state == "ready_to_discharge"
    assert back(mix) == "in_lab"
    assert mix.quality == "untested"
    assert MixAnalysis.objects.get().voided_at is not None
    assert Task.objects.filter(kind="mix_analysis", state="open").count() == 1
    assert not Task.objects.filter(kind="load_plate", state="open").exists()


def quarantined(analyse: Analyse, **failed: str) -> RawBatch:
    """Return a batch that failed its only analysis."""
    batch = batch_in_stock("carcass", kg(500), None)
    RawBatch.objects.filter(pk=batch.pk).update(state="received")
    return failing(analyse, batch, **failed)


def failing(analyse: Analyse, batch: RawBatch, **failed: str) -> RawBatch:
    analyse(batch, failed=True, **failed)
    fire(RawBatch.objects.get(pk=batch.pk), "analysis_fail", who="lab")
    return RawBatch.objects.get(pk=batch.pk)


def test_a_failed_analysis_taken_back_leaves_a_batch_that_waits_for_one(
    talker: Talker, analyse: Analyse
) -> None:
    batch = quarantined(analyse, smell="bad")
    Document.objects.create(
        kind="incoming_control", source_key="k", key="document/1", name="a.docx", mime="x",
        size=1, sha256="0" * 64, state="issued", lot=batch.lot, created_at=now(),
    )  # fmt: skip
    assert back(batch) == "received"
    assert RawAnalysis.objects.get().voided_at is not None
    assert Hold.objects.get().released_at is not None
    assert Document.objects.get().state == "void"
    assert Task.objects.filter(kind="analyse_raw", state="open").count() == 1
    with pytest.raises(Refused):
        back(batch)


def test_the_analysis_before_counts_again_with_its_hold(talker: Talker, analyse: Analyse) -> None:
    batch = quarantined(analyse, smell="bad")
    analyse(batch, fat=kg(18))
    fire(batch, "analysis_pass", who="lab")
    batch = RawBatch.objects.get(pk=batch.pk)
    assert (batch.state, batch.fat) == ("released", kg(18))
    assert not Hold.objects.filter(released_at=None).exists()
    assert back(batch) == "quarantine"
    assert RawBatch.objects.get(pk=batch.pk).fat == kg(17)
    assert Hold.objects.get(released_at=None).kind == "lab"


def test_a_batch_that_passed_before_is_released_again(talker: Talker, analyse: Analyse) -> None:
    batch = batch_in_stock("carcass", kg(500))
    batch = failing(analyse, batch, smell="bad")
    assert batch.state == "quarantine"
    assert back(batch) == "released"
    assert not Hold.objects.filter(released_at=None).exists()


def test_an_antibiotic_is_taken_back_by_two(talker: Talker, analyse: Analyse) -> None:
    batch = quarantined(analyse, tetracyclines="positive")
    assert back(batch) == "quarantine"
    assert Task.objects.get(kind="countersign").roles == ["quality_manager"]
    assert Hold.objects.get().released_at is None


def test_an_analysis_stands_once_something_was_made_of_the_batch(
    talker: Talker, batch: RawBatch
) -> None:
    blank_of(talker)
    with pytest.raises(Refused, match="Из партии уже что-то взято"):
        back(batch)
