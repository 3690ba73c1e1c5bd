"""The character NUL in whatever a browser could be made to send: PostgreSQL keeps it in no text, so
without a word said before it every one of these would be an error of the server."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.work.models import Proposal
from tests.crm.office.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
SAID = "знак с кодом 0"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/production/rawbatch/?q=a%00",
        "/admin/production/rawbatch/?state__exact=a%00",
        "/admin/people/person/?role=%00&q=1",
        "/admin/people/person/?%00=1",
        "/admin/search/?s=%00ab",
        "/admin/journal/?q=%00",
        "/admin/production/rawbatch/%00/change/",
        "/admin/forms/one/a%00/",
        "/files/%00",
        "/admin/login/?next=%00",
    ],
)
def test_an_address_with_it_is_refused_in_words(office: Client, address: str) -> None:
    answer = office.get(address)
    assert (answer.status_code, SAID in answer.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/admin/forms/upload/", {"reason": "новый\0 вопрос"}),
        ("/admin/production/rawbatch/saved/", {"name": "a\0"}),
        ("/admin/reports/shipments/", {"customer": "\0", "form": "xlsx"}),
        ("/admin/reports/shipments/", {"a\0": "1"}),
        ("/admin/production/rawbatch/", {"action": "\0", "_selected_action": "\0"}),
        ("/admin/login/", {"username": "boss\0", "password": "x"}),
    ],
)
def test_a_form_with_it_is_refused_in_words_before_anybody_reads_it(
    office: Client, address: str, typed: dict[str, str]
) -> None:
    answer = office.post(address, typed)
    assert (answer.status_code, SAID in answer.content.decode()) == (400, True)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "django_language", "messages"])
def test_a_cookie_with_it_is_none_of_ours(name: str) -> None:
    stranger = Client(headers={"cookie": f'{name}="\\000aaaaaaaaaaaa"'})
    assert stranger.get("/admin/login/").status_code == 200
    answer = stranger.get("/api/v1/stock")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")


def test_what_is_said_is_said_in_the_language_of_who_reads() -> None:
    reader = member("reader", "Аудитор")
    reader.cookies["django_language"] = "en"
    assert "code 0" in reader.get("/admin/search/?s=%00").content.decode()


@pytest.mark.parametrize("address", ["lots/named?number=%00", "lots/%00", "lots?kind=%00", "%00"])
def test_the_api_says_so_as_it_says_all(office: Client, address: str) -> None:
    answer = office.get(f"/api/v1/{address}")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code in (401, 404, 422)
