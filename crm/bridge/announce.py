"""Tell people about the bot itself: that it has started, that the forms changed or are broken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils import timezone

from crm.bridge.outbox import put_notice
from crm.configuration import VERSION
from crm.people.roles import Duty, OfficeRole, on_duty
from engine.errors import Finding
from engine.languages.message import Message
from engine.model.effects import Notice
from engine.model.text import Text, bold, lines

SHOWN = 8  # findings in one message; the rest is counted


def announce() -> None:
    """Write «Бот запущен» for every administrator; each start is an event of its own."""
    text = Text.of(Message("Бот запущен, версия {version}", {"version": VERSION}))
    _tell("started", (OfficeRole.ADMINISTRATOR.value,), text)


def tell_updated(digest: str, meanwhile: Sequence[Finding] = ()) -> None:
    """Write to who writes the forms that those which he saved are live, and what is read in
    Russian until it is translated."""
    text = Text.of(Message("Формы обновлены, версия {version}", {"version": digest[:8]}))
    if meanwhile:
        places = {"places": ", ".join(str(one.place) for one in meanwhile[:SHOWN])}
        text = lines(text, Message("Перевод отстал, читается по-русски: {places}", places))
    _tell("forms", on_duty(Duty.FORMS), text)


def tell_broken(findings: Sequence[Finding]) -> None:
    """Write to who writes the forms what is wrong in those that he saved."""
    head = Message("⚠️ В формах ошибки. Работает прежняя версия")
    text = bold(head)
    for finding in findings[:SHOWN]:
        text = lines(text + "\n", _written(finding))
    if len(findings) > SHOWN:
        text = lines(text + "\n", Message("и ещё {count}", {"count": str(len(findings) - SHOWN)}))
    _tell("forms", on_duty(Duty.FORMS), text)


def _written(finding: Finding) -> Text:
    """Return a finding in three lines at most: place and code, what is wrong, the remedy."""
    place = {"place": str(finding.place), "code": finding.code}
    return lines(Message("{place} ошибка {code}", place), finding.message, finding.hint)


def _tell(what: str, roles: tuple[str, ...], text: Text) -> None:
    key = f"{what}:{uuid.uuid4()}"
    put_notice(Notice(key=key, text=text, roles=roles), timezone.now())
