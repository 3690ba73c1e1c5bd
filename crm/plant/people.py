"""The people of the demo plant: rows, a login, a phone each in the simulator."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.management import call_command

from crm.office.seed import seed
from crm.people.models import Person
from crm.people.roles import title
from crm.plant.demo import Phones

# Who is met first on the phones page: the people of a delivery, in its order.
FIRST = ("receiver", "technologist", "storekeeper", "lab")


def make_plant(login: str, password: str) -> None:
    """Migrate the database, load the reference data, and make a superuser with this password."""
    call_command("migrate", verbosity=0, interactive=False)
    seed()
    user, _ = get_user_model().objects.get_or_create(
        username=login, defaults={"is_staff": True, "is_superuser": True}
    )
    user.set_password(password)
    user.save()


def hand_out_phones(phones: Phones) -> None:
    """Give every person with a chat a phone in the simulator; those of the delivery come first."""
    people = list(
        Person.objects.active().filter(telegram_id__isnull=False).prefetch_related("roles")
    )

    met = set[str]()

    def order(person: Person) -> tuple[int, bool]:
        """Those of the delivery first, and of each role one before the others."""
        role = min(person.role_codes & set(FIRST), key=FIRST.index, default="")
        again = role in met or not role
        met.add(role)
        return (len(FIRST) if again else FIRST.index(role), again)

    for person in sorted(people, key=order):
        titles = ", ".join(title(role) for role in sorted(person.role_codes))
        phones.post(
            "/sim/phones",
            {"chat_id": person.telegram_id, "name": person.full_name, "role_title": titles},
        )


def chats() -> dict[str, int]:
    """Return the chat of the first person of each role by the role, as talks name people; of the
    second: lab2."""
    found: dict[str, int] = {}
    for person in (
        Person.objects.active()
        .filter(telegram_id__isnull=False)
        .prefetch_related("roles")
        .order_by("pk")
    ):
        for role in sorted(person.role_codes):
            name, number = role, 1
            while name in found:
                number += 1
                name = f"{role}{number}"
            found[name] = person.telegram_id or 0
    return found
