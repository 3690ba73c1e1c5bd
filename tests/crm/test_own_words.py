"""Words of the program that rows keep in Russian are said to each reader in his language; what
people typed stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from crm import own_words
from crm.office.language import own_said, said
from engine.languages.message import Message, holes
from engine.run import because

ROOT = Path(__file__).resolve().parents[2]
RUSSIAN = re.compile("[А-Яа-яЁё]")
# A job says what another system answered, the demo plant what its people type.
NOT_OURS = {"migrations", "jobs", "plant"}
MARKS = "запах: не соответствует, тетрациклины: положительное, Ж 25,00 (норма 15,00–22,00)"
METAL = "Металлодетектор, образцы Fe 2,0, цветной 2,5, сталь 3,5 мм"  # a limit of the forms
DETECTOR = "Metal detector, test pieces Fe 2.0, non-Fe 2.5, steel 3.5 mm"
KEPT = {
    "срок решения": "the time for a decision ran out",
    "У человека нет чата": "The person has no chat",
    f"анализ не пройден: {MARKS}": "analysis failed: smell: does not comply, "
    "tetracyclines: positive, F 25,00 (norm 15,00–22,00)",
    "Заготовка снята до взвешивания: no": "The blank is withdrawn before it was weighed: no",
    "паллет 7 возвращён в вторфарш: wet": "pallet 7 turned back into second-minced: wet",
    "анализ пройден (подтверждает: Lee)": "analysis passed (confirmed by Lee)",
    "(подтверждает: Lee)": "(confirmed by Lee)",
    "Посторонний предмет: glass": "Foreign body: glass",
    "ФХП замеса 2211/1": "analysis of mix 2211/1",
    f"Проверка не сделана: {METAL}, линия 1": f"Check not made: {DETECTOR}, line 1",
    f"Проверка не сделана: {METAL}, Шокер 2, паллет 5": f"Check not made: {DETECTOR}, "
    "Shock freezer 2, pallet 5",
    METAL: DETECTOR,
    "замес отменён": "the mix was cancelled",
    "Температура кузова": "Body temperature",
}


@pytest.mark.parametrize("kept", KEPT)
def test_a_reason_of_the_program_is_read_in_the_language_of_the_reader(kept: str) -> None:
    with translation.override("en"):
        assert own_said(kept) == KEPT[kept]
    with translation.override("ru"):
        assert own_said(kept) == kept


def test_every_word_of_the_program_has_its_english() -> None:
    plain = [one for one in vars(own_words).values() if isinstance(one, Message)]
    with translation.override("en"):
        filled = [one.with_values(dict.fromkeys(holes(one.template), "-")) for one in plain]
        english = [said(one) for one in (*filled, *because.OWN)]
    assert [one for one in english if RUSSIAN.search(one)] == []


@pytest.mark.parametrize(
    "typed", ["осколок стекла", "Другой: текст", "анализ пройден вчера", "Ж 25,00", "", "1"]
)
def test_what_somebody_typed_stays_as_it_is(typed: str) -> None:
    with translation.override("en"):
        assert own_said(typed) == typed


def test_no_operation_gives_a_reason_that_readers_of_another_language_cannot_read() -> None:
    russian = re.compile(r'\b(?:reason|label|comment)=f?"[^"\n]*[А-Яа-яЁё]')
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in ("crm", "engine/run")
        for path in (ROOT / folder).rglob("*.py")
        if not NOT_OURS & {*path.relative_to(ROOT).parts}
        for match in russian.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
