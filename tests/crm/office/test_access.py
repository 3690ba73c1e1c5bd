"""Who gets in: nobody unknown, anywhere; and nothing changes by GET."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crm.ledger.models import Event
from crm.production.models import RawBatch
from crm.quality.models import LimitVersion
from tests.crm.office.conftest import member

pytestmark = pytest.mark.django_db
OPEN = {"/admin/login/", "/api/v1/openapi.json"}  # the doors themselves
SAMPLES = {
    "object_id": "1",
    "content_type_id": "1",
    "app_label": "production",
    "id": "1",
    "form": "csv",
}


def addresses(entries: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Give an address of every page of the program."""
    for entry in entries:
        route = before + str(entry.pattern).lstrip("^").replace(r"\Z", "").replace("$", "")
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        else:
            for name, kind in entry.pattern.converters.items():
                for text in (f"<path:{name}>", f"<int:{name}>", f"<str:{name}>", f"<{name}>"):
                    route = route.replace(text, SAMPLES.get(name, "x"))
                assert kind is not None
            yield route.replace("(?P<app_label>auth|production|x)", "production")


def every_address() -> list[str]:
    found = sorted({address.split("(?P")[0] for address in addresses(get_resolver().url_patterns)})
    return [address for address in found if address not in OPEN]


@pytest.mark.usefixtures("seeded")
def test_accounts_are_listed_with_their_roles(office: Client) -> None:
    member("two", "Отдел отгрузки")
    page = office.get("/admin/auth/user/").content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<tbody") :]))
    assert "boss Админов Админ все " in text
    assert "two — — Отдел отгрузки " in text


def test_the_walk_sees_the_pages_that_matter() -> None:
    found = every_address()
    assert len(found) > 60
    for page in ("/admin/production/rawbatch/", "/admin/production/rawbatch/1/cancel/", "/files/x"):
        assert page in found


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_visitor_is_refused_on_every_address(method: str) -> None:
    let_in = {}
    for address in every_address():
        answer = getattr(Client(), method)(address)
        to_the_door = answer.status_code == 302 and (
            "/login/" in answer["Location"] or answer["Location"] == "/admin/"
        )
        if not (to_the_door or answer.status_code in (401, 403, 404, 405)):
            let_in[address] = answer.status_code
    assert let_in == {}


def test_an_account_without_staff_rights_is_refused() -> None:
    client = Client()
    client.force_login(User.objects.create_user("worker"))
    for page in ("/admin/", "/admin/production/rawbatch/", "/files/x"):
        answer = client.get(page)
        assert (answer.status_code, "/login/" in answer["Location"]) == (302, True)


def test_commands_do_nothing_by_get(office: Client, receive: Callable[..., RawBatch]) -> None:
    batch = receive()
    for query in ("", "?step=apply&reason=ошибка"):  # the form of a correction is shown
        answer = office.get(f"/admin/production/rawbatch/{batch.pk}/cancel/{query}")
        batch.refresh_from_db()
        assert (answer.status_code, batch.state) == (200, "received")
    person = batch.created_by
    assert person is not None
    assert office.get(f"/admin/people/person/{person.pk}/invite/").status_code == 405


def test_a_command_without_the_token_against_forgery_is_refused(
    boss: User, receive: Callable[..., RawBatch]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss)
    answer = client.post(
        f"/admin/production/rawbatch/{receive().pk}/cancel/", {"reason": "ошибка массы"}
    )
    assert answer.status_code == 403


def test_facts_have_no_form_to_edit_add_or_delete_them(
    office: Client, seeded: None, receive: Callable[..., RawBatch]
) -> None:
    batch = receive()
    pages = [
        f"/admin/production/rawbatch/{batch.pk}/change/",
        f"/admin/ledger/event/{Event.objects.get().pk}/change/",
        f"/admin/quality/limitversion/{LimitVersion.objects.first().pk}/change/",  # type: ignore[union-attr]
    ]
    for page in pages:
        assert office.post(page, {"state": "released"}).status_code == 405
        assert office.get(page.replace("change", "delete")).status_code == 403
    assert office.get("/admin/production/blank/add/").status_code == 403


def test_a_director_reads_batches_and_cancels_nothing(
    seeded: None, receive: Callable[..., RawBatch]
) -> None:
    batch = receive()
    director = member("director", "Директор")
    card = director.get(f"/admin/production/rawbatch/{batch.pk}/change/").content.decode()
    assert "Партия 2211/3" in card
    assert "Отменить приёмку" not in card
    answer = director.post(f"/admin/production/rawbatch/{batch.pk}/cancel/", {"reason": "хочу"})
    assert answer.status_code == 403


def test_the_production_office_sees_no_people(seeded: None) -> None:
    clerk = member("clerk", "Производственный отдел")
    assert clerk.get("/admin/people/person/").status_code == 403
    assert "Запросы доступа" not in clerk.get("/admin/").content.decode()
