"""What the lists of holds and of calls for help are narrowed by (domain 11.2: state, role, age)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from crm.office.pages.calls import station_said
from crm.people.models import Person
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold
from crm.work.models import HelpRequest
from tests.crm.office.floor import a_blank, a_call, a_hold
from tests.crm.production.pallets import stocked, who
from tests.crm.production.stock import batch_in_stock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
HOLDS, CALLS = "/admin/quality/hold/", "/admin/work/helprequest/"
STOOD, DAY = timedelta(hours=3), timedelta(days=1)


def found(client: Client, page: str, **query: str) -> list[int]:
    return sorted(row.pk for row in client.get(page, query).context["cl"].result_list)


@pytest.fixture
def holds() -> tuple[int, int, int]:
    """A hold that somebody placed on a blank three hours ago, one that the program placed on a
    pallet now, and one on the pallet that stood for two days and is over."""
    batch, pallet = batch_in_stock("carcass", Decimal(900), condition="chilled"), stocked()
    placed = a_hold(a_blank(1, batch).lot)
    Hold.objects.filter(pk=placed.pk).update(placed_at=timezone.now() - STOOD)
    given = {"lot": pallet.lot, "reason": "жир", "placed_at": timezone.now()}
    failed = Hold.objects.create(kind="fhp", **given)
    over = Hold.objects.create(kind="expired", **given)
    Hold.objects.filter(pk=over.pk).update(placed_at=timezone.now() - 2 * DAY)
    release_hold(who(), hold=over, reason="проверено", at=timezone.now(), decided=True)
    return placed.pk, failed.pk, over.pk


def test_holds_are_found_by_what_is_held_by_whom_and_for_how_long(
    office: Client, holds: tuple[int, int, int]
) -> None:
    placed, failed, over = holds
    by = str(who().pk)
    for query, wanted in (
        ({"what": "blank"}, [placed]),
        ({"what": "pallet"}, [failed, over]),
        ({"placed_by": by}, [placed]),
        ({"placed_by": "system"}, [failed, over]),
        ({"placed_by": "nobody"}, [placed, failed, over]),
        ({"open": "yes"}, [placed, failed]),
        ({"open": "no"}, [over]),
        ({"age": "2h"}, [placed]),
        ({"age": "1d"}, []),
        ({"q": who().full_name[:4].lower()}, [placed]),
    ):
        assert found(office, HOLDS, **query) == sorted(wanted), query


def test_holds_are_found_by_the_role_that_releases_them(
    office: Client, holds: tuple[int, int, int]
) -> None:
    placed, failed, _over = holds
    quality, nobody = (found(office, HOLDS, role=one) for one in ("quality_manager", "packer"))
    assert placed in quality
    assert failed not in quality
    assert failed in found(office, HOLDS, role="technologist")
    assert nobody == []


def test_only_who_placed_a_hold_and_who_may_release_one_is_offered(
    office: Client, holds: tuple[int, int, int]
) -> None:
    specs = {one.parameter_name: one for one in office.get(HOLDS).context["cl"].filter_specs
             if hasattr(one, "lookup_choices") and hasattr(one, "parameter_name")}  # fmt: skip
    offered = dict(specs["placed_by"].lookup_choices)
    assert offered == {"system": "система", str(who().pk): who().full_name}
    roles = dict(specs["role"].lookup_choices)
    assert "quality_manager" in roles
    assert "packer" not in roles


def test_calls_are_found_by_who_called_where_whether_they_are_over_and_how_long_they_wait(
    office: Client,
) -> None:
    now, lab = timezone.now(), Person.objects.holding("lab").earliest("pk")
    waits, over = a_call(1), a_call(2)
    HelpRequest.objects.filter(pk=waits.pk).update(
        station="press_line_1", created_at=now - STOOD, author=lab
    )
    HelpRequest.objects.filter(pk=over.pk).update(
        state="solved", created_at=now - 2 * DAY, ended_at=now
    )
    for query, wanted in (
        ({"role": "lab"}, [waits]),
        ({"role": "director"}, []),
        ({"station": "press_line_1"}, [waits]),
        ({"station": "press_line_2"}, []),
        ({"open": "yes"}, [waits]),
        ({"open": "no"}, [over]),
        ({"age": "2h"}, [waits]),
        ({"age": "1d"}, []),
    ):
        assert found(office, CALLS, **query) == [one.pk for one in wanted], query


def test_a_station_is_called_in_the_language_of_the_page(office: Client) -> None:
    HelpRequest.objects.filter(pk=a_call(1).pk).update(station="press_line_1")
    russian = station_said("press_line_1")
    card = f"{CALLS}{HelpRequest.objects.get().pk}/change/"
    for page in (CALLS, card):
        assert russian in office.get(page).content.decode(), page
    office.cookies["django_language"] = "en"
    for page in (CALLS, card):
        shown = office.get(page).content.decode()
        assert "Press, line 1" in shown, page
        assert russian not in shown, page
