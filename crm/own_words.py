"""The program's own words where rows keep what people type: a reason that nobody gave, what a
deviation is called. A row keeps them in Russian, as papers say them (domain 3.23); `own` makes a
message of them again, so that each reader has them in his language, of old rows too. What a person
typed is none of them and stays as it is.

Whoever writes such words takes them from here. Start at `own`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm.catalogue.models.freezer import KINDS_SAID as FREEZERS
from crm.production.models.blank import PROBLEMS_SAID
from crm.quality.norms import LETTERS
from crm.quality.raw_failures import NAMES
from engine.languages.kept import NO_READINGS, Kept, Reading, among
from engine.languages.message import Message, listed
from engine.run import because

# Reasons of histories, of holds and of versions.
DECISION_IS_LATE = Message("срок решения")
TASK_IS_LATE = Message("срок задачи")
FAILED = Message("анализ не пройден")
FAILED_BY = Message("анализ не пройден: {failed}")
PASSED = Message("анализ пройден")
NO_ORDER = Message("принят вручную без партии фарша")
NO_ORIGIN = Message("принято вручную без происхождения")
NOTHING_OUT = Message("до него из пресса ничего не вышло")
MEAT_IS_HELD = Message("Заготовка снята, блокировка на её сырье: {reason}")
NEVER_WEIGHED = Message("Заготовка снята до взвешивания: {reason}")
TURNED_BACK = Message("паллет {pallet} возвращён в вторфарш: {reason}")
FIRST_VALUES = Message("первые значения")
DRAFT_IS_OLD = Message("черновик истёк")
NO_CHAT = Message("У человека нет чата")  # why a message is not delivered
# What deviations are called that no question of a form is about, and what was found.
UNPACKING = Message("Растарка заготовки")
DEFROSTED_AGAIN = Message("Повторная дефростация")
FREEZING = Message("Заморозка")
NOT_FROZEN = Message("паллет принят без заморозки")
PROBLEM = Message("{kind}: {text}")
ASH_OF_MIX = Message("зола замеса {number}")
FHP_OF_MIX = Message("ФХП замеса {number}")
OF_BATCH = Message("анализ партии {number}")
NOT_MADE = Message("Проверка не сделана: {what}")

_FORMS: dict[str, str] = {}


def use_forms(texts: Iterable[str]) -> None:
    """Take over what rows keep of the present forms: what questions are called about which a
    decision is asked, limits, stations, the reasons that lifecycles give themselves."""
    _FORMS.clear()
    _FORMS.update((str(text), text) for text in texts)


def own(text: str) -> str:
    """Return words of the program as a message; what somebody typed as it is.

    >>> own("анализ не пройден: запах: не соответствует").values["failed"].template
    '{0}'
    >>> own("осколок стекла (подтверждает: Панина Ю. Г.)").values["second"]
    'Панина Ю. Г.'
    >>> own("осколок стекла")
    'осколок стекла'
    """
    if isinstance(text, Message):
        return text
    return _FORMS.get(text) or _TOLD.read(text) or text


def _findings(text: str) -> str | None:
    """Read what failed an analysis: marks and values beside their norms, one after another."""
    found = [_FOUND.read(part) for part in text.split(", ")]
    said = [one for one in found if one is not None]
    return listed(said) if len(said) == len(found) else None


def _place(text: str) -> str | None:
    """Read what a check of the plan is called: a limit, and where it is measured."""
    if text in _FORMS:
        return _FORMS[text]
    head, _, tail = text.rpartition(", ")
    where = _WHERE.read(tail)
    what = _place(head) if head and where is not None else None
    return None if what is None or where is None else listed([what, where])


_REASON: Mapping[str, Reading] = {"reason": own}
_LETTER = {"part": among(LETTERS.values())}
_WHAT = {"what": among(NAMES.values())}
_TOLD = Kept(
    (
        *(DECISION_IS_LATE, TASK_IS_LATE, FAILED, PASSED, NO_ORDER, NO_ORIGIN, NOTHING_OUT),
        *(FIRST_VALUES, DRAFT_IS_OLD, NO_CHAT, UNPACKING, DEFROSTED_AGAIN, FREEZING, NOT_FROZEN),
        *because.OWN,
    ),
    (because.SIGNED_ALONE, NO_READINGS),
    (because.SIGNED, _REASON),
    (FAILED_BY, {"failed": _findings}),
    (MEAT_IS_HELD, _REASON),
    (NEVER_WEIGHED, _REASON),
    (TURNED_BACK, _REASON),
    (PROBLEM, {"kind": among(PROBLEMS_SAID.values())}),
    (ASH_OF_MIX, NO_READINGS),
    (FHP_OF_MIX, NO_READINGS),
    (OF_BATCH, NO_READINGS),
    (NOT_MADE, {"what": _place}),
)
_FOUND = Kept(
    (),
    (Message("{what}: положительное"), _WHAT),
    (Message("{what}: не соответствует"), _WHAT),
    (Message("{part} {value} (норма {norm})"), _LETTER),
    (Message("{part} {value}"), _LETTER),
)
_WHERE = Kept(
    (),
    (Message("линия {line}"), NO_READINGS),
    (Message("замес {number}"), NO_READINGS),
    (Message("паллет {number}"), NO_READINGS),
    (Message("{kind} {number}"), {"kind": among(FREEZERS.values())}),
)
