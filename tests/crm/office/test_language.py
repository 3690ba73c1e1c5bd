"""The office in the language of whoever works in it: Russian until another is chosen."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from crm.bridge.traced import picture
from crm.office.card import NO_BREAK, bounds, valued
from crm.office.language import said
from crm.outbox.models import Notice
from crm.production.models import Waiting
from engine.errors import Refusal
from engine.languages.po import path_of, read, table_of
from engine.languages.sources import DJANGO, python_sources, status, template_sources
from tests.crm.production.pallets import mix_out, stocked
from tests.seeded import seed

ROOT = Path(__file__).resolve().parents[3]
RUSSIAN = re.compile("[А-Яа-яЁё]")
SHOWN = (
    "crm/office/pages",
    *(
        f"crm/office/{name}.py"
        for name in ("site", "card", "base", "files", "parts", "search", "store", "lists")
    ),
)


def sources():
    found = python_sources(ROOT, ["crm"], makers=DJANGO)
    return (*found, *template_sources(ROOT, "crm/office/templates"))


def test_every_text_of_the_office_is_in_english():
    english = table_of(read(path_of(ROOT / "locales", "en", "django"), "en"))
    state = status(sources(), english)
    assert (state.missing, state.stale, state.broken) == ((), (), ())


def untranslated(path: Path) -> list[str]:
    """Return the Russian texts of a file that are given to nobody who translates."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call() if getattr(node.func, "id", "") in {*DJANGO, "Refusal"}:
                given |= set(ast.walk(node))
            case ast.Expr(value=ast.Constant() as docstring):
                given.add(docstring)
    return [
        f"{path.name}:{node.lineno} {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and RUSSIAN.search(node.value)
        and node not in given
    ]


def test_models_and_pages_hold_no_text_that_cannot_be_translated():
    paths = [*ROOT.glob("crm/*/models.py"), *ROOT.glob("crm/*/apps.py")]
    paths += [
        path
        for place in SHOWN
        for path in ((ROOT / place).glob("*.py") if (ROOT / place).is_dir() else [ROOT / place])
    ]
    assert [text for path in sorted(paths) for text in untranslated(path)] == []


def test_templates_hold_no_text_that_cannot_be_translated():
    marked = re.compile(
        r"\{% blocktranslate.*?\{% endblocktranslate %\}|\{% translate .*?%\}|_\('.*?'\)", re.DOTALL
    )
    for path in (ROOT / "crm" / "office" / "templates").rglob("*.html"):
        assert not RUSSIAN.search(marked.sub("", path.read_text(encoding="utf-8"))), path.name


@pytest.mark.django_db
def test_the_office_is_russian_whatever_the_browser_asks_for(admin_client: Client):
    page = admin_client.get(reverse("admin:index"), headers={"accept-language": "en"})
    assert "Последние партии" in page.content.decode()


@pytest.mark.django_db
def test_the_language_is_chosen_in_the_office_and_kept(admin_client: Client):
    home = reverse("admin:index")
    chosen = admin_client.post(reverse("set_language"), {"language": "en", "next": home})
    assert (chosen.status_code, chosen["Location"]) == (302, home)
    text = admin_client.get(home).content.decode()
    assert "Latest batches" in text
    assert "Raw batches" in text
    rest = re.sub(r"Русский|Учебный завод", "", text)
    assert [line for line in rest.splitlines() if RUSSIAN.search(line)] == []


@pytest.mark.django_db
def test_a_language_that_is_not_there_changes_nothing(admin_client: Client):
    admin_client.cookies["django_language"] = "xx"
    assert "Последние партии" in admin_client.get(reverse("admin:index")).content.decode()


def test_a_refusal_is_said_in_the_language_of_the_page():
    refusal = Refusal("Чат уже привязан: {who}", {"who": "Орлова М. С."})
    with translation.override("en"):
        assert said(refusal.said) == "The chat is already bound: Орлова М. С."
    with translation.override("ru"):
        assert said(refusal.said) == "Чат уже привязан: Орлова М. С."


def test_who_is_told_of_a_hold_reads_of_it_in_his_own_language(office: Client) -> None:
    """Not in the one of whoever placed it; what he sees himself is in his."""
    seed()
    pallet = stocked(1)
    office.cookies["django_language"] = "en"
    given = {"step": "apply", "kind": "foreign_body", "scope": "one", "reason": "осколок стекла"}
    office.post(f"/admin/production/pallet/{pallet.pk}/hold/", given)
    texts = {one.plain_text for one in Notice.objects.filter(event__startswith="hold:")}
    [text] = texts
    assert text.startswith("Из офиса заблокировано: Паллет 1 от ")
    assert text.endswith(". Посторонний предмет: осколок стекла")
    assert "On hold: Foreign body, осколок стекла" in office.get("/admin/store/").content.decode()


@pytest.mark.parametrize(("words", "unit"), [("ru", "кг"), ("en", "kg")])
def test_kilograms_are_called_so_in_the_language_of_the_reader(words: str, unit: str) -> None:
    found = SimpleNamespace(least=None, most=Decimal(200), unit="kg", value=Decimal("12.5"))
    with translation.override(words):
        assert bounds(found) == f"≤{NO_BREAK}200{NO_BREAK}{unit}"
        assert valued(found) == f"12,5{NO_BREAK}{unit}"


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "unit"), [("ru", "кг"), ("en", "kg")])
def test_the_picture_of_a_genealogy_is_in_the_language_of_the_reader(words: str, unit: str) -> None:
    seed()
    pallet = stocked(1)
    with translation.override(words):
        drawn = re.sub(r"(<[^>]*>|\s)+", " ", picture(pallet.lot_id))
    assert f"922,000 {unit} · 100,00 %" in drawn
    assert f" {({'кг', 'kg'} - {unit}).pop()} " not in drawn


def test_dates_and_numbers_are_written_as_on_the_papers_of_the_plant_in_both_languages() -> None:
    at = datetime(2026, 11, 5, 18, 30, tzinfo=UTC)
    for words in ("ru", "en"):
        with translation.override(words):
            assert formats.localize(at) == "05.11.2026 18:30"
            assert formats.localize(at.date()) == "05.11.2026"
            assert formats.localize(Decimal("1234.50")) == "1\N{NARROW NO-BREAK SPACE}234,50"


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_equipment_is_called_as_whoever_looks_at_it_speaks(office: Client) -> None:
    office.cookies["django_language"] = "en"
    page = office.get("/admin/equipment/").content.decode()
    assert "Unpacking, line 1" in page
    assert "Растарка" not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_what_a_mix_waits_for_and_tasks_of_stages_are_said_to_the_reader(office: Client) -> None:
    mix, why = mix_out(), "ждёт: приняты не все паллеты замеса"
    Waiting.objects.create(record="mix", record_id=str(mix.pk), field="state", why=why)
    pages = ["/admin/production/mix/", f"/admin/production/mix/{mix.pk}/change/"]
    assert all(why in office.get(page).content.decode() for page in pages)
    office.cookies["django_language"] = "en"
    for page in pages:
        shown = office.get(page).content.decode()
        assert "waits: not all pallets of the mix are accepted" in shown
        assert why not in shown
    assert "Access request: …" in office.get("/admin/stages/").content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
def test_a_report_by_day_is_called_as_the_reader_speaks(office: Client) -> None:
    office.cookies["django_language"] = "en"
    page = office.get("/admin/reports/daily_production/days/").content.decode()
    assert "Daily production report by day" in page
    assert "Отчёт" not in page
