"""Why the engine takes a request for a decision back, or ends a draft, without anybody's word: the
reasons that it gives itself. Rows keep them in Russian; whoever shows them finds the message again
among `OWN` and `SIGNED`."""

from __future__ import annotations

from engine.languages.message import Message

ANOTHER_VALUE = Message("значение изменено")
BEING_FIXED = Message("значение исправляется")
UNFIT = Message("решение больше не подходит к форме")
ANOTHER_FORM = Message("форма изменилась")
NO_FORM = Message("формы больше нет")
CANCELLED = Message("форма отменена")
NO_ROW = Message("строка убрана")
OTHER_PERSON = Message("чат перешёл к другому человеку")
NOT_ANSWERED = Message("черновик пропал: на него долго не отвечали")

OWN = (
    *(ANOTHER_VALUE, BEING_FIXED, UNFIT, ANOTHER_FORM, NO_FORM, CANCELLED),
    *(NO_ROW, OTHER_PERSON, NOT_ANSWERED),
)
SIGNED = Message("{reason} (подтверждает: {second})")  # of a command that two people gave
SIGNED_ALONE = Message("(подтверждает: {second})")
