"""The parameters of raw materials are the technologist's (domain 11.2); all of the office reads
them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.catalogue.models import RawMaterial
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
FORM = {"name": "Каркас новый", "defrost_loss_pct": "3,25", "exit_pct": "70", "active": "on"}


@pytest.mark.parametrize(
    ("group", "sets"), [("Главный технолог", True), ("Производственный отдел", False)]
)
def test_only_the_technologist_sets_the_parameters_of_a_material(group: str, sets: bool) -> None:
    material = RawMaterial.objects.earliest("pk")
    before = (material.defrost_loss_pct, material.exit_pct)
    client = member("one", group)
    page = client.get(address(material, "change")).content.decode()
    assert ('name="defrost_loss_pct"' in page) is sets
    assert 'name="name"' in page
    assert client.post(address(material, "change"), FORM).status_code == 302
    material.refresh_from_db()
    assert material.name == "Каркас новый"
    after = (Decimal("3.25"), Decimal(70)) if sets else before
    assert (material.defrost_loss_pct, material.exit_pct) == after


def test_a_material_that_the_production_office_adds_has_no_parameters_yet() -> None:
    client = member("one", "Производственный отдел")
    answer = client.post("/admin/catalogue/rawmaterial/add/", FORM)
    assert answer.status_code == 302
    made = RawMaterial.objects.get(name="Каркас новый")
    assert (made.defrost_loss_pct, made.exit_pct) == (None, None)
