"""What the receiver of the day takes for an answer."""

from __future__ import annotations

from typing import Any

from tests.chaos.receiver import Seen, asked

RESULT = "Партия 2711/3 зарегистрирована. ОСГ: нет данных"


def seen(*texts: str, toasts: tuple[str, ...] = ()) -> Seen:
    messages: list[dict[str, Any]] = [
        {"id": at, "mine": False, "text": text, "keyboard": []} for at, text in enumerate(texts, 1)
    ]
    told = [{"text": text} for text in toasts]
    return Seen.of({"revision": 1, "messages": messages, "toasts": told})


def test_a_result_that_is_shown_again_is_no_number_of_the_next_delivery() -> None:
    before = seen(RESULT, "Главное меню")
    again = seen(RESULT, "Главное меню", RESULT)
    assert again.numbers == before.numbers == {"2711/3"}
    assert not again.differs(before)


def test_a_number_may_be_told_by_a_toast_and_an_apology_by_either() -> None:
    before = seen("Проверьте ответы")
    told = seen("Проверьте ответы", toasts=(f"Уже сохранено в 10:00. {RESULT}",))
    assert told.numbers == {"2711/3"}
    sorry = seen("Проверьте ответы", "Не получилось. Ничего не сохранено. Код ошибки K7F2")
    assert (before.apologies, told.apologies, sorry.apologies) == (0, 0, 1)
    assert told.differs(before)
    assert sorry.differs(before)


def test_who_is_asked_whether_to_go_on_goes_on_whatever_he_had_answered() -> None:
    offer = asked("Продолжить «Новая партия», шаг 5 из 22?\nВаш ответ: Главное меню")
    assert offer is not None
    assert offer[1:] == ("press", "Продолжить")
