"""The first data of a plant: roles, people, catalogues, limits. Done again it adds what is missing
and undoes no edit.

Names are invented. The limits are those of `flows/limits.yaml`, as the forms have them."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from crm.bridge.limits import give_first_values
from crm.bridge.operations import DjangoOperations
from crm.bridge.program import program
from crm.bridge.records import row_of
from crm.catalogue.reference import load_reference
from crm.configuration import settings
from crm.fields import fold
from crm.office import first_admin
from crm.office.models import GivenRight
from crm.people.models import Person
from crm.people.operations.save_person import save_person
from crm.people.roles import Duty, OfficeRole, named, on_duty
from crm.production.models import Plant
from engine.ports import Context
from engine.run.lives import SYSTEM_ACTOR

FIRST_DEMO_CHAT = 9_000_001  # chats of the simulator, counted on in the order of PEOPLE
PEOPLE: tuple[tuple[str, str | None], ...] = (
    ("Орлова М. С.", "technologist"),
    ("Гордеев И. Л.", "technologist"),
    ("Ветров П. А.", "receiver"),
    ("Зимин К. Д.", "storekeeper"),
    ("Лапина О. В.", "lab"),
    ("Серова Т. Н.", "lab"),
    ("Белкин А. Р.", None),
    ("Тихий Е. М.", "freezer_storekeeper"),
    ("Крылов Д. С.", "packer"),
    ("Носов В. В.", "defrost_operator"),
    ("Чижов Г. П.", "unpacker_blanks"),
    ("Дроздов Н. И.", "unpacker_line_1"),
    ("Соколов Ф. А.", "unpacker_line_2"),
    ("Воронин С. Е.", "press_line_1"),
    ("Галкин Р. О.", "press_line_2"),
    ("Снегирёв Л. К.", "mixer_line_1"),
    ("Синицын Б. Ю.", "mixer_line_2"),
    ("Журавлёв А. Т.", "mko_line_2_manager"),
    ("Панина Ю. Г.", OfficeRole.QUALITY_MANAGER),
    ("Рогов М. Ф.", OfficeRole.SHIFT_LEAD),
    ("Климова Е. А.", OfficeRole.PRODUCTION_OFFICE),
    ("Жукова Н. С.", OfficeRole.SHIPPING_CLERK),
    ("Северин О. Д.", OfficeRole.DIRECTOR),
    ("Аудит", OfficeRole.AUDITOR),
    ("Админ", OfficeRole.ADMINISTRATOR),
)


# What each office role may do besides looking; «view» of everything operational is everybody's.
OPERATIONAL = ("production", "quality", "work", "documents", "ledger", "catalogue")
READS_EVERYTHING = (  # besides that
    *("people.view_person", "people.view_accessrequest", "people.view_invitation"),
    *("outbox.view_notice", "auth.view_user", "auth.view_group"),
    *("api.view_token", "people.view_signin", "admin.view_logentry"),
)
HOLDS = "quality.add_hold"  # shows the button on «Склад ГП»; the command asks the role itself
NORMS = "catalogue.add_recipeversion"  # shows the import; the import asks the role itself
SHIPPING = ("production.add_shipment", "production.change_shipment")
MAY: dict[OfficeRole, tuple[str, ...]] = {
    OfficeRole.ADMINISTRATOR: (
        *READS_EVERYTHING,
        *("people.add_person", "people.change_person", "people.change_accessrequest"),
        *("outbox.change_notice", "auth.add_user", "auth.change_user"),
        *("api.add_token", "api.change_token"),
        *(f"catalogue.{verb}_company" for verb in ("add", "change")),
    ),
    OfficeRole.PRODUCTION_OFFICE: (
        *("documents.add_document", "ledger.add_event", *SHIPPING),
        *(f"catalogue.{verb}_supplier" for verb in ("add", "change")),
        *(f"catalogue.{verb}_customer" for verb in ("add", "change")),
        *(f"catalogue.{verb}_nomenclature" for verb in ("add", "change")),
        *(f"catalogue.{verb}_rawmaterial" for verb in ("add", "change")),
        *("catalogue.add_recipe", "catalogue.change_freezer"),
    ),
    OfficeRole.SHIPPING_CLERK: SHIPPING,
    OfficeRole.QUALITY_MANAGER: (NORMS,),
    OfficeRole.SHIFT_LEAD: ("outbox.view_notice", "outbox.change_notice"),
    OfficeRole.DIRECTOR: READS_EVERYTHING,
    OfficeRole.AUDITOR: READS_EVERYTHING,
}
# Of a role of the shop floor that works in the office too: the parameters of materials, recipes,
# corrected workbooks of reports.
AT_A_DESK = (
    *(f"catalogue.{verb}_rawmaterial" for verb in ("add", "change")),
    *("catalogue.add_recipe", "documents.add_document"),
)


@transaction.atomic
def seed() -> None:
    """Load the reference data, and the demo's people with their simulated chats in the demo
    mode; let the plant work from now on."""
    load()
    start_plant()


@transaction.atomic
def load() -> None:
    """Load what is the same at whatever moment it is loaded."""
    _groups()
    load_reference()
    give_first_values(program())
    _people(with_chats=settings().demo)
    first_admin.make(settings())


def _groups() -> None:
    """Make a group of office accounts for each role with a desk, and give each its rights that it
    was not given before: those of a later version reach groups that are there."""
    program()  # reads the roles of the forms
    may = {str(role.label): MAY[role] for role in OfficeRole}
    may |= {str(named(role)): AT_A_DESK for role in on_duty(Duty.OFFICE)}
    for role in on_duty(Duty.HOLD):
        may[str(named(role))] = (*may[str(named(role))], HOLDS)
    there = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type")
    }
    looking = [
        right
        for right, one in there.items()
        if one.content_type.app_label in OPERATIONAL and one.codename.startswith("view_")
    ]
    for name, rights in may.items():
        group, _ = Group.objects.get_or_create(name=name)
        given = set(GivenRight.objects.filter(group=group).values_list("right", flat=True))
        new = sorted({*looking, *rights} - given)
        group.permissions.add(*(there[right] for right in new))
        GivenRight.objects.bulk_create(GivenRight(group=group, right=right) for right in new)


def _people(*, with_chats: bool) -> None:
    known = set(Person.objects.values_list("name_key", flat=True))
    for index, (name, role) in enumerate(PEOPLE):
        if fold(name) in known:
            continue
        chat = FIRST_DEMO_CHAT + index
        free = not Person.objects.filter(telegram_id=chat).exists()
        save_person(
            None,
            person=None,
            full_name=name,
            roles=[role] if role else [],
            telegram_id=chat if with_chats and free else None,
        )


def start_plant() -> None:
    """Let the plant work from now on: its digests hang on that (domain 14.9)."""
    plant, _ = Plant.objects.get_or_create(pk=1)
    if plant.state == Plant.State.NEW:
        system = Context(SYSTEM_ACTOR, "", timezone.localtime())
        DjangoOperations(program()).fire(row_of(plant), "start", system)
