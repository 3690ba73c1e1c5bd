"""What the lists of the office show around the lots of `plant_rows`: what mixes took, what lies on
pallets, loads, tasks, histories of states, analyses, deviations, holds, documents, photos, notices;
the last day still goes on. Start at `furnish`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone

from crm.catalogue.models import Freezer
from crm.documents.models import Document
from crm.ledger.models import Lot, StateHistory
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.production.models import FreezerLoad, Mix, Pallet, RawBatch
from crm.quality.models import Deviation, Hold, Measurement, MixAnalysis
from crm.work.models import File, Task
from tests.bench.bulk import before, bulk, copies, one_of, run, unique
from tests.bench.plant_rows import A_DAY, AT, LOT_S

SHARE_OF_SHOCK = 10  # one pallet of so many stood in a shocker
STAGES = {  # what a record goes through: the stations of domain 5, by how long after the last one
    "raw_batch": ("new", "received", "released"),
    "blank": ("planned", "weighed", "unpacked", "defrosting", "ready"),
    "mix": ("queued", "unpacking", "pressing", "mixing", "in_lab", "in_plate_freezer", "finished"),
    "pallet": ("open", "palletizing", "in_stock"),
}
TASKS = {"raw_batch": 2, "blank": 2, "mix": 5, "pallet": 1}  # of each record
ROLES = ("technologist", "lab", "unpacker_line_1", "mixer_line_1", "storekeeper")


def furnish(say: Callable[[str], None] = print) -> None:
    """Put the rest of the plant around generated lots."""
    tables = ("production_%", "work_task%", "work_file%", "quality_%", "documents_%", "outbox_%")
    last = Lot.objects.aggregate(last=Max("born"))["last"]
    with bulk("ledger_statehistory", *tables):
        for part in (_contents, _loads, _histories, _tasks, _quality, _papers, _notices, _now):
            part(last)
            say(f"made {part.__name__.strip('_')}")
    run("ANALYZE")


def _born(table: str) -> str:
    """Give the rows of a table with their lots that are there. Without statistics SQLite would look
    through all rows for each lot: a cross join is read as it is written."""
    return f"{table} r CROSS JOIN ledger_lot l WHERE l.id = r.lot_id AND l.born IS NOT NULL"


def _made(last: int) -> str:
    return before(AT, f"({last} - l.id) * {LOT_S}")


def _contents(_last: int) -> None:
    """What went into blanks, mixes and pallets is what the genealogy says."""
    edges = "FROM ledger_edge e JOIN ledger_lot c ON c.id = e.child_id AND c.kind = "
    line = "ROW_NUMBER() OVER (PARTITION BY r.id ORDER BY e.parent_id)"
    run(
        "INSERT INTO production_blankitem (blank_id, position, batch_id, kg_planned, kg_actual) "
        f"SELECT r.id, {line}, b.id, e.grams, e.grams {edges}'blank' JOIN production_blank r "
        "ON r.lot_id = c.id JOIN production_rawbatch b ON b.lot_id = e.parent_id"
    )
    run(
        "INSERT INTO production_mixuse (mix_id, lot_id, kg, event_id) SELECT r.id, e.parent_id, "
        f"e.grams, e.event_id {edges}'mix' JOIN production_mix r ON r.lot_id = c.id"
    )
    run(
        "INSERT INTO production_orderitem (order_id, position, lot_id, kg_planned, kg_released) "
        "SELECT r.order_id, ROW_NUMBER() OVER (PARTITION BY r.order_id ORDER BY u.lot_id), "
        "u.lot_id, SUM(u.kg), 0 FROM production_mixuse u JOIN production_mix r ON r.id = u.mix_id "
        "GROUP BY r.order_id, u.lot_id"
    )
    run(
        "INSERT INTO production_palletitem (pallet_id, lot_id, kg, estimated) SELECT r.id, "
        f"e.parent_id, e.grams, FALSE {edges}'pallet' JOIN production_pallet r ON r.lot_id = c.id"
    )


def _loads(last: int) -> None:
    """Every mix stood in a plate freezer, one pallet of ten in a shocker."""
    for kind, column, table, share in (
        ("plate", "mix_id", "production_mix", 1),
        ("shock", "pallet_id", "production_pallet", SHARE_OF_SHOCK),
    ):
        freezers = list(Freezer.objects.filter(kind=kind).values_list("pk", flat=True))
        model = Mix if column == "mix_id" else Pallet
        load = FreezerLoad(
            freezer_id=freezers[0], slot=1, state="unloaded", core_temp_out=Decimal(-18),
            loaded_at=AT, due_at=AT, unloaded_at=AT, created_at=AT,
        )  # fmt: skip
        setattr(load, column, model._default_manager.earliest("pk").pk)
        made = _made(last)
        copies(
            load,
            f"{_born(table)} AND l.id % {share} = 0 ORDER BY l.id",
            **{
                column: "r.id", "freezer_id": one_of("l.id", freezers), "created_at": made,
                "loaded_at": made, "due_at": made,
                "unloaded_at": before(AT, f"({last} - l.id) * {LOT_S} - 600"),
            },
        )  # fmt: skip


def _histories(last: int) -> None:
    """Every state that a record had, hours apart."""
    for record, stages in STAGES.items():
        for at, (one, other) in enumerate(pairwise(stages)):
            template = StateHistory(
                record=record, record_id="0", from_state=one, to_state=other, transition=other,
                by=Person.objects.earliest("pk"), at=AT,
            )  # fmt: skip
            left = (len(stages) - at) * 3600
            copies(
                template,
                f"{_born('production_' + record.replace('_', ''))} ORDER BY l.id",
                record_id="CAST(r.id AS VARCHAR(40))",
                at=before(AT, f"({last} - l.id) * {LOT_S} + {left}"),
            )


def _tasks(last: int) -> None:
    """What people were asked to do about each record, and did."""
    for record, count in TASKS.items():
        for at in range(count):
            task = Task(
                kind=f"{record}_{at}", title=f"Сделать шаг {at + 1}", subject=record,
                subject_id="0", role=ROLES[at], person=Person.objects.earliest("pk"),
                state="done", created_at=AT, taken_at=AT, ended_at=AT, breach_at=AT,
            )  # fmt: skip
            made = _made(last)
            copies(
                task,
                f"{_born('production_' + record.replace('_', ''))} ORDER BY l.id",
                subject_id="CAST(r.id AS VARCHAR(40))",
                **dict.fromkeys(("created_at", "taken_at", "ended_at", "breach_at"), made),
            )


def _quality(last: int) -> None:
    """A temperature of each batch, an analysis of each mix, now and then a deviation or a hold."""
    person, made = Person.objects.earliest("pk"), _made(last)
    lot = Lot.objects.filter(born=1).get()
    measured = Measurement(
        lot=lot, name="body_temp", value=Decimal(-18), unit="°C", limit="receiving_temperature",
        limit_version=1, limit_source="ТУ", within=True, at=timezone.now(), by=person,
    )  # fmt: skip
    batches = "ledger_lot l WHERE l.kind = 'raw_batch' AND l.born IS NOT NULL"
    copies(measured, batches, id=unique(), lot_id="l.id", at=made)
    analysis = MixAnalysis(
        attempt=9, session=uuid4(), verdict="pass", by=person, at=AT, fat=Decimal(17),
        protein=Decimal(13), moisture=Decimal(67), mix=Mix.objects.earliest("pk"),
    )  # fmt: skip
    mixes = _born("production_mix")
    copies(analysis, mixes, attempt="1", session=unique(), mix_id="r.id", at=made)
    deviation = Deviation(
        id=uuid4(), number="Д-0", kind="body_temp", session=uuid4(), flow="raw_intake",
        step="body_temp", chat_id=1, asked_by=person, asked_at=AT, label="Температура кузова",
        value_text="−5,5 °C", value=Decimal("-5.5"), unit="°C", limit="receiving_temperature",
        limit_version=1, state="approved", decided_by=person, decided_at=AT, lot=lot,
    )  # fmt: skip
    copies(
        deviation, f"{batches} AND l.id % 3 = 0", id=unique(), number="'Д-' || l.id",
        lot_id="l.id", asked_at=made, decided_at=made,
    )  # fmt: skip
    hold = Hold(
        lot=lot, kind="manual", reason="нужна проверка", placed_by=person, placed_at=AT,
        state="released", released_by=person, released_at=AT, release_reason="проверено", case="0",
    )  # fmt: skip
    copies(
        hold, "ledger_lot l WHERE l.id % 100 = 0 AND l.born IS NOT NULL", lot_id="l.id",
        placed_at=made, released_at=made,
    )  # fmt: skip


def _papers(last: int) -> None:
    """An act and four photos of each delivery."""
    made, sha = _made(last), "0" * 64
    batches = "ledger_lot l WHERE l.kind = 'raw_batch' AND l.born IS NOT NULL ORDER BY l.id"
    document = Document(
        kind="incoming_control", title="Акт", source_key="0", key="0", name="Акт.docx",
        mime="application/octet-stream", size=20_000, sha256=sha, state="issued", created_at=AT,
    )  # fmt: skip
    copies(
        document, batches, source_key="'act:' || l.id", key="'act/' || l.id", lot_id="l.id",
        created_at=made,
    )  # fmt: skip
    for number in range(4):
        photo = File(
            kind="body_temp", key=f"photo/{number}", sha256=sha, size=100_000, mime="image/jpeg",
            name="photo.jpg", taken_at=AT,
        )  # fmt: skip
        key = f"'photo/{number}/' || l.id"
        copies(photo, batches, key=key, lot_id="l.id", taken_at=made)


def _notices(last: int) -> None:
    """What people were told: twice of each mix."""
    for number in range(2):
        notice = Notice(
            id=uuid4(), kind="text", event=f"mix:{number}", person=Person.objects.earliest("pk"),
            state="sent", created_at=AT, retry_from=AT, next_try_at=AT, sent_at=AT,
        )  # fmt: skip
        made = _made(last)
        copies(
            notice,
            "ledger_lot l WHERE l.kind = 'mix' AND l.born IS NOT NULL",
            id=unique(),
            event=f"'mix:{number}:' || l.id",
            **dict.fromkeys(("created_at", "retry_from", "next_try_at", "sent_at"), made),
        )


def _now(last: int) -> None:
    """Let the last day go on: places are taken, tasks wait, some of it is held or late."""
    living = f"(SELECT r.id FROM production_mix r WHERE r.lot_id > {last - A_DAY})"
    freezers = Freezer.objects.filter(kind="plate").count()
    held = f"(SELECT MAX(id) FROM production_freezerload WHERE mix_id IN {living} "
    run(
        "UPDATE production_freezerload SET state = 'freezing', unloaded_at = NULL, "
        f"core_temp_out = NULL WHERE id IN {held}GROUP BY freezer_id, slot LIMIT {freezers})"
    )
    run(
        "UPDATE work_task SET state = 'open', ended_at = NULL, taken_at = NULL, person_id = NULL "
        f"WHERE subject = 'mix' AND kind = 'mix_4' AND CAST(subject_id AS INTEGER) IN {living}"
    )
    stocked = f"(SELECT p.lot_id FROM production_pallet p WHERE p.lot_id > {last - A_DAY})"
    run(
        "UPDATE quality_hold SET state = 'placed', released_at = NULL, released_by_id = NULL, "
        f"release_reason = '' WHERE lot_id IN {stocked}"
    )
    batch = RawBatch.objects.latest("pk")
    Deviation.objects.filter(lot=batch.lot).update(state="open", decided_by=None, decided_at=None)
