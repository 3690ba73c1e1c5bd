"""The forty workers of the simulated plant: those of the seed, colleagues for the other shift, and
when each is at work. Names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crm.office.seed import FIRST_DEMO_CHAT
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.people.roles import OfficeRole

FIRST_CHAT = FIRST_DEMO_CHAT + 100  # of those who are added to the seed's people
DAY, NIGHT = time(7), time(19)
COLLEAGUES: tuple[tuple[str, str], ...] = (
    ("Лебедев К. О.", "technologist"),
    ("Мальцев Ю. Р.", "receiver"),
    ("Гусев А. В.", "storekeeper"),
    ("Котова Л. Д.", "storekeeper"),
    ("Ершова М. П.", "lab"),
    ("Щукина Р. А.", "lab"),
    ("Карпов Н. Н.", "freezer_storekeeper"),
    ("Сомов И. Т.", "packer"),
    ("Окунев В. Г.", "defrost_operator"),
    ("Линёв С. Ф.", "unpacker_blanks"),
    ("Бобров Д. Л.", "unpacker_line_1"),
    ("Барсуков Е. Ж.", "unpacker_line_2"),
    ("Кабанов О. И.", "press_line_1"),
    ("Лосев П. К.", "press_line_2"),
    ("Зайцев М. М.", "mixer_line_1"),
    ("Бельчиков Р. Н.", "mixer_line_2"),
    ("Куницын Г. С.", "mko_line_2_manager"),
    ("Хорькова Т. В.", OfficeRole.SHIPPING_CLERK),
    ("Волкова С. И.", OfficeRole.QUALITY_MANAGER),
)
ELSEWHERE = frozenset({OfficeRole.ADMINISTRATOR, OfficeRole.AUDITOR, OfficeRole.DIRECTOR})


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the simulated plant. `night`: from 19:00 to 07:00; `both`: whenever needed, as
    the only one of his role."""

    chat: int
    name: str
    roles: frozenset[str]
    night: bool = False
    both: bool = False

    def at_work(self, at: datetime) -> bool:
        """Tell whether he works at a moment of plant time."""
        return self.both or self.night != (DAY <= at.time() < NIGHT)

    def next_shift(self, at: datetime) -> datetime:
        """Return when he comes to work next; now when he is there."""
        if self.at_work(at):
            return at
        begins = datetime.combine(at.date(), NIGHT if self.night else DAY, at.tzinfo)
        return begins if begins > at else begins + timedelta(days=1)


def hire() -> None:
    """Add the colleagues; done again it changes nothing."""
    there = set(Person.objects.values_list("telegram_id", flat=True))
    for index, (name, role) in enumerate(COLLEAGUES):
        chat = FIRST_CHAT + index
        if chat not in there:
            save_person(None, person=None, full_name=name, roles=[role], telegram_id=chat)


def crew() -> tuple[Worker, ...]:
    """Return everybody with a chat and a working role; of each role every second works at night."""
    people = (
        Person.objects.active()
        .filter(telegram_id__isnull=False, telegram_id__gte=FIRST_DEMO_CHAT)
        .prefetch_related("roles")
        .order_by("telegram_id")
    )
    chosen = [one for one in people if one.role_codes - ELSEWHERE]
    count: dict[str, int] = {}
    met: dict[str, int] = {}
    for person in chosen:
        for role in person.role_codes:
            count[role] = count.get(role, 0) + 1
    found = []
    for person in chosen:
        roles = sorted(person.role_codes - ELSEWHERE)
        first = roles[0]
        alone = any(count[role] == 1 for role in roles)
        night = met.get(first, 0) % 2 == 1
        met[first] = met.get(first, 0) + 1
        found.append(
            Worker(person.telegram_id or 0, person.full_name, frozenset(roles), night, alone)
        )
    return tuple(found)
