"""Catalogues: names are compared as people read them, codes are made once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crm.catalogue import transliterate
from crm.catalogue.models import Nomenclature, RawMaterial
from crm.catalogue.operations.add import add
from crm.catalogue.operations.change import change
from crm.catalogue.transliterate import transliterate as code_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ёжик", "ezhik"),
        ("Щука-хвост цех", "shchuka_hvost_ceeh"),
        ("Объём йода", "obem_ioda"),
        ("эюя шь", "eyuya_sh"),
        ("№ %", "x"),
    ],
)
def test_codes_are_made_letter_by_letter(name: str, code: str) -> None:
    assert code_of(name) == code
    assert transliterate.free_code(name, {code, f"{code}_2"}) == f"{code}_3"


def test_names_that_differ_in_case_and_spaces_are_one() -> None:
    first = add(None, model=Nomenclature, name="Каркас ЦБ")
    assert add(None, model=Nomenclature, name="  каркас   цб ") == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomenclature.objects.create(code="other", name="КАРКАС ЦБ")


def test_two_names_with_one_code_get_two_codes() -> None:
    codes = [add(None, model=Nomenclature, name=name).code for name in ("Мел", "Мёл", "Мел!")]
    assert codes == ["mel", "mel_2", "mel_3"]


def test_a_changed_name_is_found_and_its_code_stays(at: datetime) -> None:
    entry = add(None, model=RawMaterial, name="Шея")
    change(None, entry=entry, values={"name": "Шея утиная", "exit_pct": Decimal("20.5")}, at=at)
    found = RawMaterial.objects.get(name_key="шея утиная")
    assert (found.code, found.exit_pct) == ("sheya", Decimal("20.50"))
    with pytest.raises(ValueError, match="code"):
        change(None, entry=entry, values={"code": "other"}, at=at)


def test_a_share_over_a_hundred_is_refused_by_the_database() -> None:
    entry = add(None, model=RawMaterial, name="Шея")
    with pytest.raises(IntegrityError, match="exit_is_a_share"), transaction.atomic():
        RawMaterial.objects.filter(pk=entry.pk).update(exit_pct=Decimal("100.01"))
