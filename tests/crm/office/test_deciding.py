"""A deviation is decided in the office as by its card in the chat (domain 5.9, 11.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.outbox.models import Notice
from crm.plant.talker import Talker
from crm.quality.models import Deviation
from tests.crm.office.conftest import member
from tests.crm.office.test_corrections import address, correct
from tests.crm.quality.test_checks import opened

pytestmark = pytest.mark.django_db
TECHNOLOGIST = "Главный технолог"
WARM = (
    *("/start", "[Новая партия]", "[ООО «Учебная компания 1»]", "[Каркас]", "[Шея ЦБ без кожи]"),
    *("[Замороженное]", "[Пропустить]", "[Пропустить]", "-5,5"),
)


@pytest.fixture
def deviation(talker: Talker) -> Deviation:
    """The truck was too warm: the receiver waits for the technologist."""
    talker.say("receiver", *WARM)
    return Deviation.objects.get()


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [("yes", "approved", "Приёмка согласована"), ("no", "rejected", "")],
)
def test_a_decision_of_the_office_reaches_the_chat_that_waits_for_it(
    talker: Talker, deviation: Deviation, answer: str, state: str, told: str
) -> None:
    client = member("one", TECHNOLOGIST)
    page = client.get(address(deviation, "decide")).content.decode()
    codes = [code for code in page.split('<option value="')[1:] if not code.startswith('"')]
    code = codes[0 if answer == "yes" else -1].partition('"')[0]
    correct(client, deviation, "decide", "show", answer=code)
    deviation.refresh_from_db()
    assert (deviation.state, Notice.objects.filter(kind="verdict").count()) == ("open", 0)
    assert "Применено: Решить" in correct(client, deviation, "decide", "apply", answer=code)
    deviation.refresh_from_db()
    assert (deviation.state, deviation.comment) == (state, "ошибка в плане")
    assert deviation.decided_by is not None
    assert deviation.decided_by.user is not None
    assert Notice.objects.get(kind="verdict").deviation_id == deviation.pk
    talker.deliver()
    if told:
        phone = talker.phone("receiver")
        assert phone.sees(f"…{told}…"), phone.described()


def test_the_second_who_decides_is_told_of_the_first(deviation: Deviation) -> None:
    client = member("one", TECHNOLOGIST)
    page = client.get(address(deviation, "decide")).content.decode()
    code = next(one for one in page.split('<option value="')[1:] if one[0] != '"').partition('"')[0]
    assert "Применено" in correct(
        member("two", TECHNOLOGIST), deviation, "decide", "apply", answer=code
    )
    decided = Deviation.objects.get()
    assert "Применено" not in correct(client, deviation, "decide", "apply", answer=code)
    assert Deviation.objects.get().decided_by == decided.decided_by
    assert Notice.objects.filter(kind="verdict").count() == 1


def test_another_role_may_not_decide(deviation: Deviation) -> None:
    client = member("one", "Менеджер по качеству")
    assert client.get(address(deviation, "decide")).status_code == 403
    assert (
        address(deviation, "decide")
        not in client.get(address(deviation, "change")).content.decode()
    )


def test_deviations_are_found_by_kind_by_who_decides_and_by_age(deviation: Deviation) -> None:
    client = member("one", TECHNOLOGIST)

    def found(query: str) -> bool:
        page = client.get(f"/admin/quality/deviation/?{query}").content.decode()
        return address(deviation, "change") in page

    assert (found(f"kind={deviation.kind}"), found("kind=other")) == (True, False)
    assert (found("role=technologist"), found("role=lab")) == (True, False)
    assert (found("age=15m"), found("age=1d")) == (False, False)
    Deviation.objects.update(asked_at=deviation.asked_at - timedelta(hours=3))
    assert (found("age=15m"), found("age=2h"), found("age=1d")) == (True, True, False)
    Deviation.objects.update(state="withdrawn", decided_at=deviation.asked_at)
    assert not found("age=15m")


def test_a_deviation_of_a_check_is_decided_and_verified_here_too(talker: Talker) -> None:
    opened("store_temperature")
    talker.deliver()
    talker.say("storekeeper", "[Сделать проверку]", "-16,4", "[Сохранить]")
    found = Deviation.objects.get()
    one, two = member("one", TECHNOLOGIST), member("two", "Менеджер по качеству")
    assert address(found, "decide") not in one.get(address(found, "change")).content.decode()
    assert two.get(address(found, "decide_check")).status_code == 403
    correct(one, found, "decide_check", "show")
    found.refresh_from_db()
    assert found.state == "open"
    for who, name, state in (
        (one, "decide_check", "correcting"),
        (two, "send_back_check", "correcting"),
        (two, "verify_check", "closed"),
    ):
        assert "Применено" in correct(who, found, name, "apply")
        found.refresh_from_db()
        assert found.state == state
        if state == "correcting":
            talker.say("storekeeper", "/start", "[Исправлено]", "Дверь закрыта", "{photo}")
            talker.say("storekeeper", "[Подтвердить]", "[На подтверждение]")
    page = one.get(address(found, "change")).content.decode()
    for said in ("ошибка в плане", "Дверь закрыта", "Кто подтвердил", "возвращено"):
        assert said in page, said
    assert address(found, "verify_check") not in page
