"""Versions of the forms on rows: kept when they run, compiled again when a draft needs one, named
in the books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Paper

from crm.bridge.limits import without_values
from crm.bridge.offered import alike
from crm.bridge.operations import DjangoOperations
from crm.bridge.papers import PaperMaker
from crm.bridge.program import Forms
from crm.bridge.records import row_of
from crm.bridge.versions import Versions, keep, latest, read_forms
from crm.bridge.vocabulary import implemented
from crm.care.doctor import CHECKS
from crm.configuration import settings
from crm.ledger.models import Event, StateHistory
from crm.people.models import AccessRequest, Person
from crm.production.models import RawBatch
from crm.production.operations.take_delivery import take_delivery
from crm.quality.limits import in_force
from crm.quality.operations.open_check import open_check
from crm.work.models import Version, VersionFile
from engine.errors import EngineError
from engine.model import effects
from engine.model.conversation import Actor
from engine.model.vocabulary import OperationForm
from engine.ports import Context
from engine.talk.papers import MemoryFiles
from tests.crm.bridge.untouched import read, untouched
from tests.engine.rehearsal import copied
from tests.offered import program

INTAKE, ACCESS = "receiving/raw_intake.yaml", "lifecycles/access_request.yaml"


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped flows that the settings name."""
    root = copied(tmp_path)
    monkeypatch.setattr(settings(), "flows_dir", root)
    return root


def changed(root: Path, old: str, new: str, name: str = INTAKE) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")


def test_a_version_that_ran_is_kept_with_its_texts_and_compiled_again(
    db: None, flows: Path
) -> None:
    forms = untouched()
    first = forms.start().program
    assert first is not None
    changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной")
    second = read_forms(flows).program
    assert second is not None
    forms.replace(second)
    for name in flows.rglob("*.yaml"):
        name.unlink()
    again = Versions().beside(forms.present(), first.digest)
    assert again is not None
    assert again.digest == first.digest
    assert again.flows["raw_intake"].texts.keys() == first.flows["raw_intake"].texts.keys()
    kept = Version.objects.get()
    assert (kept.pk, bool(kept.saved_by)) == (first.digest, True)


def test_a_plant_that_is_upgraded_and_not_seeded_has_the_limits_that_the_forms_bring(
    db: None, at: datetime
) -> None:
    asked: dict[str, Any] = {"at": at, "by_limit": "metal_check", "entry": "mark", "minutes": 30}
    with pytest.raises(EngineError, match=r"cli\.py seed"):
        open_check(None, **asked)
    forms, _rows = CHECKS["Формы"]
    (said,) = [one for one in forms(settings()) if "metal_check" in one.words]
    assert (said.remedy, said.well) == ("cli.py seed", False)
    for _ in range(2):
        assert untouched().start().program is not None
    assert without_values(program()) == []
    assert [one.most for one in in_force("metal_check", at)] == [0]
    assert open_check(None, **asked).title.startswith("Металлодетектор")


def test_a_version_that_nobody_kept_is_none(db: None) -> None:
    assert Versions().beside(program(), "0" * 64) is None


def test_a_program_knows_the_ones_before_it(db: None, flows: Path) -> None:
    forms = untouched()
    first = forms.start().program
    assert first is not None
    changed(flows, "- number: body_temp\n", "- number: truck_temp\n")
    changed(flows, "body_temp: body_temp\n", "body_temp: truck_temp\n")
    second = read_forms(flows).program
    assert second is not None
    forms.replace(second)
    under = forms.present().under(first.digest, "raw_intake")
    assert "body_temp" in under.flows["raw_intake"].index
    assert forms.present().under("0" * 64, "raw_intake") is forms.present()


def test_a_bot_over_a_broken_folder_starts_under_the_version_that_ran_last(
    db: None, flows: Path
) -> None:
    sound = untouched().start().program
    assert sound is not None
    changed(flows, "condition == frozen", "condition == frozn", "limits.yaml")
    forms = Forms()
    started = forms.start()
    assert started.findings
    assert forms.present().digest == sound.digest


def test_a_bot_over_a_broken_folder_that_never_ran_does_not_start(db: None, flows: Path) -> None:
    changed(flows, "condition == frozen", "condition == frozn", "limits.yaml")
    with pytest.raises(EngineError, match="frozn"):
        Forms().start()


def test_every_other_process_takes_over_what_is_saved_and_leaves_what_is_broken(
    db: None, flows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bridge.program.LOOK_S", 0.0)
    forms = untouched()
    first = forms.present().digest
    changed(flows, "condition == frozen", "condition == frozn", "limits.yaml")
    assert forms.present().digest == first
    changed(flows, "condition == frozn", "condition == frozen", "limits.yaml")
    changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной")
    assert forms.present().digest != first


def test_every_other_process_runs_on_while_what_is_saved_would_strand_records(
    db: None, flows: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bridge.program.LOOK_S", 0.0)
    forms = untouched()
    first = forms.present()
    monkeypatch.setattr("crm.bridge.program.FORMS", forms)
    check, _rows = CHECKS["Формы"]
    stands = AccessRequest.objects.create(
        telegram_id=5, said="Кто-то", state="declined", asked_at=at, decided_at=at
    )
    changed(flows, "declined", "refused", ACCESS)
    assert forms.present().digest == first.digest
    told = [one for one in check(settings()) if "F801" in one.words]
    assert [one.well for one in told] == [False]
    assert "flows/lifecycles/access_request.yaml:1:1" in told[0].words
    assert "«Запрос доступа» стоят в состоянии «Отклонён» (declined)" in told[0].words
    assert "их 1" in told[0].remedy
    stands.delete()
    assert forms.present().digest == first.digest
    monkeypatch.setattr("crm.bridge.program.AGAIN_S", 0.0)
    assert forms.present().digest != first.digest
    assert not [one for one in check(settings()) if "F801" in one.words]


def redrawn(root: Path, old: str, new: str) -> None:
    """Change a word of the layout of «Акт входного контроля»."""
    path = root.parent / "templates" / "incoming_control" / "layout.docx"
    paper = Paper(str(path))
    (line,) = (run for one in paper.paragraphs for run in one.runs if old in run.text)
    line.text = line.text.replace(old, new)
    paper.save(str(path))


def printed(forms: Forms, batch: RawBatch, version: str, key: str = "k") -> str:
    wanted = effects.Paper(
        f"{key}:{version}", "incoming_control", "raw_batch", str(batch.pk),
        str(batch.created_by_id), version,
    )  # fmt: skip
    _, content, _ = PaperMaker(forms.present(), MemoryFiles())(wanted)
    return "\n".join(one.text for one in Paper(BytesIO(content)).paragraphs)


def test_what_a_version_asked_for_is_printed_with_its_layout(
    receive: Callable[..., RawBatch], flows: Path
) -> None:
    forms = untouched()
    first = forms.start().program
    assert first is not None
    redrawn(flows, "входного контроля сырья", "осмотра сырья")
    second = read_forms(flows)
    assert second.program is not None
    keep(second)
    forms.replace(second.program)
    batch = receive()
    assert "осмотра сырья" in printed(forms, batch, second.program.digest)
    assert "входного контроля сырья" in printed(forms, batch, first.digest)
    started_again = Forms()
    started_again.start()
    assert "входного контроля сырья" in printed(started_again, batch, first.digest, "again")


def test_a_layout_is_kept_once_however_many_versions_have_it(db: None, flows: Path) -> None:
    keep(read())
    once = VersionFile.objects.count()
    changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной")
    keep(read_forms(flows))
    assert (Version.objects.count(), VersionFile.objects.count()) == (2, once)
    redrawn(flows, "входного контроля сырья", "осмотра сырья")
    keep(read_forms(flows))
    assert VersionFile.objects.count() == once + 1


def test_the_version_that_was_current_last_is_the_latest(db: None, flows: Path) -> None:
    one = read()
    changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной")
    for each in (one, read_forms(flows), one):
        keep(each)
    newest = latest()
    assert newest is not None
    assert one.program is not None
    assert newest.digest == one.program.digest
    assert Version.objects.count() == 2


def test_a_name_that_means_something_else_now_is_not_the_same() -> None:
    works = implemented()
    old = works.operations["reverse_receipt"]
    before = replace(
        works,
        operations={
            **works.operations,
            "reverse_receipt": OperationForm({**old.params, "witness": "text"}, old.result),
        },
        records={**works.records, "raw_batch": {**works.records["raw_batch"], "number": "date"}},
    )
    same = alike(before, works)
    assert "reverse_receipt" not in same.operations
    assert "number" not in same.records["raw_batch"]
    assert same.facts == works.facts


def test_the_books_keep_the_version_that_they_were_written_under(
    receiver: Person, answers: dict[str, object], at: object
) -> None:
    from uuid import uuid4

    batch = take_delivery(receiver, session=uuid4(), at=at, **answers)  # type: ignore[arg-type]
    actor = Actor(str(receiver.pk), receiver.full_name, frozenset({"receiver"}))
    context = Context(actor, str(uuid4()), at, "f" * 64)  # type: ignore[arg-type]
    DjangoOperations(program()).run("receive_into_stock", {"batch": row_of(batch)}, context)
    assert Event.objects.get().digest == "f" * 64
    DjangoOperations(program()).fire(row_of(batch), "accept", replace(context, digest=""))
    moved = StateHistory.objects.filter(record="raw_batch", transition="accept").get()
    assert moved.digest == program().digest
    assert RawBatch.objects.get().state == "received"
