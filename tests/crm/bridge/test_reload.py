"""Forms that are saved while the bot runs: taken over when right, reported once when wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from docx import Document

from crm.bridge import reload
from crm.bridge.program import Forms
from crm.bridge.reload import Reloader
from crm.configuration import settings
from crm.outbox.models import Notice
from crm.people.models import AccessRequest, Person
from crm.spans import from_json
from crm.work.models import Version
from engine.languages.message import Message
from tests.crm.bridge.untouched import untouched
from tests.engine.rehearsal import copied

T = TypeVar("T")
INTAKE, ACCESS = "receiving/raw_intake.yaml", "lifecycles/access_request.yaml"
SOUND, BROKEN = "condition == frozen", "condition == frozn"


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped flows that the settings name."""
    root = copied(tmp_path)
    monkeypatch.setattr(settings(), "flows_dir", root)
    return root


class Running:
    """A bot's forms and what reloads them; `looked` looks as often as it takes to read."""

    def __init__(self, forms: Forms) -> None:
        self.forms, self.poked = forms, 0
        self.reloader = Reloader(self.forms, self.forms.start(), _call, self._poke)
        self.first = self.forms.present().digest

    def _poke(self) -> None:
        self.poked += 1

    def looked(self) -> str:
        """Return the digest of the present Program after two looks."""
        for _ in range(2):
            async_to_sync(self.reloader.look)()
        return self.forms.present().digest


async def _call(work: Callable[[], T]) -> T:
    return await sync_to_async(work)()


def changed(root: Path, old: str, new: str, name: str = INTAKE) -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), "utf-8")


def told() -> list[str]:
    return [str(from_json(notice.text)) for notice in Notice.objects.order_by("created_at")]


def test_a_sound_change_is_live_kept_and_told(technologist: Person, flows: Path) -> None:
    running = Running(Forms())
    changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной")
    digest = running.looked()
    assert digest != running.first
    (text,) = told()
    assert text.startswith(f"Формы обновлены, версия {digest[:8]}\nПеревод отстал")
    assert "flows/receiving/raw_intake.yaml:" in text
    assert {*Version.objects.values_list("pk", flat=True)} == {running.first, digest}
    assert running.poked == 1
    running.looked()
    assert len(told()) == 1


def test_a_translation_that_is_saved_is_live_and_a_version_of_its_own(
    technologist: Person, flows: Path
) -> None:
    running = Running(untouched())
    before = running.forms.present()
    question = before.flows["raw_intake"].step("company").prompt
    assert isinstance(question, Message)
    assert before.languages.say(question, "en") == "Choose the company"
    changed(flows.parent, "Choose the company", "Pick a company", "locales/en/LC_MESSAGES/flows.po")
    assert running.looked() != running.first
    after = running.forms.present()
    assert after.languages.say(question, "en") == "Pick a company"
    own = after.under(running.first, "raw_intake")
    assert own.digest == running.first
    assert own.languages.say(question, "en") == "Pick a company"


def test_what_the_program_says_in_a_language_is_read_again_too(
    technologist: Person, flows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.bridge.versions.ROOT", tmp_path)
    monkeypatch.setattr("crm.bridge.program.ROOT", tmp_path)
    running = Running(untouched())
    changed(tmp_path, 'msgstr "Main menu"', 'msgstr "Home"', "locales/en/LC_MESSAGES/bot.po")
    assert running.looked() == running.first
    assert running.forms.present().languages.say(Message("Главное меню"), "en") == "Home"
    assert told() == []


def test_a_layout_that_is_saved_is_taken_over(technologist: Person, flows: Path) -> None:
    running = Running(untouched())
    path = flows.parent / "templates" / "incoming_control" / "layout.docx"
    paper = Document(str(path))
    paper.add_paragraph("Подпись")
    paper.save(str(path))
    digest = running.looked()
    assert digest != running.first
    kept = running.forms.present().layouts["document", "incoming_control"]
    assert kept == path.read_bytes()


def test_a_broken_project_is_told_once_with_place_code_and_remedy_and_replaces_nothing(
    technologist: Person, flows: Path
) -> None:
    running = Running(untouched())
    changed(flows, SOUND, BROKEN, "limits.yaml")
    assert running.looked() == running.first
    (text,) = told()
    assert "flows/limits.yaml:" in text
    assert "F305" in text
    assert "возможно, «frozen»" in text
    changed(flows, BROKEN, f"{BROKEN}  ", "limits.yaml")
    running.looked()
    assert len(told()) == 1


def test_a_project_that_is_mended_without_a_change_is_told_too(
    technologist: Person, flows: Path
) -> None:
    running = Running(untouched())
    changed(flows, SOUND, BROKEN, "limits.yaml")
    running.looked()
    changed(flows, BROKEN, SOUND, "limits.yaml")
    assert running.looked() == running.first
    assert told()[1:] == [f"Формы обновлены, версия {running.first[:8]}"]


def declined(at: datetime) -> AccessRequest:
    """A request for access that somebody declined."""
    return AccessRequest.objects.create(
        telegram_id=5, said="Кто-то", state="declined", asked_at=at, decided_at=at
    )


def test_saved_forms_without_a_state_that_records_stand_in_wait_until_they_have_left(
    technologist: Person, flows: Path, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, request = Running(untouched()), declined(at)
    changed(flows, "declined", "refused", ACCESS)
    assert running.looked() == running.first
    (text,) = told()
    assert "flows/lifecycles/access_request.yaml:1:1 ошибка F801" in text
    assert "записи «Запрос доступа» стоят в состоянии «Отклонён» (declined)" in text
    assert "их 1" in text
    monkeypatch.setattr(reload, "AGAIN_S", 0.0)
    running.looked()
    assert len(told()) == 1
    AccessRequest.objects.filter(pk=request.pk).update(state="bound", person=technologist)
    digest = running.looked()
    assert digest != running.first
    assert told()[-1].startswith(f"Формы обновлены, версия {digest[:8]}")
    assert Version.objects.filter(pk=digest).exists()


def test_a_bot_that_starts_over_forms_that_would_strand_records_runs_those_of_before(
    technologist: Person, flows: Path, at: datetime
) -> None:
    first = Running(untouched()).first
    declined(at)
    changed(flows, "declined", "refused", ACCESS)
    again = Running(Forms())
    assert (again.first, again.looked()) == (first, first)
    (text,) = told()
    assert "F801" in text


def test_a_file_that_is_still_being_saved_is_not_read(technologist: Person, flows: Path) -> None:
    running = Running(untouched())
    for _ in range(3):
        changed(flows, "prompt: Номер ТТН", "prompt: Номер ТТН!")
        assert not async_to_sync(running.reloader.look)()  # it looks again soon
    assert running.forms.present().digest == running.first
    assert async_to_sync(running.reloader.look)()
    assert running.forms.present().digest != running.first


def test_a_bot_that_starts_over_a_broken_folder_tells_it(technologist: Person, flows: Path) -> None:
    Running(untouched())
    changed(flows, SOUND, BROKEN, "limits.yaml")
    Running(Forms()).looked()
    assert len(told()) == 1


def test_what_is_no_form_is_not_looked_at(technologist: Person, flows: Path) -> None:
    running = Running(untouched())
    (flows / "receiving" / "notes.txt").write_text("позвонить", "utf-8")
    (flows / "receiving" / ".raw_intake.yaml.swp").write_bytes(b"\0")
    assert running.looked() == running.first
    assert running.poked == 0
