"""Mixes: one mixer load of an order each, the unit that walks along a line (domain 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.by_key import members
from crm.fields import KgField
from crm.ledger.models import Lot
from crm.production.models.blank import Blank
from crm.production.models.choices import last_valid, one_of
from crm.production.models.order import MincedOrder
from crm.production.models.raw_batch import RawBatch

if TYPE_CHECKING:
    from crm.production.models.second_minced import SecondMinced
    from crm.quality.models import AshAnalysis, MixAnalysis


class MixState(models.TextChoices):
    """Where a mix stands (domain 5.4); `new` is a form that is being saved."""

    NEW = "new", _("Новый")
    QUEUED = "queued", _("В очереди")
    UNPACKING = "unpacking", _("Растарка")
    UNPACKED = "unpacked", _("Растарен")
    PRESSING = "pressing", _("Сепарирование")
    PRESSED = "pressed", _("Ждёт миксер")
    MIXING = "mixing", _("Перемешивание")
    IN_LAB = "in_lab", _("На анализе")
    LAB_DECISION = "lab_decision", _("Решение технолога")
    READY_TO_DISCHARGE = "ready_to_discharge", _("К выгрузке из миксера")
    IN_PLATE_FREEZER = "in_plate_freezer", _("В плиточнике")
    ON_PALLETS = "on_pallets", _("На паллетах")
    FINISHED = "finished", _("На складе")
    CANCELLED = "cancelled", _("Отменён")


class Quality(models.TextChoices):
    """What the laboratory and the technologist say of a mix."""

    UNTESTED = "untested", _("Не проверен")
    PASSED = "passed", _("Прошёл ФХП")
    PASSED_WITH_DEVIATION = "passed_with_deviation", _("Допущен с отклонением")
    BLOCKED = "blocked", _("Заблокирован")


class AshState(models.TextChoices):
    """Where the ash analysis of a mix stands, a lifecycle of its own."""

    NEW = "new", _("Ещё не нужна")
    NOT_NEEDED = "not_needed", _("Не нужна")
    MISSING = "missing", _("Отсутствует")
    IN_NORM = "in_norm", _("В норме")
    OUT_OF_NORM = "out_of_norm", _("Вне нормы")
    ACCEPTED = "accepted", _("Допущена с отклонением")


# Left the mixer: components are written off, the lot is born.
DISCHARGED = (MixState.IN_PLATE_FREEZER, MixState.ON_PALLETS, MixState.FINISHED)
# On a line: some station is held.
ON_LINE = (
    MixState.UNPACKING,
    MixState.UNPACKED,
    MixState.PRESSING,
    MixState.PRESSED,
    MixState.MIXING,
    MixState.IN_LAB,
    MixState.LAB_DECISION,
    MixState.READY_TO_DISCHARGE,
)


class Mix(models.Model):
    """One mixer load. `number` is the order's with /i; without an order ДДММ/N/Пет-фуд (domain
    8.3). `rework_gen` is the highest generation among its rework inputs plus one, 0 without any;
    stored at discharge, never computed again (domain 14.4)."""

    RECORD: ClassVar[str] = "mix"
    State = MixState
    Quality = Quality
    AshState = AshState

    state = models.CharField(
        _("Состояние"), max_length=20, choices=MixState.choices, default=MixState.NEW, db_index=True
    )
    order = models.ForeignKey(
        MincedOrder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mixes",
        verbose_name=_("Партия фарша"),
    )
    index = models.PositiveSmallIntegerField(_("Замес"), default=1)
    number = models.CharField(_("Номер"), max_length=30, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("Год"))
    lot = models.OneToOneField(
        "ledger.Lot", models.PROTECT, related_name="mix", verbose_name=_("Лот")
    )
    line = models.PositiveSmallIntegerField(_("Линия"), null=True, blank=True)
    quality = models.CharField(
        _("Качество"), max_length=24, choices=Quality.choices, default=Quality.UNTESTED
    )
    ash_state = models.CharField(
        _("Зола"), max_length=12, choices=AshState.choices, default=AshState.NEW
    )
    remake = models.BooleanField(_("Выдан повторно"), default=False)
    rework_gen = models.PositiveSmallIntegerField(_("Поколение вторфарша"), default=0)
    produced_at = models.DateTimeField(_("Выгружен из миксера"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"))
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("замес")
        verbose_name_plural = _("замесы")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["produced_at"], name="mix_by_discharge"),
            models.Index(fields=["-created_at", "-id"], name="mix_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="mix_number_is_unique_in_its_year"
            ),
            models.UniqueConstraint(fields=["order", "index"], name="order_counts_its_mixes"),
            one_of("mix_state_is_known", "state", MixState.values),
            one_of("mix_quality_is_known", "quality", Quality.values),
            one_of("mix_ash_state_is_known", "ash_state", AshState.values),
            models.CheckConstraint(
                name="mix_line_is_1_or_2", condition=Q(line__isnull=True) | Q(line__in=[1, 2])
            ),
            models.CheckConstraint(
                name="mix_on_a_line_has_a_line",
                condition=~Q(state__in=[*ON_LINE]) | Q(line__isnull=False),
            ),
            models.CheckConstraint(
                name="mix_discharged_has_its_time",
                condition=~Q(state__in=[*DISCHARGED]) | Q(produced_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or gettext("без номера")

    @cached_property
    def analysis(self) -> MixAnalysis | None:
        """The last attempt of its analysis that counts: neither taken back nor of before it was
        issued again."""
        return last_valid(one for one in members(self, "analyses") if not one.superseded)

    @cached_property
    def ash_analysis(self) -> AshAnalysis | None:
        """The last attempt of its ash analysis that counts, as above."""
        return last_valid(one for one in members(self, "ash_analyses") if not one.superseded)


class MixUse(models.Model):
    """What one mix took of one component at its discharge. A row of a discharge that was undone
    names the event that undid it; it is never changed otherwise."""

    mix = models.ForeignKey(Mix, models.PROTECT, related_name="uses", verbose_name=_("Замес"))
    lot = models.ForeignKey(
        "ledger.Lot", models.PROTECT, related_name="mix_uses", verbose_name=_("Лот")
    )
    kg = KgField(_("кг"))
    event = models.ForeignKey(
        "ledger.Event", models.PROTECT, related_name="mix_uses", verbose_name=_("Проводка")
    )
    undone_by = models.ForeignKey(
        "ledger.Event",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Отменено проводкой"),
    )

    class Meta:
        verbose_name = _("расход на замес")
        verbose_name_plural = _("расход на замесы")
        ordering = ["mix", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mix", "lot"],
                condition=Q(undone_by__isnull=True),
                name="mix_uses_a_lot_once",
            ),
            models.CheckConstraint(name="mix_use_is_positive", condition=Q(kg__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.mix}: {self.kg}"

    @property
    def batch(self) -> RawBatch | None:
        """The raw batch that was taken, if it was one."""
        return self.lot.raw_batch if self.lot.kind == Lot.Kind.RAW_BATCH else None

    @property
    def blank(self) -> Blank | None:
        """The blank that was taken, if it was one."""
        return self.lot.blank if self.lot.kind == Lot.Kind.BLANK else None

    @property
    def second(self) -> SecondMinced | None:
        """The second-minced lot that was taken, if it was one."""
        return self.lot.second_minced if self.lot.kind == Lot.Kind.SECOND_MINCED else None
