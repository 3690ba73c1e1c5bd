"""The bot tells of itself."""

from __future__ import annotations

import pytest

from crm.bridge.announce import announce
from crm.outbox.models import Notice
from crm.people.models import Person
from crm.people.operations.save_person import save_person

pytestmark = pytest.mark.django_db


def test_every_administrator_is_told_that_the_bot_has_started(receiver: Person) -> None:
    chiefs = [
        save_person(None, person=None, full_name=f"Админ {number}", roles=["administrator"],
                    telegram_id=200 + number)
        for number in (1, 2)
    ]  # fmt: skip
    announce()
    told = Notice.objects.all()
    assert {one.person for one in told} == {*chiefs}
    assert all("Бот запущен, версия" in one.plain_text for one in told)
    announce()
    assert Notice.objects.count() == 4, "each start is an event of its own"
