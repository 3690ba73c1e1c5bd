"""The history on cards: what each value and each state was before, who changed it, why."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.audit.models import Seal, ValueChange
from crm.audit.operations.seal import seal
from crm.audit.verify import verify
from crm.bridge.program import program
from crm.catalogue.models import Supplier
from crm.catalogue.operations.add import add
from crm.people.operations.save_person import save_person
from crm.production.models import MincedOrder, Pallet
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import OFFICE, TECHNOLOGIST, address, correct, person, words
from tests.crm.production.orders import fire, line, new_order
from tests.crm.production.pallets import kg, now, stocked
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
WEIGHTS = {"gross": "960", "pallet_weight": "22", "packaging_weight": "18"}


def card(client: Client, record: object) -> str:
    return words(client.get(address(record, "change")).content.decode())


def kept() -> list[tuple[str, str, str, str]]:
    rows = ValueChange.objects.exclude(record="people.person").order_by("pk")
    return list(rows.values_list("part", "field", "old", "new"))


def test_corrected_weights_of_a_pallet_are_kept_with_who_and_why() -> None:
    pallet, client = stocked(), member("one", OFFICE)
    before = Pallet.objects.get(pk=pallet.pk)
    seen = correct(client, pallet, "weights", "show", **WEIGHTS)
    assert "Что исправится" in seen
    assert not kept()
    correct(client, pallet, "weights", "apply", **WEIGHTS)
    values = {field: (old, new) for _, field, old, new in kept()}
    assert values["net"] == (f"{before.net:f}".rstrip("0").rstrip("."), "920")
    assert {(one.by, one.reason) for one in ValueChange.objects.filter(record="pallet")} == {
        (person("one"), "ошибка в плане")
    }
    shown = card(client, pallet)
    assert f"→ 920,000. {person('one')}: ошибка в плане" in shown
    correct(client, pallet, "weights", "apply", **WEIGHTS)
    assert len(kept()) == len(values)  # what stays as it is was not corrected


def test_another_number_is_kept_with_its_reason() -> None:
    pallet, client = stocked(), member("one", OFFICE)
    number = pallet.number
    correct(client, pallet, "renumber", "apply", to_number="777")
    assert kept() == [("", "number", str(number), "777")]
    assert f"Номер: {number} → 777. {person('one')}: ошибка в плане" in card(client, pallet)


def test_a_changed_order_keeps_its_old_number_of_mixes_and_kilograms() -> None:
    batch = batch_in_stock("carcass", kg(2000), ("17.00", "13.00", "67.00"), "chilled")
    made = new_order([line("900", batch)], 4, recipe=12)
    fire(made, "plan")
    order = MincedOrder.objects.get(pk=made.pk)
    assert "Новая → Запланирована. " in card(member("two", OFFICE), order)
    item, client = order.items.get(), member("one", TECHNOLOGIST)
    correct(client, order, "plan", "apply", **{"number_mix": "5", f"kg_{item.pk}": "990"})
    assert kept() == [
        (str(batch), "kg_planned", "900", "990"),
        ("", "number_mix", "4", "5"),
    ]
    assert f"{batch}, План, кг: 900,000 → 990,000. {person('one')}" in card(client, order)


def test_kept_values_are_sealed_with_the_other_histories() -> None:
    correct(member("one", OFFICE), stocked(), "renumber", "apply", to_number="777")
    assert seal(now()) > 0
    (sealed,) = Seal.objects.filter(table="audit_valuechange")
    assert not [*verify(1, sealed.number)]


def test_an_entry_keeps_its_old_name_and_switch_with_who_and_why() -> None:
    entry = add(None, model=Supplier, name="ООО Прежнее")
    client = member("one", OFFICE)
    given = {"name": "ООО Новое", "tax_no": "7701234567", "reason": "переименовались"}
    client.post(address(entry, "change"), given)
    assert kept() == [
        ("", "name", "ООО Прежнее", "ООО Новое"),
        ("", "tax_no", "", "7701234567"),
        ("", "active", "true", "false"),
    ]
    shown = card(client, entry)
    assert f"Название: ООО Прежнее → ООО Новое. {person('one')}: переименовались" in shown
    assert "Действует: Да → Нет." in shown


def test_roles_of_a_person_are_told_from_which_to_which() -> None:
    worker = save_person(None, person=None, full_name="Зимин К. Д.", roles=["storekeeper"])
    client = member("chief", "Администратор")
    given = {
        "full_name": "Зимин К. Д.", "language": "ru", "roles": ["lab", "receiver"],
        "reason": "перешёл в смену",
    }  # fmt: skip
    client.post(address(worker, "change"), given)
    kept = ValueChange.objects.filter(record="people.person", record_id=worker.pk)
    last = kept.filter(field="roles").last()
    assert last is not None
    assert (last.field, last.old, last.new) == ("roles", "storekeeper", "lab, receiver")
    shown = card(client, worker)
    assert "Роли: Кладовщик → Лаборатория, Приёмщик сырья" in shown
    assert f"{person('chief')}: перешёл в смену" in shown


def test_what_a_history_says_was_done_has_a_title_whoever_does_it() -> None:
    untitled = [
        f"{machine.lifecycle}: {name}"
        for machine in (one.lifecycle for one in program().lifecycles.values())
        for name, forms in machine.transitions.items()
        if not all(form.title for form in forms)
    ]
    assert untitled == []
