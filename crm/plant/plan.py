"""What is begun in a day of the simulated plant, by whom and when (domain 13.10): the buttons from
the menu to the form. What follows of it comes as tasks. Start at `day_plan`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from crm.plant.asked import CHILLED, MIXES
from crm.plant.hand import Errand

SPREAD = 0.5  # hours before or after
REST, BY_PRODUCTS, TAKE = "Заморозка фарша пет-фуд", "Занесение вторфарша", "Принять"
LEFT = "Заморозка остатков"
# Hours after 07:00 of what is done at about the same time every day.
USUAL: tuple[tuple[str, tuple[str, ...], tuple[float, ...]], ...] = (
    ("technologist", (BY_PRODUCTS, "Добавить МКО1"), (7, 17)),
    ("technologist", (BY_PRODUCTS, "Выпуск вторфарша"), (10, 21)),
    ("technologist", ("Ожидаемая поставка",), (6,)),
    ("freezer_storekeeper", (REST, LEFT, "Создать буферный паллет"), (9, 18, 22)),
    ("freezer_storekeeper", (REST, LEFT, "Добавить в буферный паллет остатки"), (18, 22)),
    ("freezer_storekeeper", (REST, LEFT, "Закрыть буферный паллет"), (23,)),
    ("freezer_storekeeper", ("Заморозка МКО2",), (8, 19)),
    ("freezer_storekeeper", ("Заморозка МКО3",), (14,)),
    ("storekeeper", (TAKE, "Принять вторфарш"), (16,)),
    ("storekeeper", (TAKE, "Принять МКО"), (12,)),
)
# Orders of minced meat: when, how many, and of how many mixes together. A day has 20 to 60 of them,
# also the first one, which has no blanks for pet food yet and may have no raw meat for its first
# order.
ORDERS: tuple[tuple[str, tuple[float, ...], tuple[int, int], tuple[int, int]], ...] = (
    ("Новый фарш", (4.5, 7, 9, 11.5, 14, 17.5), (3, 5), (32, 46)),
    ("Создать фарш пет-фуд", (4, 9, 15), (1, 2), (6, 14)),
)
SELDOM: tuple[tuple[str, tuple[str, ...], float], ...] = (  # and how often a day
    ("storekeeper", (TAKE, "Принять фарш пет-фуд"), 0.3),
    ("storekeeper", (TAKE, "Принять МКО (продажа)"), 0.3),
    ("receiver", ("Фото партии",), 0.5),
)


def day_plan(morning: datetime, chance: Random) -> Iterator[tuple[str, Errand]]:
    """Return what is begun in the day of a morning: the role that does it, and the errand."""

    def at(hours: float) -> datetime:
        return morning + timedelta(hours=hours)

    for number in range(chance.randint(12, 25)):  # every other one chilled: the first day's orders
        due, memory = at(chance.triangular(0.1, 20, 2)), {CHILLED: number % 2 == 0}
        yield "receiver", Errand(due, ("Новая партия",), memory)
    for number in range(chance.randint(3, 6)):
        line = " пет-фуд" if number % 2 else ""
        yield "technologist", Errand(at(chance.uniform(3, 11)), (f"Новая заготовка{line}",))
    for title, times, often, together in ORDERS:
        begun = sorted(chance.sample(times, chance.randint(*often)))
        for hours, mixes in zip(begun, _shares(chance.randint(*together), len(begun)), strict=True):
            due = at(hours + chance.uniform(-SPREAD, SPREAD))
            yield "technologist", Errand(due, (title,), {MIXES: mixes})
    for role, titles, times in USUAL:
        for hours in times:
            yield role, Errand(at(hours + chance.uniform(-SPREAD, SPREAD)), titles)
    for role, titles, odds in SELDOM:
        if chance.random() < odds:
            yield role, Errand(at(chance.uniform(2, 22)), titles)


def _shares(whole: int, parts: int) -> list[int]:
    """Divide a number into parts that differ by one at most.

    >>> _shares(32, 5)
    [7, 7, 6, 6, 6]
    """
    each, over = divmod(whole, parts)
    return [each + (number < over) for number in range(parts)]
