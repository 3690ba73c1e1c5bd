"""What is begun in a day of the simulated plant, by whom and when (domain 13.10): the buttons from
the menu to the form. What follows of it comes as tasks. Start at `day_plan`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

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
# Orders of minced meat, of some 8 mixes each: 20 to 60 mixes a day. When, and how many times.
ORDERS: tuple[tuple[str, tuple[float, ...], tuple[int, int]], ...] = (
    ("Новый фарш", (2.5, 5, 8, 11, 13, 16, 20), (3, 5)),
    ("Создать фарш пет-фуд", (4, 9, 15), (1, 2)),
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

    for _ in range(chance.randint(12, 25)):
        yield "receiver", Errand(at(chance.triangular(0.1, 20, 2)), ("Новая партия",))
    for number in range(chance.randint(3, 6)):
        line = " пет-фуд" if number % 2 else ""
        yield "technologist", Errand(at(chance.uniform(3, 11)), (f"Новая заготовка{line}",))
    for title, times, often in ORDERS:
        for hours in sorted(chance.sample(times, chance.randint(*often))):
            yield "technologist", Errand(at(hours + chance.uniform(-SPREAD, SPREAD)), (title,))
    for role, titles, times in USUAL:
        for hours in times:
            yield role, Errand(at(hours + chance.uniform(-SPREAD, SPREAD)), titles)
    for role, titles, odds in SELDOM:
        if chance.random() < odds:
            yield role, Errand(at(chance.uniform(2, 22)), titles)
