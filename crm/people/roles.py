"""The roles of the plant: the fixed fifteen of the shop floor and the seven of the office.

The codes are those of `flows/project.yaml`; a test compares the two."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A role that a person may hold; any number of people may hold it."""

    RECEIVER = "receiver", _("Приёмщик сырья")
    DEFROST_OPERATOR = "defrost_operator", _("Управляющий дефростером")
    MIXER_LINE_1 = "mixer_line_1", _("Фаршесоставитель первой линии")
    MIXER_LINE_2 = "mixer_line_2", _("Фаршесоставитель второй линии")
    PRESS_LINE_1 = "press_line_1", _("Оператор пресса первой линии")
    PRESS_LINE_2 = "press_line_2", _("Оператор пресса второй линии")
    LAB = "lab", _("Лаборатория")
    PACKER = "packer", _("Фасовщик")
    TECHNOLOGIST = "technologist", _("Главный технолог")
    UNPACKER_LINE_1 = "unpacker_line_1", _("Растарщик первой линии")
    UNPACKER_LINE_2 = "unpacker_line_2", _("Растарщик второй линии")
    UNPACKER_BLANKS = "unpacker_blanks", _("Растарщик заготовок")
    STOREKEEPER = "storekeeper", _("Кладовщик")
    FREEZER_STOREKEEPER = "freezer_storekeeper", _("Кладовщик заморозки")
    MKO_LINE_2_MANAGER = "mko_line_2_manager", _("Управляющий второй линией МКО")
    ADMINISTRATOR = "administrator", _("Администратор")
    PRODUCTION_OFFICE = "production_office", _("Производственный отдел")
    SHIPPING_CLERK = "shipping_clerk", _("Отдел отгрузки")
    QUALITY_MANAGER = "quality_manager", _("Менеджер по качеству")
    SHIFT_LEAD = "shift_lead", _("Начальник смены")
    DIRECTOR = "director", _("Директор")
    AUDITOR = "auditor", _("Аудитор")


OFFICE_ROLES = (
    Role.ADMINISTRATOR,
    Role.PRODUCTION_OFFICE,
    Role.SHIPPING_CLERK,
    Role.QUALITY_MANAGER,
    Role.SHIFT_LEAD,
    Role.DIRECTOR,
    Role.AUDITOR,
)
