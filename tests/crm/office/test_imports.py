"""People and catalogues out of a workbook: shown first, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from zipfile import ZipFile

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from cli import app
from crm.audit.models import ValueChange
from crm.care.imports import template as imports_template
from crm.care.imports.kinds import Given, Kind
from crm.care.imports.take import take_over
from crm.catalogue.models import Company, RawMaterial, Recipe, RecipeVersion, Supplier
from crm.people.models import Person
from engine.documents.filled import LARGEST, filled
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE = "/admin/import/"
ADMIN, OFFICE, QUALITY = "Администратор", "Производственный отдел", "Менеджер по качеству"
Rows = Sequence[Sequence[object]]
PEOPLE: Rows = [
    ("ФИО", "Роли", "Язык", "Работает"),
    ("Новиков Н. Н.", "Приёмщик сырья, Начальник смены", "", ""),
    ("Ветров П. А.", "приёмщик сырья", "", "нет"),
    ("Белкин А. Р.", None, None, None),
]


def book(**sheets: Rows) -> bytes:
    """Return a workbook of sheets; «_» in a name is a space."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append([*row])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def show(client: Client, content: bytes) -> str:
    answer = client.post(PAGE, {"file": BytesIO(content)})
    assert answer.status_code == 200
    return answer.content.decode()


def apply(client: Client, page: str) -> str:
    """Press «Применить» under a preview."""
    hidden = ("content", "seen")
    sent = {
        name: page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0] for name in hidden
    }
    return words(client.post(PAGE, sent, follow=True).content.decode())


@pytest.mark.parametrize(
    ("group", "sees"), [(ADMIN, True), (OFFICE, True), (QUALITY, True), ("Директор", False)]
)
def test_the_menu_shows_the_page_to_whoever_may_bring_anything(group: str, sees: bool) -> None:
    """The right behind it opens nothing else: norms are made by their command (11.2)."""
    client = member("x", group)
    menu = client.get("/admin/stages/").content.decode()
    assert (f'href="{PAGE}"' in menu) == sees == (client.get(PAGE).status_code == 200)
    assert client.get("/admin/catalogue/recipeversion/add/").status_code == 403


def test_people_are_shown_as_they_would_be_and_taken_over_by_a_second_press() -> None:
    client = member("admin", ADMIN)
    before = Person.objects.count()
    page = show(client, book(Люди=PEOPLE))
    said = words(page)
    assert "Люди 2 Новиков Н. Н. новая" in said
    assert "Люди 3 Ветров П. А. изменится Работает: да → нет" in said
    assert "Люди 4 Белкин А. Р. без изменений" in said
    assert not Person.objects.filter(full_name="Новиков Н. Н.").exists()
    assert "новых 1, изменено 1" in apply(client, page)
    taken = Person.objects.get(full_name="Новиков Н. Н.")
    assert taken.role_codes == {"receiver", "shift_lead"}
    assert not Person.objects.get(full_name="Ветров П. А.").active
    assert Person.objects.filter(full_name__in=("Белкин А. Р.",)).get().active
    assert Person.objects.count() == before + 2  # and who is signed in
    assert "новых 1" in LogEntry.objects.get().change_message


def test_the_same_workbook_again_changes_nothing() -> None:
    client = member("admin", ADMIN)
    content = book(Люди=PEOPLE)
    page = show(client, content)
    apply(client, page)
    assert "записывать нечего" in words(show(client, content))
    assert "Тем временем записи изменились" in apply(client, page)
    assert Person.objects.filter(full_name="Новиков Н. Н.").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_workbook_that_two_apply_at_once_is_taken_over_once() -> None:
    sheets, given = filled(book(Люди=[("ФИО",), ("Новиков Н. Н.",)])), Given(None, timezone.now())
    seen = take_over(sheets, given, may=lambda kind: True, say=str).digest
    both_begun = Barrier(2)

    def apply(_: int) -> bool:
        def may(kind: Kind) -> bool:
            with suppress(BrokenBarrierError):  # the second one is not let begin
                both_begun.wait(0.3)
            return True

        try:
            return take_over(sheets, given, may=may, say=str, seen=seen).applied
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(apply, range(2))) == [False, True]
    assert Person.objects.filter(full_name="Новиков Н. Н.").count() == 1


def test_every_mistake_is_named_by_sheet_row_and_column_and_keeps_all_rows_out() -> None:
    client = member("boss", ADMIN)
    said = words(
        show(
            client,
            book(
                Люди=[
                    ("ФИО", "Роли"),
                    ("Первый П. П.", "Приемщик сырья"),
                    ("", "Приёмщик сырья"),
                    ("первый  п. п.", ""),
                    ("=A1&B1", ""),
                    ("Д" * 121, ""),
                ],
                Компании=[("Название", "ИНН"), ("ООО «Новая»", 70123456), ("ООО «Другая»", "")],
                Сырьё=[("Название",), ("Хвост",)],
            ),
        )
    )
    assert "Люди 2 Роли нет такого: «Приемщик сырья» Возможно, «Приёмщик сырья»?" in said
    assert "Люди 3 ФИО ячейка пуста Заполните её" in said
    assert "Люди 4 — то же, что в строке 2" not in said  # row 2 is none: its role is unknown
    assert "Люди 5 ФИО стоит формула Вставьте значение" in said
    assert "Люди 6 ФИО длиннее 120 знаков" in said
    assert "Компании 2 ИНН ИНН «70123456»: нужны 10 или 12 цифр Если пропал ноль впереди" in said
    assert "Сырьё 1 — неизвестный лист Листы называются так: Люди" in said
    assert "Применить" not in said
    assert not Company.objects.filter(name="ООО «Другая»").exists()
    assert not Person.objects.filter(name_key="первый п. п.").exists()


def test_a_row_named_twice_and_a_column_of_nobody_are_refused() -> None:
    client = member("admin", ADMIN)
    twice = [("Название",), ("ООО «Новая»",), ("ооо  «новая»",)]
    assert "Компании 3 — то же, что в строке 2" in words(show(client, book(Компании=twice)))
    odd = [("Название", "Адрес"), ("ООО «Новая»", "где-то")]
    assert "Компании 1 Адрес неизвестный столбец" in words(show(client, book(Компании=odd)))
    assert "Компании 1 Название столбца нет" in words(show(client, book(Компании=[("ИНН",)])))
    assert not Company.objects.filter(name="ООО «Новая»").exists()


def test_a_material_gets_its_shares_as_people_see_them() -> None:
    client = member("office", OFFICE)
    content = BytesIO(
        book(
            Виды_сырья=[
                ("Название", "Потери при дефростации, %", "Выход, %"),
                ("Хвост", 0.032, "30,5"),
                ("Каркас", 3.2, 31),
            ]
        )
    )
    made = load_workbook(content)
    made.worksheets[0]["B2"].number_format = "0.0%"
    out = BytesIO()
    made.save(out)
    page = show(client, out.getvalue())
    assert "Выход, %: 30 → 31" in words(page)
    apply(client, page)
    tail = RawMaterial.objects.get(name="Хвост")
    assert (tail.defrost_loss_pct, tail.exit_pct) == (Decimal("3.20"), Decimal("30.50"))
    assert tail.custom is False
    kept = ValueChange.objects.get(field="exit_pct")
    assert (kept.old, kept.new, kept.reason) == ("30", "31", "импорт из Excel")


def test_a_cell_without_a_value_of_its_own_is_named_and_a_computed_one_is_what_people_see() -> None:
    client = member("admin", ADMIN)
    people = [("ФИО", "Роли"), ("Первый П. П.", "Приёмщик сырья"), ("Второй В. В.", None)]
    made = load_workbook(BytesIO(book(Люди=people, Компании=[("Название",), ("#N/A",)])))
    made["Люди"].merge_cells("B2:B3")
    out = BytesIO()
    made.save(out)
    said = words(show(client, out.getvalue()))
    assert "Люди 3 Роли ячейка объединена с другой Разъедините ячейки" in said
    assert "Компании 2 Название стоит ошибка Excel #N/A Вставьте значение" in said
    shares = [("Название", "Потери при дефростации, %"), ("Хвост", 1.1 * 3)]
    assert "3,3" in words(show(member("office", OFFICE), book(Виды_сырья=shares)))


def test_a_new_recipe_and_its_norm_come_in_one_workbook() -> None:
    client = member("tech", "Главный технолог")
    norm = (18, 2, 2, 13, 1, 1, 66, 2, 2, None, None, None)
    titles = [label_for_field(name, RecipeVersion) for name in _numbers()]
    page = show(
        client,
        book(
            Рецепты=[("№", "Название", "Линия продукта"), (40, "Летний", "ММО")],
            Нормы_рецептов=[("№", *map(str, titles)), (40, *norm), (1, "18,1", *[None] * 11)],
        ),
    )
    apply(client, page)
    made = Recipe.objects.get(number=40)
    assert (made.name, made.product_line, made.code) == ("Летний", "mmo", "recipe_40")
    assert made.versions.get().fat == Decimal("18.00")
    first = RecipeVersion.objects.filter(recipe__number=1).order_by("version")
    assert [one.fat for one in first] == [Decimal("18.00"), Decimal("18.10")]
    assert first[1].guide == first[0].guide


def _numbers() -> list[str]:
    ends = ("", "_minus", "_plus")
    return [f"{part}{end}" for part in ("fat", "protein", "moisture", "ash") for end in ends]


def test_a_recipe_keeps_its_line_and_a_norm_its_bounds() -> None:
    client = member("tech", "Главный технолог")
    page = show(
        client,
        book(
            Рецепты=[("№", "Название", "Линия продукта"), (1, "Стандарт", "Пет-фуд")],
            Нормы_рецептов=[("№", "Жир, %"), (2, 99), (99, 1)],
        ),
    )
    said = words(page)
    assert "Рецепты 2 Линия продукта линию рецепта менять нельзя" in said
    assert "Нормы рецептов 2 — Границы нормы должны быть от 0 до 100 %" in said
    assert "Нормы рецептов 3 — рецепта № 99 нет Добавьте его на лист «Рецепты»" in said


def test_a_sheet_of_anothers_right_keeps_all_out_and_the_template_has_only_ones_own() -> None:
    client = member("office", OFFICE)
    said = words(
        show(client, book(Люди=PEOPLE, Поставщики=[("Название",), ("Птицефабрика «Новая»",)]))
    )
    assert "Люди 1 — у вас нет права менять эти записи" in said
    assert not Supplier.objects.filter(name="Птицефабрика «Новая»").exists()
    assert client.get(f"{PAGE}template/").status_code == 405
    given = load_workbook(BytesIO(client.post(f"{PAGE}template/").content))
    assert "Скачан шаблон с тем, что есть: Поставщики" in LogEntry.objects.get().change_message
    assert given.sheetnames == [
        *("Как заполнять", "Поставщики", "Заказчики", "Номенклатура", "Виды сырья", "Рецепты")
    ]
    assert "Нормы рецептов" in words(member("quality", QUALITY).get(PAGE).content.decode())
    director = member("director", "Директор")
    assert [director.get(PAGE).status_code, director.post(f"{PAGE}template/").status_code] == [
        *(403, 403)
    ]


def test_the_template_taken_over_as_it_is_changes_nothing(office: Client) -> None:
    content = office.post(f"{PAGE}template/").content
    said = words(show(office, content))
    assert "записывать нечего" in said, said[:2000]
    assert "Стандарт без изменений" not in said  # a recipe is named by its number
    assert "Виды сырья" in said


def test_a_template_of_more_rows_than_a_sheet_takes_has_further_sheets_and_comes_back(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Company.objects.bulk_create(Company(code=f"c{n}", name=f"Компания {n}") for n in range(9))
    monkeypatch.setattr(imports_template, "MOST_ROWS", 10)
    content = office.post(f"{PAGE}template/").content
    sheets = load_workbook(BytesIO(content))
    assert max(sheet.max_row for sheet in sheets.worksheets[1:]) == 10
    assert any(title.endswith(" 2") for title in sheets.sheetnames)
    assert "записывать нечего" in words(show(office, content))


def test_the_same_record_on_two_sheets_of_a_kind_is_refused_by_its_first_place(
    office: Client,
) -> None:
    both = [("ФИО",), ("Белкин А. Р.",)]
    text = words(show(office, book(Люди=both, Люди_2=both)))
    assert "Люди 2 2 " in text
    assert "то же, что в строке 2 листа «Люди»" in text
    assert "неизвестный лист" in show(office, book(Люди_x=both))


def test_the_template_of_another_language_is_taken_over_too(office: Client) -> None:
    office.cookies["django_language"] = "en"
    content = office.post(f"{PAGE}template/").content
    assert "People" in load_workbook(BytesIO(content)).sheetnames
    office.cookies.clear()
    office.force_login(User.objects.get())
    said = words(show(office, content))
    assert "записывать нечего" in said, said[-3000:]


def test_a_bomb_and_what_is_no_workbook_are_refused_before_anything_is_unpacked() -> None:
    client = member("admin", ADMIN)
    out = BytesIO()
    with ZipFile(BytesIO(book(Люди=PEOPLE))) as whole, ZipFile(out, "w", 8) as bomb:
        for name in whole.namelist():
            sheet = name.endswith("sheet1.xml")
            bomb.writestr(name, b" " * (21 * 2**20) if sheet else whole.read(name))
    assert len(out.getvalue()) < LARGEST
    assert "слишком большая часть" in words(show(client, out.getvalue()))
    assert "это не книга Excel" in words(show(client, b"PK\x03\x04 no zip"))
    assert "Файл больше 1 МБ" in words(show(client, b"x" * (LARGEST + 1)))
    last = [("ФИО",), *[("",)] * 1500, ("Последний П. П.",)]
    assert "не больше 1000 строк" in words(show(client, book(Люди=last)))
    assert "слишком большая часть" not in words(show(client, book(Люди=PEOPLE)))


def ran(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["import", *arguments])
    return done.exit_code, done.output


def test_the_command_shows_first_writes_by_apply_and_names_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(book(Люди=PEOPLE))
    code, said = ran(str(file))
    assert code == 0
    assert "+ Люди, строка 2: Новиков Н. Н." in said
    assert "Новых 1, изменённых 1, прежних 1. Не записано ничего" in said
    assert not Person.objects.filter(full_name="Новиков Н. Н.").exists()
    assert ran(str(file), "--apply")[0] == 0
    assert Person.objects.filter(full_name="Новиков Н. Н.").exists()
    good, bad = ("Добрый Д. Д.", ""), ("Иной И. И.", "Повар")
    file.write_bytes(book(Люди=[("ФИО", "Роли"), good, bad]))
    code, said = ran(str(file), "--apply")
    assert code == 1
    assert "лист «Люди», строка 3, столбец «Роли»: нет такого: «Повар»" in said
    assert not Person.objects.filter(full_name__in=(good[0], bad[0])).exists()
    filled_in = tmp_path / "template.xlsx"
    assert ran(str(filled_in), "--template")[0] == 0
    assert "Новых 0, изменённых 0" in ran(str(filled_in))[1]
