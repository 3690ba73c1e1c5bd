"""Blanks: weighed mixtures of frozen raw batches that are defrosted as one (domain 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.by_key import related
from crm.fields import KgField, PercentField, TenthsField
from crm.production.models.choices import ProductLine, one_of, share
from engine.languages.message import Message


class BlankState(models.TextChoices):
    """Where the blank stands (domain 5.2); `new` is a form that is being saved."""

    NEW = "new", _("Новая")
    PLANNED = "planned", _("Запланирована")
    WEIGHING = "weighing", _("Взвешивание")
    WEIGHED = "weighed", _("Взвешена")
    UNPACKING = "unpacking", _("Растарка")
    PROBLEM = "problem", _("Ошибка")
    UNPACKED = "unpacked", _("Растарена")
    DEFROSTING = "defrosting", _("Дефростация")
    DEFROSTED = "defrosted", _("Дефростирована")
    REDEFROST_REQUESTED = "redefrost_requested", _("Повторная дефростация")
    READY = "ready", _("Готова")
    DEPLETED = "depleted", _("Израсходована")
    CANCELLED = "cancelled", _("Отменена")


class BlankProblem(models.TextChoices):
    """What may be wrong with a blank that is unpacked (domain 4.13): kinds of its deviations."""

    WRONG_BATCH = "wrong_batch", _("Не та партия")
    WEIGHT = "weight", _("Вес не сходится")
    PACKAGING = "packaging", _("Повреждена упаковка")
    FOREIGN_BODY = "foreign_body", _("Посторонний предмет")
    OTHER = "other", _("Другое")


PROBLEMS_SAID: Mapping[BlankProblem, Message] = {  # where each is read in the reader's own language
    BlankProblem.WRONG_BATCH: Message("Не та партия"),
    BlankProblem.WEIGHT: Message("Вес не сходится"),
    BlankProblem.PACKAGING: Message("Повреждена упаковка"),
    BlankProblem.FOREIGN_BODY: Message("Посторонний предмет"),
    BlankProblem.OTHER: Message("Другое"),
}


class Blank(models.Model):
    """A weighed mixture. `number` is ЗДДММГГГГ/N of the arrival date, given once, at `plan`; the
    parts of fat, protein and moisture are those of `analysed_kg` alone (domain Q1)."""

    RECORD: ClassVar[str] = "blank"

    State = BlankState

    state = models.CharField(
        _("Состояние"), max_length=20, choices=State.choices, default=State.NEW, db_index=True
    )
    number = models.CharField(_("Номер"), max_length=20, null=True, blank=True)
    lot = models.OneToOneField(
        "ledger.Lot", models.PROTECT, related_name="blank", verbose_name=_("Лот")
    )
    session = models.UUIDField(_("Сессия"), unique=True)
    product_line = models.CharField(_("Линия продукта"), max_length=3, choices=ProductLine.choices)
    arrival_date = models.DateField(_("Дата поступления"))
    fat = PercentField(_("Жир, %"), null=True, blank=True)
    protein = PercentField(_("Белок, %"), null=True, blank=True)
    moisture = PercentField(_("Влага, %"), null=True, blank=True)
    analysed_kg = KgField(_("Проанализировано, кг"), null=True, blank=True)
    weight_planned = KgField(_("План, кг"), null=True, blank=True)
    weight_actual = KgField(_("Факт, кг"), null=True, blank=True)
    weight_after_defrost = KgField(_("После дефростации, кг"), null=True, blank=True)
    core_temp = TenthsField(_("Температура внутри блока, °C"), null=True, blank=True)
    problem_reason = models.CharField(_("Что не так"), max_length=500, blank=True)
    problem_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто сообщил об ошибке"),
    )
    defrost_started = models.DateTimeField(_("Дефростер включён"), null=True, blank=True)
    defrost_stopped = models.DateTimeField(_("Дефростер выключен"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создана"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто создал")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("заготовка")
        verbose_name_plural = _("заготовки")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="blank_number_is_unique"),
            models.CheckConstraint(
                name="blank_beyond_new_has_a_number",
                condition=Q(state__in=["new", "cancelled"]) | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="blank_after_defrost_is_within_actual",
                condition=Q(weight_after_defrost__isnull=True)
                | Q(weight_after_defrost__gt=0, weight_after_defrost__lte=F("weight_actual")),
            ),
            one_of("blank_state_is_known", "state", BlankState.values),
            share("blank_parts_are_shares", "fat", "protein", "moisture"),
        ]

    def __str__(self) -> str:
        return self.number or gettext("без номера")


class BlankItem(models.Model):
    """One line of a blank: a frozen raw batch, planned and weighed kilograms."""

    blank = models.ForeignKey(
        Blank, models.PROTECT, related_name="items", verbose_name=_("Заготовка")
    )
    position = models.PositiveSmallIntegerField(_("Строка"))
    batch = models.ForeignKey(
        "production.RawBatch",
        models.PROTECT,
        related_name="blank_items",
        verbose_name=_("Партия сырья"),
    )
    kg_planned = KgField(_("План, кг"))
    kg_actual = KgField(_("Факт, кг"), null=True, blank=True)

    class Meta:
        verbose_name = _("строка заготовки")
        verbose_name_plural = _("строки заготовок")
        ordering = ["blank", "position"]
        constraints = [
            models.UniqueConstraint(fields=["blank", "batch"], name="blank_has_a_batch_once"),
            models.UniqueConstraint(fields=["blank", "position"], name="blank_lines_are_counted"),
            models.CheckConstraint(
                name="blank_item_plan_is_positive", condition=Q(kg_planned__gt=0)
            ),
            models.CheckConstraint(
                name="blank_item_fact_is_not_negative",
                condition=Q(kg_actual__isnull=True) | Q(kg_actual__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{related(self, 'batch')}: {self.kg_planned}"


class DefrostRun(models.Model):
    """One time a blank stood in the switched-on defroster; every pair of on and off is kept."""

    blank = models.ForeignKey(
        Blank, models.PROTECT, related_name="defrost_runs", verbose_name=_("Заготовка")
    )
    started = models.DateTimeField(_("Включён"))
    stopped = models.DateTimeField(_("Выключен"), null=True, blank=True)

    class Meta:
        verbose_name = _("дефростация")
        verbose_name_plural = _("дефростации")
        ordering = ["started"]
        constraints = [
            models.UniqueConstraint(
                fields=["blank", "started"], name="defrost_run_is_once_at_a_moment"
            ),
            models.CheckConstraint(
                name="defrost_run_stops_after_it_starts",
                condition=Q(stopped__isnull=True) | Q(stopped__gte=F("started")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blank}: {self.started:%d.%m %H:%M}"
