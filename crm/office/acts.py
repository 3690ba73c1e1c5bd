"""What accounts did, as the journal keeps it: in Russian, whoever did it, and read by each in his
own language. Whoever puts something on record takes its words from here. Start at `act_said`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.contrib import admin

from crm.bridge.program import program
from crm.ledger.models import Account
from crm.office.correction import Correction
from crm.office.language import in_russian, said
from engine.languages.kept import NO_READINGS, Kept
from engine.languages.message import Message

APPLIED = Message("Применено: {log}")  # of a command on a record
WAITS = Message("Ждёт второго человека: {log}")
DECLINED = Message("Отклонено: {log}")
NOT_CONFIRMED = Message("Не подтверждено: {why}")
WHY = Message("{command}: {reason}")
ADDED = Message("Добавлено: {record}")
ADDED_WHY = Message("Добавлено: {record}. {why}")
MERGED = Message("«{loser}» объединено с «{winner}», записей: {count}. {why}")
DRAFTED = Message("Отгрузка {number} составлена")
CONFIRMED = Message("Отгрузка {number} подтверждена")
SHIPPED = Message("Отгрузка {number} ушла")
OUT_OF_WORK = Message("Выведена из работы: {why}")
AT_WORK_AGAIN = Message("Снова в работе: {why}")
INVITED = Message("Выдан код приглашения")
UNBOUND = Message("Чат отвязан: {who}")
DISMISSED = Message("{who} больше не работает: чат отвязан, коды отозваны")
TAKEN_BACK = Message("{who} снова работает")
LET_IN = Message("Доступ дан: {who}")
NOT_LET_IN = Message("Запрос отклонён")
CODE_REVOKED = Message("Приглашение отозвано: {who}")
TOKEN_REVOKED = Message("Токен отозван: {name}")
SENT_AGAIN = Message("Сообщение снова ждёт отправки")
PHONE_FORGOTTEN = Message("Телефон отвязан. {why}")
CODE_LENT = Message("Выдан код для входа. {why}")
PHOTOS_REPLACED = Message("Заменены фото: {what}. {why}")
PAPER_REPLACED = Message("Акт заменён. {why}")
EXPORTED = Message("Экспорт: {form}, отбор «{query}»")
CARD_EXPORTED = Message("Экспорт карточки: xlsx")
FORMS_TAKEN = Message("Скачаны формы: версия {version}")
PUBLISHED = Message("Опубликована версия форм {version}: {reason}")
TEMPLATE_TAKEN = Message("Скачан шаблон с тем, что есть: {sheets}")
LOADED = Message("Загружено из Excel: новых {new}, изменено {changed}")
REPORTED = Message("Отчёт: {form}, {params}")
COUNTED_AGAIN = Message("Пересчёт отчёта за {day}: {cells}")
COUNTED = Message("{store}: {count}. {reason}")  # how many lots of a store, by a stocktake
LABELLED = Message("Напечатаны этикетки паллетов: {numbers}")
PROTOCOL_PRINTED = Message("Протокол напечатан: он в документах отзыва")
HELD = Message("Заблокированы паллеты: {numbers}. {reason}")


def command(correction: Correction, reason: str) -> Message:
    """Return what a command is called, with its reason if it had one."""
    named = _named(correction)
    return WHY.with_values({"command": named, "reason": reason}) if reason else named


def act_said(text: str) -> str:
    """Say what is on record in the language of the page; what Django or somebody else wrote there
    stays as it is."""
    return said(_ACTS.read(text) or text)


def listed_said(title: str) -> str:
    """Say what a list is called of which something is on record."""
    return said(Message(title)) if title else ""


def _named(correction: Correction) -> Message:
    with in_russian():
        title = correction.title()
    return title if isinstance(title, Message) else Message(title)


def _log(text: str) -> str | None:
    """Read which command was given, and why."""
    known = _commands(program().digest)
    if text in known:
        return known[text]
    for title, command in known.items():
        if text.startswith(f"{title}: "):
            reason = text.removeprefix(f"{title}: ")
            return WHY.with_values({"command": command, "reason": reason})
    return None


@lru_cache(maxsize=2)
def _commands(_digest: str) -> dict[str, Message]:
    """Return every command of the office by what it is called in Russian, the longest first."""
    found = {str(one): one for one in _titles()}
    return dict(sorted(found.items(), key=lambda one: -len(one[0])))


def _titles() -> Iterator[Message]:
    for page in admin.site._registry.values():
        yield from map(_named, getattr(page, "corrections", ()))


def _store(title: str) -> str | None:
    """Read which store was counted."""
    with in_russian():
        known = {str(account.label) for account in Account}
    return Message(title) if title in known else None


_LOG = {"log": _log}
_ACTS = Kept(
    (INVITED, NOT_LET_IN, SENT_AGAIN, CARD_EXPORTED, PROTOCOL_PRINTED),
    (APPLIED, _LOG),
    (WAITS, _LOG),
    (DECLINED, _LOG),
    (PHOTOS_REPLACED, {"what": Message}),
    (COUNTED, {"store": _store}),
    *(
        (form, NO_READINGS)
        for form in (
            *(ADDED_WHY, ADDED, MERGED, DRAFTED, CONFIRMED, SHIPPED, OUT_OF_WORK, AT_WORK_AGAIN),
            *(UNBOUND, DISMISSED, TAKEN_BACK, LET_IN, CODE_REVOKED, TOKEN_REVOKED),
            *(PHONE_FORGOTTEN, CODE_LENT, PAPER_REPLACED, EXPORTED, NOT_CONFIRMED),
            *(FORMS_TAKEN, PUBLISHED, TEMPLATE_TAKEN, LOADED, REPORTED, COUNTED_AGAIN),
            *(LABELLED, HELD),
        )
    ),
)
