"""«Контрольные карты» and «Причины отклонений»: the numbers of the pages against a computation of
the test's own, and what the pages cost."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.catalogue.models import RawMaterial, RecipeVersion, Supplier
from crm.ledger.models import Lot
from crm.people.models import Person
from crm.production.models import FreezerLoad, Mix, RawBatch
from crm.quality.characteristics import CHARACTERISTICS
from crm.quality.models import Check, Deviation, Measurement, MixAnalysis
from tests.crm.office.conftest import member
from tests.crm.office.floor import a_deviation, furnish
from tests.crm.production.pallets import now, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PAGE, CAUSES = "/admin/control-charts/", "/admin/deviation-causes/"
AT_MOST = 12
FATS = ["18.0", "18.4", "17.9", "18.2", "18.1", "18.3", "17.8", "18.0", "18.2", "22.5"]


def words(client: Client, path: str, **query: str) -> str:
    text = html.unescape(client.get(path, query).content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("office-head") :]))


def analysed(mix: Mix, fats: Sequence[str]) -> list[Mix]:
    """Keep analyses an hour apart, each of a mix of its own of one order, the last of them `mix`,
    with the norm of fat 15.5–20.5."""
    assert not MixAnalysis.objects.exists()
    lots = Lot.objects.bulk_create(Lot(kind="mix") for _ in fats[1:])
    others = Mix.objects.bulk_create(
        Mix(order=mix.order, index=at, number=f"{mix}-{at}", year=mix.year, lot=lot,
            created_at=now())
        for at, lot in enumerate(lots, 2)
    )  # fmt: skip
    mixes = [*others, mix]
    for at, (one, fat) in enumerate(zip(mixes, fats, strict=True)):
        attempt(one, 1, fat, now() - timedelta(hours=len(fats) - at))
    return mixes


def attempt(mix: Mix, number: int, fat: str, at: datetime) -> None:
    MixAnalysis.objects.create(
        mix=mix, attempt=number, session=uuid4(), verdict="pass", by=who(), at=at,
        fat=Decimal(fat), protein=Decimal(13), moisture=Decimal(66),
        limits_snapshot={"fat": {"least": "15.50", "most": "20.50"}},
    )  # fmt: skip


def received(batch: RawBatch, values: Sequence[str], **more: Any) -> None:
    """Keep temperatures of a batch an hour apart, the last an hour ago."""
    for at, value in enumerate(values):
        Measurement.objects.create(**{
            "lot": batch.lot, "name": "body_temp", "value": Decimal(value), "unit": "°C",
            "limit": "x", "limit_version": 1, "most": Decimal(-8), "within": True,
            "at": now() - timedelta(hours=len(values) - at), **more,
        })  # fmt: skip


def test_the_limits_are_those_of_an_independent_computation(office: Client) -> None:
    furnish(1)
    analysed(Mix.objects.get(), FATS)
    text = words(office, PAGE)
    numbers = [float(one) for one in FATS]
    moves = [abs(after - before) for before, after in pairwise(numbers)]
    mean, move = sum(numbers) / 10, sum(moves) / 9
    for told in (
        "Измерений 10",
        f"Среднее {mean:.2f} %",
        f"Нижняя граница {mean - 2.66 * move:.2f} %",
        f"Верхняя граница {mean + 2.66 * move:.2f} %",
        f"Средний размах {move:.2f} %",
        f"Граница размахов {3.267 * move:.2f} %",
    ):
        assert told.replace(".", ",") in text, told
    assert "Вне нормы 1" in text
    assert "Сигналов 2" in text
    assert "18,20 0,20 15,5…20,5 % 2: девять подряд по одну сторону от среднего" in text
    assert re.search(
        r"22,50 4,30 15,5…20,5 % 1: точка за границей 3σ; R: скачок больше границы размахов"
        r" вне нормы", text
    )  # fmt: skip
    assert "Меньше 20 измерений: границы предварительные" in text
    page = office.get(PAGE).content.decode()
    assert len(re.findall("<circle", page)) == 10 + 9


def test_what_was_taken_back_or_is_of_another_load_is_no_value(office: Client) -> None:
    furnish(1)
    mixes = analysed(Mix.objects.get(), FATS)
    MixAnalysis.objects.filter(mix=mixes[0]).update(voided_at=now())
    MixAnalysis.objects.filter(mix=mixes[1]).update(superseded=True)
    assert "Измерений 8" in words(office, PAGE)
    batch = a_batch()
    received(batch, ["-10", "-11"])
    asked = {"characteristic": "body_temp"}
    assert "Измерений 2" in words(office, PAGE, **asked)
    RawBatch.objects.filter(pk=batch.pk).update(state="cancelled")
    assert "Измерений" not in words(office, PAGE, **asked)


def test_a_repeated_analysis_stands_in_place_of_the_one_before(office: Client) -> None:
    furnish(1)
    mixes = analysed(Mix.objects.get(), ["18", "25", "19"])
    attempt(mixes[1], 2, "18.5", now() - timedelta(minutes=5))
    text = words(office, PAGE)
    assert "Измерений 3" in text
    assert "Среднее 18,50 %" in text
    assert "25,00" not in text
    MixAnalysis.objects.filter(attempt=2).update(voided_at=now())  # the one before counts again
    assert "25,00" in words(office, PAGE)


def test_values_are_of_one_recipe_and_of_the_days_asked_for(office: Client) -> None:
    furnish(2)
    mix = Mix.objects.earliest("pk")
    analysed(mix, FATS)
    assert mix.order is not None
    other = RecipeVersion.objects.exclude(recipe=mix.order.recipe).earliest("pk").recipe
    assert "За эти дни измерений нет" in words(office, PAGE, recipe=str(other.pk))
    day = f"{now() - timedelta(days=60):%Y-%m-%d}"
    assert "За эти дни измерений нет" in words(office, PAGE, **{"from": day, "to": day})
    MixAnalysis.objects.exclude(mix=mix).update(voided_at=now())
    assert "одно измерение" in words(office, PAGE)


def test_the_versions_of_the_norm_stand_beside_the_chart(office: Client) -> None:
    furnish(1)
    mix = Mix.objects.get()
    analysed(mix, FATS)
    assert mix.order is not None
    recipe = mix.order.recipe
    first = RecipeVersion.objects.filter(recipe=recipe).earliest("version")
    first.pk, first.version, first.reason, first.author = None, 7, "новый поставщик", who()
    first.fat = Decimal("19.00")
    first.since = now()
    first.save()
    text = words(office, PAGE)
    norm = first.fat - first.fat_minus, first.fat + first.fat_plus
    said = "–".join(f"{end:.2f}" for end in norm).replace(".", ",")
    assert re.search(rf"7 \d\d\.\d\d\.\d{{4}} \d\d:\d\d {said} \S.* новый поставщик", text)
    assert "Версии предела" in words(office, PAGE, characteristic="core_temp")


def a_batch(**more: Any) -> RawBatch:
    """Return a frozen batch with a material and a supplier."""
    batch = RawBatch.objects.latest("pk")
    known = {
        "supplier": Supplier.objects.earliest("pk"), "condition": "frozen",
        "raw_material": RawMaterial.objects.earliest("pk"), **more,
    }  # fmt: skip
    RawBatch.objects.filter(pk=batch.pk).update(**known)
    return batch


def test_temperatures_are_narrowed_by_material_and_supplier(office: Client) -> None:
    furnish(1)
    batch = a_batch()
    received(batch, ["-12.5", "-11.5", "-10.5"])
    asked = {"characteristic": "body_temp"}
    assert "Среднее −11,50 °C" in words(office, PAGE, **asked)
    there, other = Supplier.objects.order_by("pk")[:2]
    assert "Измерений 3" in words(office, PAGE, **asked, supplier=str(there.pk))
    assert "измерений нет" in words(office, PAGE, **asked, supplier=str(other.pk))


def test_chilled_and_frozen_meat_are_two_processes(office: Client) -> None:
    furnish(2)
    cold, chilled = RawBatch.objects.order_by("-pk")[:2]
    batch = a_batch()
    assert batch == cold
    received(cold, ["-12.5", "-11.5", "-10.5"])
    RawBatch.objects.filter(pk=chilled.pk).update(
        condition="chilled", raw_material=RawMaterial.objects.earliest("pk")
    )
    received(chilled, ["2", "3"], least=Decimal(-2), most=Decimal(4))
    asked = {"characteristic": "body_temp"}
    text = words(office, PAGE, **asked)
    assert "≤ −8,0 °C Замороженное" in text
    assert "condition" not in text
    assert "Среднее −11,50 °C" in words(office, PAGE, **asked, condition="frozen")
    assert "Среднее 2,50 °C" in words(office, PAGE, **asked, condition="chilled")


def test_a_refused_delivery_of_which_little_is_known_opens_the_page(office: Client) -> None:
    furnish(1)
    refused = {"state": "refused", "number": None, "received_at": None}
    received(a_batch(raw_material=None, condition="", **refused), ["-12", "-13"])
    assert "Измерений 2" in words(office, PAGE, characteristic="body_temp")


def test_a_core_temperature_has_the_limit_that_it_was_held_to(office: Client) -> None:
    furnish(3)
    loads = [*FreezerLoad.objects.order_by("pk")]
    out_at = now()  # on this production day, whatever hour it is
    FreezerLoad.objects.update(freezer=loads[0].freezer, unloaded_at=out_at)
    for load, most in zip(loads, (-18, -18, -20), strict=True):
        assert load.mix is not None
        Measurement.objects.create(
            lot=load.mix.lot, name="core_temp", value=Decimal("-18.5"), unit="°C", limit="x",
            limit_version=1, most=Decimal(most), within=most == -18, at=out_at,
        )  # fmt: skip
    text = words(office, PAGE, characteristic="core_temp")
    assert "Вне нормы 1" in text
    assert re.search("−18,5 — ≤ −18,0 °C .*Версии", text)
    assert "−18,5 0,0 ≤ −20,0 °C — вне нормы" in text


def test_each_norm_is_drawn_beside_the_values_that_it_held_for(office: Client) -> None:
    furnish(1)
    batch = a_batch()
    received(batch, ["-12", "-11"], most=Decimal(-8))
    later = {"limit_version": 2, "at": now()}
    received(batch, ["-12"], most=Decimal(-10), **later)
    page = html.unescape(office.get(PAGE, {"characteristic": "body_temp"}).content.decode())
    lines = re.findall(
        r'<line class="is-norm" x1="(\d+)" x2="(\d+)"[^>]*><title>([^<]+)</title></line>(<text)?',
        page,
    )
    assert [(said, bool(label)) for _a, _b, said, label in lines] == [
        ("Норма −8,0", False), ("Норма −10,0", True),
    ]  # fmt: skip
    assert int(lines[0][1]) == int(lines[1][0])  # one begins where the other ends


def test_the_checks_of_the_plan_have_charts(office: Client) -> None:
    found = ((None, "-18.5"), (None, "-16"), (1, "3"), (1, "3.5"), (2, "1"))
    for minute, (line, value) in enumerate(found):
        at = now() - timedelta(minutes=len(found) - minute)
        limit = "separation_temperature" if line else "store_temperature"
        check = Check.objects.create(
            state="new", limit=limit, line=line, point=f"{limit}/{line}", title="Температура",
            entry="temperature", opens_at=at, half_at=at + timedelta(minutes=1),
            closes_at=at + timedelta(minutes=2),
        )  # fmt: skip
        ends = {"most": Decimal(4)} if line else {"least": Decimal(-19), "most": Decimal(-17)}
        Measurement.objects.create(
            check_made=check, name="check", value=Decimal(value), unit="°C", limit=limit,
            limit_version=1, within=value != "-16", at=at, **ends,
        )  # fmt: skip
    text = words(office, PAGE, characteristic="store_temp")
    assert "Измерений 2" in text
    assert "Вне нормы 1" in text
    assert "−16,0 2,5 −19,0…−17,0 °C" in text
    text = words(office, PAGE, characteristic="separation_temp", line="1")
    assert "Среднее 3,25 °C" in text
    assert "Температура, линия 1" in text


@pytest.mark.parametrize(
    "query",
    [
        {"characteristic": "nothing", "recipe": "x", "from": "x", "to": "31.02.2026"},
        {"characteristic": "raw_fat", "material": "99999999999999999999"},
        {"from": "2026-11-30", "to": "2026-11-01"},
        {"by": "password"},
    ],
)
def test_what_cannot_be_read_is_not_asked(office: Client, query: dict[str, str]) -> None:
    for page in (PAGE, CAUSES):
        assert office.get(page, query).status_code == 200


def test_causes_are_counted_with_shares_and_how_they_ended(office: Client) -> None:
    furnish(1)
    lot = Deviation.objects.earliest("asked_at").lot
    assert lot is not None
    for number, (label, state) in enumerate(
        [("жир", "approved"), ("жир", "rejected"), ("жир", "open"), ("зола", "withdrawn")], 50
    ):
        made = a_deviation(number, lot)
        decided = {"decided_by": who(), "decided_at": now(), "comment": "так"}
        Deviation.objects.filter(pk=made.pk).update(
            kind=label,
            label=f"{label} {number}",
            state=state,
            **(decided if state in ("approved", "rejected") else {}),
        )
    text = words(office, CAUSES)
    assert "1 Жир 3 60,0 60,0 1 1 1 0 0 0 0" in text
    assert "2 Температура 1 20,0 80,0 1 0 0 0 0 0 0" in text
    assert "3 Зола 53 1 20,0 100,0 0 0 0 1 0 0 0" in text
    page = office.get(CAUSES).content.decode()
    assert len(re.findall("<rect", page)) == 3
    address = html.unescape(re.search(r'href="(/admin/quality/deviation/\?kind[^"]+)"', page)[1])  # type: ignore[index]
    assert len(office.get(address).context["cl"].result_list) == 3
    assert "Новая партия 5" in words(office, CAUSES, by="flow")
    assert "1 Температура при приёмке 5" in words(office, CAUSES, by="limit")
    offered = html.unescape(office.get("/admin/quality/deviation/").content.decode())
    assert re.search(r'<option value="жир"[^>]*>\s*Жир\s*</option>', offered)


def test_causes_that_are_called_alike_are_told_apart(office: Client) -> None:
    furnish(1)
    lot = Deviation.objects.earliest("asked_at").lot
    assert lot is not None
    namesake = Person.objects.create(full_name=who().full_name)
    alike = {
        "weight": "Растарка заготовки", "packaging": "Растарка заготовки",
        "lab": "анализ партии 2211/3", "antibiotic": "анализ партии 2211/4",
    }  # fmt: skip
    for number, (kind, label) in enumerate(alike.items(), 50):
        made = a_deviation(number, lot)
        Deviation.objects.filter(pk=made.pk).update(kind=kind, label=label, asked_by=namesake)
    text = words(office, CAUSES)
    offered = html.unescape(office.get("/admin/quality/deviation/").content.decode())
    for told in (
        "Растарка заготовки: Вес не сходится", "Растарка заготовки: Повреждена упаковка",
        "Анализ партии: Анализ сырья", "Анализ партии: Антибиотик",
    ):  # fmt: skip
        assert f"{told} 1 20,0" in text
        assert told in offered
    assert "Температура 1 20,0" in text
    text = words(office, CAUSES, by="who")
    assert f"1 {namesake}, № {namesake.pk} 4 80,0" in text
    assert f"2 {who()}, № {who().pk} 1 20,0" in text


def test_the_list_behind_a_cause_goes_on_after_midnight(client: Client, boss: User) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 21, 30, tzinfo=UTC)):  # 00:30 at the plant
        client.force_login(boss)
        furnish(1)
        page = client.get(CAUSES).content.decode()
        found = re.search(r'href="(/admin/quality/deviation/[^"]+)"', page)
        assert found is not None
        assert len(client.get(html.unescape(found[1])).context["cl"].result_list) == 1


def test_many_causes_are_shown_as_a_dozen_and_the_rest(office: Client) -> None:
    furnish(1)
    lot = Deviation.objects.earliest("asked_at").lot
    assert lot is not None
    for number in range(20):
        made = a_deviation(100 + number, lot)
        Deviation.objects.filter(pk=made.pk).update(kind=f"причина {number:02}")
    text = words(office, CAUSES)
    assert "13 прочие: 9 9 42,9 100,0" in text


def test_no_deviations_say_what_to_do(office: Client) -> None:
    assert "За эти дни отклонений не было. Выберите другие дни" in words(office, CAUSES)


def test_the_pages_cost_a_dozen_queries_at_most() -> None:
    clerk = member("clerk", "Менеджер по качеству")
    furnish(2)
    analysed(Mix.objects.earliest("pk"), FATS * 5)
    asked = [*CHARACTERISTICS]
    for path in (*(f"{PAGE}?characteristic={what}" for what in asked), CAUSES):
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(path).status_code == 200
        assert len(queries) <= AT_MOST, (path, len(queries))
