"""«Проследить» on rows: from a label's photo to the card, the trace each way, the recall pack."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw, ImageFilter
from pypdfium2 import PdfDocument

from crm.bridge.papers import PaperMaker
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.models import Customer
from crm.configuration import ROOT, settings
from crm.documents.models import Document as Paperwork
from crm.ledger.trace import Link, Part, Trace, Way
from crm.plant.clock import PlantClock
from crm.plant.phone import Phone, plain
from crm.plant.talker import NotOnScreen, Talker
from crm.production.facts.trace_pages import trace_pages
from crm.production.lots import Named
from crm.production.models import Pallet
from crm.production.operations.make_pallet import pallet_of_mix
from crm.production.tree import branches
from crm.quality.operations.place_hold import place_hold
from engine.documents.pictures import qr
from engine.errors import EngineError
from engine.files.codes import codes_of
from engine.files.local import LocalFiles
from engine.model.conversation import Input
from engine.model.effects import Paper, ReportWanted
from engine.model.files import FileRef
from tests.crm.production.pallets import mix_out, now, rework_of_batch, shipped, stocked, who

pytestmark = pytest.mark.django_db
LABEL_PT = (283, 425)  # 100 × 150 mm
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture
def talker(clock: PlantClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talker:
    """The phones of the plant, with a store of this test for what they send and get."""
    files = LocalFiles(tmp_path, "secret")
    monkeypatch.setattr("crm.bridge.reads.open_files", lambda: files)
    return Talker(clock, files=files)


def paper(talker: Talker, pallet: Pallet) -> bytes:
    """The label of a pallet as the storekeeper gets it."""
    assert talker.files is not None
    person = str(who().pk)
    wanted = Paper(f"label {uuid4()}", "pallet_label", "pallet", str(pallet.pk), person)
    name, content, _ = PaperMaker(program(), talker.files)(wanted)
    assert name == f"Этикетка паллета {pallet.number}.pdf"
    return content


def code_of(content: bytes) -> bytes:
    """The first page of a printed label as a picture, as its code is read from it."""
    page = BytesIO()
    with PdfDocument(content) as document:
        assert (len(document), *document[0].get_size()) == (1, *LABEL_PT)
        document[0].render(scale=2).to_pil().save(page, "PNG")
    return page.getvalue()


def label(code: str | bytes) -> Image.Image:
    """A label of 100 × 150 mm: the printed page, or the QR code of a text beside a few words."""
    if isinstance(code, bytes):
        with Image.open(BytesIO(code)) as printed:
            return printed.convert("L").resize((600, 900))
    page = Image.new("L", (600, 900), 255)
    with Image.open(BytesIO(qr(code))) as picture:
        page.paste(picture.convert("L").resize((360, 360)), (120, 80))
    ImageDraw.Draw(page).text((120, 600), "PALLET 7 / 922.000 KG", fill=0, font_size=40)
    return page


def photographed(page: Image.Image, turn: float = 17, size: float = 0.6) -> bytes:
    """A phone's picture of it: askew, small on a grey floor, a little out of focus, as JPEG."""
    askew = page.rotate(turn, expand=True, fillcolor=120, resample=Image.Resampling.BICUBIC)
    small = askew.resize((int(askew.width * size), int(askew.height * size)))
    floor = Image.new("L", (1280, 960), 120)
    floor.paste(small, (200, 60))
    kept = BytesIO()
    floor.filter(ImageFilter.GaussianBlur(1)).save(kept, "JPEG", quality=60)
    return kept.getvalue()


def send(talker: Talker, who_sends: str, picture: bytes) -> Phone:
    """Send a photo as the bot stores it."""
    key = f"tmp/2026/11/{uuid4()}"
    assert talker.files is not None
    talker.files.put(key, picture, "image/jpeg")
    ref = FileRef(key, sha256(picture).hexdigest(), len(picture), "image/jpeg", "")
    return talker.arrive(who_sends, given=Input.files(ref))


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheets = load_workbook(BytesIO(content)).worksheets
    rows = [row for sheet in sheets for row in sheet.values]
    return [tuple(one for one in row if one is not None) for row in rows]


def test_a_photo_of_a_label_becomes_a_card_and_a_recall_pack(
    talker: Talker, capsys: pytest.CaptureFixture[str]
) -> None:
    mix = mix_out()
    pallet = stocked(7, mix=mix)
    batch = mix.uses.get().batch
    assert batch is not None
    shipped(pallet)
    talker.say("quality_manager", "/start", "[Проследить]")
    picture = photographed(label(code_of(paper(talker, pallet))))
    begun = time.monotonic()
    phone = send(talker, "quality_manager", picture)
    card = time.monotonic() - begun
    assert phone.screen.text.startswith("Проследить"), phone.described()
    assert "Паллет 7 от 22.11.2026: отгружен" in phone.screen.text
    assert f"Замес {mix.number}" in phone.screen.text
    talker.say("quality_manager", "[Пакет отзыва]")
    passed = time.monotonic() - begun
    assert phone.sees("📎 Пакет отзыва Паллет 7 от 22.11.2026.xlsx"), phone.described()
    pack = Paperwork.objects.get(name__startswith="Пакет отзыва")
    assert talker.files is not None
    rows = cells(talker.files.get(pack.key))
    assert ("Паллет", "7 от 22.11.2026", "Отгружен", 922, 922, 100) in rows
    assert any(row[:3] == ("7 от 22.11.2026", "ООО «Образец-Фуд»", "О-2026-1") for row in rows)
    assert ("Отгружено", 922, 922) in rows
    assert ("Объяснено отзываемой массы, %", 100) in rows
    with capsys.disabled():
        print(f"\nот фото этикетки до карточки {card:.2f} с, до пакета отзыва {passed:.2f} с")


@pytest.mark.parametrize(
    ("turn", "size"), [(0, 0.6), (17, 0.6), (45, 0.5), (90, 0.4), (180, 0.6), (-30, 0.35)]
)
def test_a_label_is_read_however_it_was_photographed(turn: float, size: float) -> None:
    code = "uJ8v_4WkQ2mB1r-7xYz0Ag"
    assert codes_of(photographed(label(code), turn, size)) == (code,)


def test_what_no_label_of_this_plant_is_says_what_to_do(talker: Talker) -> None:
    stocked(7)
    talker.say("packer", "/start", "[Проследить]")
    empty = Image.new("L", (800, 600), 200)
    phone = send(talker, "packer", photographed(empty))
    assert "Кода на фото не видно" in phone.screen.text
    phone = send(talker, "packer", photographed(label("https://example.org/other-plant/1")))
    assert "здесь не найдено" in phone.screen.text
    talker.say("packer", "2211/30")
    assert "«2211/30» здесь не найдено" in phone.screen.text
    talker.say("packer", "7")
    assert "Паллет 7 от 22.11.2026: на складе" in phone.screen.text


def test_a_link_of_a_label_is_its_code(talker: Talker) -> None:
    pallet = stocked(7)
    link = f"https://t.me/plant_bot?start={pallet.label_code}"
    phone = talker.say("packer", "/start", "[Проследить]", link)
    assert "Паллет 7 от 22.11.2026" in phone.screen.text


def test_two_pallets_of_one_number_are_told_apart_by_their_days(talker: Talker) -> None:
    stocked(7)
    talker.clock.move_to(START + timedelta(days=1))
    pallet_of_mix(who(), mix_out(), 7, now())
    phone = talker.say("packer", "/start", "[Проследить]", "7")
    assert "Под этим номером несколько" in phone.screen.text
    talker.say("packer", "[Паллет 7 от 22.11.2026]")
    assert "Паллет 7 от 22.11.2026: на складе" in phone.screen.text


def test_the_card_leads_both_ways_and_back_to_itself(talker: Talker) -> None:
    pallet = stocked(7)
    mix = pallet.items.get().lot.mix
    batch = mix.uses.get().batch
    assert batch is not None
    phone = talker.say("packer", "/start", "[Проследить]", "7", "[Всё назад]")
    assert f"└─ Замес {mix.number} · 922,000 кг · 100,00 %" in plain(phone.screen.text)
    assert f"└─ Партия сырья {batch.number}" in phone.screen.text
    talker.say("packer", "[К карточке]", "[Другой номер]", batch.number or "", "[Всё вперёд]")
    assert "Куда ушло: Партия сырья 2211/3, 1 000,000 кг, лотов 2" in plain(phone.screen.text)
    talker.say("packer", "[К карточке]", "[Excel]")
    assert phone.sees("📎 Прослеживаемость Партия сырья 2211-3.xlsx"), phone.described()


def test_a_trace_is_read_in_the_language_of_who_asks(talker: Talker) -> None:
    pallet = stocked(7)
    mix = pallet.items.get().lot.mix
    said = program().languages.say
    [page] = trace_pages(pallet.lot, "backward")
    assert f"└─ Mix {mix} · 922,000 kg · 100,00 %" in said(page["text"], "en")
    names = {
        lot: Named(lot, kind, f"7/{lot}", "", "", date(2026, 11, 22))
        for lot, kind in ((1, "raw_batch"), (2, "second_minced"), (3, "mix"), (4, "mix"))
    }
    parts = {lot: Part(lot, Decimal(9), Decimal(9), Decimal(100)) for lot in names}
    pairs = ((1, 2, "rework"), (1, 3, "made"), (2, 3, "made"), (3, 4, "made"))
    links = tuple(Link(old, new, Decimal(9), kind, kind == "rework") for old, new, kind in pairs)
    lines = branches(Trace(1, Way.FORWARD, parts, links), names)
    assert [said(line, "en") for line in lines] == [
        "├─ Second-minced lot 7/2 · 9,000 kg · 100,00 % · rework · estimate",
        "│  └─ Mix 7/3 · 9,000 kg · 100,00 %",
        "│     └─ Mix 7/4 · 9,000 kg · 100,00 %",
        "└─ Mix 7/3 · 9,000 kg · 100,00 % · see above",
    ]


def test_rework_on_a_pallet_is_told_as_there_and_then_as_sold(talker: Talker) -> None:
    pallet, _batch = rework_of_batch()
    phone = talker.say("packer", "/start", "[Проследить]", pallet.label_code)
    assert "Всего 300,000 кг, на складах 300,000 кг" in plain(phone.screen.text)
    shipment = shipped(pallet)
    phone = talker.say("packer", "[Другой номер]", str(pallet.items.get().lot.record))
    told = f"Куда ушло: отгрузка {shipment.number}, {shipment.customer}"
    assert told in plain(phone.screen.text)


def test_the_recall_pack_is_offered_by_right_and_made_for_nobody_else(talker: Talker) -> None:
    lot = stocked(7).lot
    packer = talker.say("packer", "/start", "[Проследить]", "7")
    assert "Excel" in packer.screen.titles
    assert "Пакет отзыва" not in packer.screen.titles
    with pytest.raises(NotOnScreen):
        talker.say("packer", "[Пакет отзыва]")
    assert talker.files is not None
    wanted = ReportWanted("k", "recall_pack", {"lot": row_of(lot)}, str(who("packer").pk))
    with pytest.raises(EngineError, match="may not have report"):
        PaperMaker(program(), talker.files)(wanted)


def test_a_held_lot_and_what_was_made_of_it_are_red_on_the_card(talker: Talker) -> None:
    pallet = stocked(7)
    mix = pallet.items.get().lot.mix
    place_hold(who("technologist"), lot=mix.lot, kind="fhp", reason="жир 21,00", at=now())
    phone = talker.say("packer", "/start", "[Проследить]", "7")
    assert f"🔴 Заблокировано по происхождению (Замес {mix.number}). ФХП: жир 21,00" in (
        phone.screen.text
    )
    talker.say("packer", "[Другой номер]", mix.number or "")
    assert "🔴 Заблокировано. ФХП: жир 21,00" in phone.screen.text


def test_the_recall_pack_says_who_has_it_whether_it_adds_up_and_what_is_missing(
    talker: Talker,
) -> None:
    pallet = stocked(7)
    batch = pallet.items.get().lot.mix.uses.get().batch
    assert batch is not None
    shipped(pallet)
    talker.say("technologist", "/start", "[Проследить]", batch.number or "", "[Пакет отзыва]")
    rows = cells(stored(talker, "recall_pack"))
    year = f"2026-{batch.number}"
    assert ("Партия сырья", year, 1000, 1000, 100) in [(*row[:2], *row[3:6]) for row in rows]
    assert any((row[0], row[-1]) == ("7 от 22.11.2026", 922) for row in rows if row)
    assert ("Всего", 1000, 922) in rows
    assert ("Отгружено", 922, 922) in rows
    assert ("Потери и необъяснённое", 78, 0) in rows
    assert ("Объяснено отзываемой массы, %", 92.2) in rows
    movements = [row for row in rows if row[1:2] == ("Отгрузка",)]
    customer = str(Customer.objects.earliest("id"))
    assert [row[2:] for row in movements if customer in row] == [
        (
            "Паллет",
            "7 от 22.11.2026",
            "Покупатель",
            922,
            who("production_office").full_name,
            customer,
        )
    ]


def stored(talker: Talker, kind: str) -> bytes:
    assert talker.files is not None
    return talker.files.get(Paperwork.objects.get(kind=kind).key)


def test_every_right_that_a_form_asks_for_is_a_role_of_the_plant() -> None:
    flows = Path(ROOT / "flows").rglob("*.yaml")
    asked = {
        role
        for path in flows
        for role in re.findall(r"has_role\(\w+, '(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= {*program().project.roles}


def words(content: bytes) -> str:
    with PdfDocument(content) as document:
        return plain(" ".join(document[0].get_textpage().get_text_bounded().split()))


def test_the_link_of_a_label_opens_its_card_over_the_form_that_is_open(talker: Talker) -> None:
    one, other = stocked(7), stocked(8)
    talker.say("technologist", "/start", "[Новая заготовка]")
    before = talker.state("technologist")
    assert before is not None
    talker.say("technologist", f"/start {one.label_code}")
    assert talker.phone("technologist").screen.text.startswith("Проследить")
    assert talker.phone("technologist").sees(f"…{one}…Из чего…")
    talker.say("technologist", f"/start {other.label_code}")
    assert talker.phone("technologist").sees(f"…{other}…Из чего…")
    chat = talker.state("technologist")
    assert chat is not None
    assert [session.flow for session in chat.sessions][:-1] == [
        session.flow for session in before.sessions
    ]
    assert len(chat.sessions) == len(before.sessions) + 1


def test_a_link_that_is_no_label_says_what_to_do(talker: Talker) -> None:
    phone = talker.say("storekeeper", "/start x7Kq_1")
    assert phone.sees("…«x7Kq_1» здесь не найдено…"), phone.described()
    phone = talker.say(777, f"/start {stocked().label_code}")
    assert phone.sees("Вас нет в системе…"), phone.described()


def test_a_label_says_what_is_on_the_pallet_and_that_it_is_held(
    talker: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    pallet = stocked(7)
    order = pallet.items.get().lot.mix.order
    assert order is not None
    printed = paper(talker, pallet)
    assert codes_of(code_of(printed)) == (pallet.label_code,)
    said = words(printed)
    for text in (
        "Паллет № 7", f"Партия и замес {order.number}, замес 1", "Изготовлено 22.11.2026",
        "Годен до 20.02.2027", "Брутто, кг 962,500", "Тара, кг 40,500", "Нетто, кг 922,000",
        "Коробок (блоков) 40", pallet.label_code,
    ):  # fmt: skip
        assert text in said, said
    assert "ЗАБЛОКИРОВАНО" not in said
    place_hold(who(), lot=pallet.items.get().lot, kind="fhp", reason="жир 21,00", at=now())
    named = settings().model_copy(update={"telegram_bot_name": "plant_bot"})
    monkeypatch.setattr("crm.production.facts.label_of.settings", lambda: named)
    again = paper(talker, pallet)
    assert "ЗАБЛОКИРОВАНО" in words(again)
    assert codes_of(code_of(again)) == (f"https://t.me/plant_bot?start={pallet.label_code}",)
    editions = Paperwork.objects.filter(kind="pallet_label", lot=pallet.lot).order_by("edition")
    assert [(one.edition, one.state) for one in editions] == [(1, "replaced"), (2, "issued")]


def test_who_accepts_a_pallet_gets_its_label(talker: Talker) -> None:
    weighing = ("40", "962,5", "22", "18,5", "{photo}", "[Продолжить]", "[Принять]")
    talker.say("storekeeper", "/start", "[Принять]", "[Принять МКО]", "[Сегодня]", "99")
    phone = talker.say("storekeeper", "[Без происхождения]", *weighing)
    assert phone.sees("📎 Этикетка паллета 99.pdf"), phone.described()
    held = paper(talker, Pallet.objects.get(number=99))
    assert "ЗАБЛОКИРОВАНО" in words(held)
