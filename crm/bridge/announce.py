"""Tell administrators that the bot has started."""

from __future__ import annotations

import uuid

from django.utils import timezone

from crm.bridge.outbox import put_notice
from crm.configuration import VERSION
from crm.people.roles import Role
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import Text


def announce() -> None:
    """Write «Бот запущен» for every administrator; each start is an event of its own."""
    text = Text.of(Message("Бот запущен, версия {version}", {"version": VERSION}))
    put_notice(
        Notice(key=f"started:{uuid.uuid4()}", text=text, roles=(Role.ADMINISTRATOR.value,)),
        timezone.now(),
    )
