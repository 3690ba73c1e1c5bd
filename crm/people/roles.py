"""The roles of the plant: the fixed fifteen of the shop floor and the seven of the office.

The codes are those of `flows/project.yaml`; a test compares the two."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """A role that a person may hold; any number of people may hold it."""

    RECEIVER = "receiver", "Приёмщик сырья"
    DEFROST_OPERATOR = "defrost_operator", "Управляющий дефростером"
    MIXER_LINE_1 = "mixer_line_1", "Фаршесоставитель первой линии"
    MIXER_LINE_2 = "mixer_line_2", "Фаршесоставитель второй линии"
    PRESS_LINE_1 = "press_line_1", "Оператор пресса первой линии"
    PRESS_LINE_2 = "press_line_2", "Оператор пресса второй линии"
    LAB = "lab", "Лаборатория"
    PACKER = "packer", "Фасовщик"
    TECHNOLOGIST = "technologist", "Главный технолог"
    UNPACKER_LINE_1 = "unpacker_line_1", "Растарщик первой линии"
    UNPACKER_LINE_2 = "unpacker_line_2", "Растарщик второй линии"
    UNPACKER_BLANKS = "unpacker_blanks", "Растарщик заготовок"
    STOREKEEPER = "storekeeper", "Кладовщик"
    FREEZER_STOREKEEPER = "freezer_storekeeper", "Кладовщик заморозки"
    MKO_LINE_2_MANAGER = "mko_line_2_manager", "Управляющий второй линией МКО"
    ADMINISTRATOR = "administrator", "Администратор"
    PRODUCTION_OFFICE = "production_office", "Производственный отдел"
    SHIPPING_CLERK = "shipping_clerk", "Отдел отгрузки"
    QUALITY_MANAGER = "quality_manager", "Менеджер по качеству"
    SHIFT_LEAD = "shift_lead", "Начальник смены"
    DIRECTOR = "director", "Директор"
    AUDITOR = "auditor", "Аудитор"


OFFICE_ROLES = (
    Role.ADMINISTRATOR,
    Role.PRODUCTION_OFFICE,
    Role.SHIPPING_CLERK,
    Role.QUALITY_MANAGER,
    Role.SHIFT_LEAD,
    Role.DIRECTOR,
    Role.AUDITOR,
)
