"""Keep a stranger's request to be let in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from crm.people.models import AccessRequest, Person
from engine.errors import Refusal, Refused

MOST_A_DAY = 3


def request_access(by: Person | None, *, chat_id: int, said: str, at: datetime) -> AccessRequest:
    """Keep a request of 2 to 100 characters in state `new`; one open per chat, at most 3 in 24
    hours. Raises Refused."""
    said = " ".join(said.split())
    if not 2 <= len(said) <= 100:
        raise Refused(Refusal("Напишите от 2 до 100 знаков: как вас зовут и где вы работаете"))
    if AccessRequest.objects.filter(telegram_id=chat_id, state="open").exists():
        raise Refused(Refusal("Запрос уже отправлен. Администратор ответит"))
    day = at - timedelta(days=1)
    if AccessRequest.objects.filter(telegram_id=chat_id, asked_at__gt=day).count() >= MOST_A_DAY:
        raise Refused(Refusal("За сутки можно отправить не больше трёх запросов"))
    try:
        with transaction.atomic():
            return AccessRequest.objects.create(telegram_id=chat_id, said=said, asked_at=at)
    except IntegrityError:
        raise Refused(Refusal("Запрос уже отправлен. Администратор ответит")) from None
