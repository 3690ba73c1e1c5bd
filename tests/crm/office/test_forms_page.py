"""«Формы» in the office: what runs, what is wrong, who is at what; a new version from a
technologist's disk, published and taken back (domain 2.2, 3.8, 11.2)."""

from __future__ import annotations

import html
import re
import struct
import tracemalloc
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile
from zlib import crc32

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.bridge import form_files, program, publishing
from crm.bridge.form_files import Looked, files_of
from crm.bridge.program import stamp
from crm.bridge.stranded import stranded
from crm.bridge.versions import Read, keep, read_forms
from crm.configuration import settings
from crm.people.models import AccessRequest
from crm.work.models import Chat, Proposal, Session, Version
from engine.errors import Refused
from tests.crm.bridge.untouched import read, untouched
from tests.crm.office.conftest import member
from tests.crm.production.pallets import now, who
from tests.engine.rehearsal import copied, shipped

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/forms/"
INTAKE = "flows/receiving/raw_intake.yaml"
AT_MOST = 12


@pytest.fixture
def flows(seeded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped flows that the settings name and this process has read."""
    root = copied(tmp_path)
    monkeypatch.setattr(settings(), "flows_dir", root)
    forms = untouched()
    for module in (program, publishing):
        monkeypatch.setattr(module, "FORMS", forms)
    files = files_of(read().texts, read().beside)
    monkeypatch.setattr(
        form_files, "_PRESENT", {str(root): (stamp(), Looked(files, (), shipped()))}
    )
    keep(read())
    return root


@pytest.fixture
def technologist(seeded: None) -> Client:
    return member("orlova", "Главный технолог")


def words(client: Client, path: str = PAGE) -> str:
    text = html.unescape(client.get(path).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def changed(root: Path, old: str, new: str) -> bytes:
    """Return the text of the intake's form with a change; the file stays as it is."""
    text = (root.parent / INTAKE).read_text("utf-8")
    assert old in text
    return text.replace(old, new).encode()


def send(client: Client, content: bytes, name: str = "raw_intake.yaml", **more: str) -> str:
    """Upload a file and return where that leads."""
    file = SimpleUploadedFile(name, content)
    given = {"files": [file], "reason": "новый вопрос", **more}
    return str(client.post(f"{PAGE}upload/", given)["Location"])


def start(digest: str) -> None:
    chat = Chat.objects.create(chat_id=77, token="t")
    Session.objects.create(
        id=uuid4(), chat=chat, person=who(), flow="raw_intake", digest=digest, state="talking",
        step="body_temp", started_at=now(), updated_at=now(),
    )  # fmt: skip


def test_forms_and_versions_are_listed_with_who_runs_what(flows: Path, office: Client) -> None:
    digest = str(program.program().digest)
    start("0" * 64)
    text = words(office)
    assert f"Работает версия {digest[:8]}" in text
    assert "Новая партия receiving/raw_intake.yaml Приёмщик сырья" in text
    assert "Идут сейчас Форма Версия Разговоров Новая партия 00000000 1" in text
    assert f"{digest[:8]} " in text[text.index("Стала текущей") :]
    own = words(office, f"{PAGE}one/raw_intake/")
    assert "00000000 body_temp" in own
    assert "flow: raw_intake" in own
    picture = office.get(f"{PAGE}one/raw_intake/picture.svg")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    assert "Приёмщик" in picture.content.decode()
    assert office.get(f"{PAGE}one/nothing/").status_code == 404


def test_the_pages_cost_a_dozen_queries_at_most(flows: Path, technologist: Client) -> None:
    start(program.program().digest)
    for path in (PAGE, f"{PAGE}one/raw_intake/", f"{PAGE}versions/{program.program().digest}/"):
        technologist.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert technologist.get(path).status_code == 200
        assert len(queries) <= AT_MOST, (path, len(queries))


def test_a_mistake_is_underlined_with_its_remedy_and_cannot_be_published(
    flows: Path, technologist: Client
) -> None:
    at = send(technologist, changed(flows, "from: companies", "from: companis"))
    page = technologist.get(at).content.decode()
    assert "<mark>companis</mark>" in page
    text = words(technologist, at)
    assert "F702" in text
    assert "companies" in text[text.index("F702") :]
    assert "Опубликовать" not in text.replace("опубликовать нельзя", "")
    technologist.post(f"{at}publish/")
    assert "from: companies" in (flows.parent / INTAKE).read_text("utf-8")
    assert Proposal.objects.get().version == ""


def test_a_new_version_is_shown_published_and_taken_back(flows: Path, technologist: Client) -> None:
    before = program.program().digest
    text = (flows.parent / INTAKE).read_text("utf-8")
    at = send(technologist, changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной"))
    shown = technologist.get(at).content.decode()
    assert re.search(r'is-removed">- +prompt: Номер ТТН', shown)
    assert re.search(r'is-added">\+ +prompt: Номер накладной', shown)
    assert (flows.parent / INTAKE).read_text("utf-8") == text

    technologist.post(f"{at}publish/")
    fresh = program.program().digest
    assert "prompt: Номер накладной" in (flows.parent / INTAKE).read_text("utf-8")
    row = Version.objects.get(pk=fresh)
    assert (row.saved_by, Version.objects.first()) == (Proposal.objects.get().by.full_name, row)
    assert fresh == read_forms(flows).program.digest != before  # type: ignore[union-attr]
    assert "новый вопрос" in LogEntry.objects.latest("pk").change_message
    assert "Опубликована как версия" in words(technologist, at)

    back = technologist.post(f"{PAGE}versions/{before}/roll-back/", {"reason": "вопрос не нужен"})
    technologist.post(f"{back['Location']}publish/")
    assert (flows.parent / INTAKE).read_text("utf-8") == text
    assert program.program().digest == before
    assert "вопрос не нужен" in words(technologist, f"{PAGE}versions/{before}/")


def test_what_was_made_from_other_forms_is_refused(flows: Path, technologist: Client) -> None:
    at = send(technologist, changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной"))
    meanwhile = changed(flows, "prompt: Номер ТТН", "prompt: Номер по ТТН")
    (flows.parent / INTAKE).write_bytes(meanwhile)
    assert "Формы тем временем изменились" in words(technologist, at)
    technologist.post(f"{at}publish/")
    assert (flows.parent / INTAKE).read_bytes() == meanwhile


def test_what_another_process_saves_during_the_publication_is_not_overwritten(
    flows: Path, technologist: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = send(technologist, changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной"))
    meanwhile = changed(flows, "prompt: Номер ТТН", "prompt: Номер по ТТН")

    def read_while_another_saves(root: Path) -> Read:
        (flows.parent / INTAKE).write_bytes(meanwhile)
        return read_forms(root)

    monkeypatch.setattr(publishing, "read_forms", read_while_another_saves)
    page = technologist.post(f"{at}publish/", follow=True).content.decode()
    assert "Формы тем временем изменились" in page
    assert (flows.parent / INTAKE).read_bytes() == meanwhile
    assert (Proposal.objects.get().version, Version.objects.count()) == ("", 1)


def test_a_version_without_a_state_that_records_stand_in_is_not_published(
    flows: Path, technologist: Client
) -> None:
    name = "flows/lifecycles/access_request.yaml"
    text = (flows.parent / name).read_text("utf-8")
    AccessRequest.objects.create(
        telegram_id=5, said="Кто-то", state="declined", asked_at=now(), decided_at=now()
    )
    other = text.replace("declined", "refused").encode()
    at = send(technologist, other, "access_request.yaml")
    said = words(technologist, at)
    assert "Запрос доступа Отклонён 1" in said
    assert "Ошибок нет" not in said
    assert "Замечания: форма пойдёт и с ними" in said
    assert "F211" in said  # the new state has no English title
    assert "Ошибки" not in said
    page = technologist.post(f"{at}publish/", follow=True).content.decode()
    assert "нет состояний, в которых сейчас стоят записи" in page
    assert (flows.parent / name).read_text("utf-8") == text
    AccessRequest.objects.update(state="bound", person=who())
    technologist.post(f"{at}publish/")
    assert (flows.parent / name).read_bytes() == other


def test_forms_saved_past_the_office_that_would_strand_records_are_said_on_its_page(
    flows: Path, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "LOOK_S", 0.0)
    running = program.program().digest
    path = flows / "lifecycles" / "access_request.yaml"
    AccessRequest.objects.create(
        telegram_id=5, said="Кто-то", state="declined", asked_at=now(), decided_at=now()
    )
    path.write_text(path.read_text("utf-8").replace("declined", "refused"), "utf-8")
    said = words(office)
    assert f"Работает версия {running[:8]}" in said
    assert "Ошибки в сохранённых формах: работает прежняя версия" in said
    assert "«Запрос доступа» стоят в состоянии «Отклонён» (declined)" in said
    assert "их 1" in said


def test_a_lifecycle_that_goes_strands_what_has_not_ended() -> None:
    now_there = {"access_request": program.program().lifecycles["access_request"].lifecycle}
    AccessRequest.objects.create(telegram_id=5, said="Кто-то", state="open", asked_at=now())
    AccessRequest.objects.create(
        telegram_id=6, said="Кто-то", state="declined", asked_at=now(), decided_at=now()
    )
    found = [(one.state, one.count) for one in stranded(now_there, {})]
    assert found == [("Ждёт решения", 1)]


def test_a_folder_that_cannot_be_written_to_is_said_and_nothing_is_published(
    flows: Path, technologist: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = send(technologist, changed(flows, "prompt: Номер ТТН", "prompt: Номер накладной"))
    there = (flows.parent / INTAKE).read_bytes()
    (flows.parent / f"{INTAKE}.new").mkdir()  # in the way of what is written
    answer = technologist.post(f"{at}publish/", follow=True)
    assert "В папку форм не записать" in answer.content.decode()
    assert (flows.parent / INTAKE).read_bytes() == there
    assert (Proposal.objects.get().version, Version.objects.count()) == ("", 1)


def test_an_archive_goes_down_and_comes_back_without_what_was_taken_out(
    flows: Path, technologist: Client
) -> None:
    archive = ZipFile(BytesIO(technologist.post(f"{PAGE}archive/present/").content))
    assert INTAKE in archive.namelist()
    digest = str(program.program().digest)
    assert LogEntry.objects.get().change_message == f"Скачаны формы: версия {digest[:8]}"
    rest = BytesIO()
    with ZipFile(rest, "w") as made:
        for name in archive.namelist():
            if not name.endswith("/policies.yaml"):
                made.writestr(f"forms-main/{name}", archive.read(name))
        made.writestr("forms-main/flows/receiving/raw_intake.talk", "no part of a version")
    at = send(technologist, rest.getvalue(), "all.zip", whole="1")
    assert "flows/policies.yaml удалён" in words(technologist, at)
    assert Proposal.objects.get().removed == ["flows/policies.yaml"]
    same = send(technologist, technologist.post(f"{PAGE}archive/present/").content, "all.zip")
    assert (same, Proposal.objects.count()) == (PAGE, 1)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.zip", b"no zip", "не читается"),
        ("new.yaml", b"flow: new", "Выберите раздел"),
        ("run.py", b"x", "Приложите файлы форм"),
    ],
)
def test_what_is_no_form_is_refused_in_words(
    flows: Path, technologist: Client, name: str, content: bytes, why: str
) -> None:
    assert send(technologist, content, name) == PAGE
    assert why in words(technologist)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/x.yaml", "/etc/x.yaml", "flows/../../x.yaml"),
        f"flows/{'ю' * 120}.yaml",
        f"flows/{'a/' * 20}x.yaml",
        f"{INTAKE}/x.yaml",
    ],
)
def test_an_archive_reaches_no_place_outside_the_forms_and_none_that_no_disk_has(
    flows: Path, technologist: Client, name: str
) -> None:
    bad = BytesIO()
    with ZipFile(bad, "w") as archive:
        archive.writestr(name, "x")
    assert send(technologist, bad.getvalue(), "all.zip") == PAGE
    assert "Недопустимое имя файла" in words(technologist)


@pytest.mark.parametrize(("crc_of", "why"), [(101, "больше 20 МБ"), (0, "не читается")])
def test_an_archive_with_more_in_it_than_it_says_is_not_unpacked(crc_of: int, why: str) -> None:
    real, made = 3 * form_files.LARGEST, BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("flows/a/b.yaml", bytes(real))
    bomb = made.getvalue()
    for true, said in ((real, 100), (crc32(bytes(real)), crc32(bytes(crc_of)))):
        bomb = bomb.replace(struct.pack("<I", true), struct.pack("<I", said))
    tracemalloc.start()
    with pytest.raises(Refused, match=why):
        form_files.unpacked(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < real / 10


def test_a_form_that_unfolds_into_itself_is_underlined_and_cannot_be_published(
    flows: Path, technologist: Client
) -> None:
    grown = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    at = send(technologist, f"flow: raw_intake\na0: &a0 [x]\n{grown}".encode())
    assert "метка YAML «&a0» здесь не читается" in words(technologist, at)
    technologist.post(f"{at}publish/")
    assert Proposal.objects.get().version == ""


def test_only_a_technologist_publishes(flows: Path) -> None:
    clerk = member("clerk", "Производственный отдел")
    assert "Новая версия" not in words(clerk)
    answer = clerk.post(f"{PAGE}upload/", {"reason": "просто так"})
    assert (answer.status_code, Proposal.objects.count()) == (403, 0)
