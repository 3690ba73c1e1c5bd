"""Second-minced lots: вторфарш and МКО1 to МКО3 (domain 5.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import KgField
from crm.ledger.stock import available
from crm.production.models.choices import one_of
from crm.production.models.mix import Mix
from crm.production.models.order import MincedOrder


class SecondState(models.TextChoices):
    """Where a lot stands (domain 5.5); `new` is a form that is being saved."""

    NEW = "new", _("Новая")
    REGISTERED = "registered", _("На остатке")
    ON_PALLET = "on_pallet", _("На паллете")
    DEPLETED = "depleted", _("Израсходована")
    SCRAPPED = "scrapped", _("Списана")
    CANCELLED = "cancelled", _("Отменена")


class SecondKind(models.TextChoices):
    """What a second-minced lot is."""

    REWORK = "rework", _("Вторфарш")
    MKO1 = "mko1", _("МКО1")
    MKO2 = "mko2", _("МКО2")
    MKO3 = "mko3", _("МКО3")


class SecondMinced(models.Model):
    """A second-minced lot. `number` is ДДММ/N/{kind} of `produced_on`, given once (domain 8.1).
    `rework_gen` and the recipes of the mince that it is of are stored when the lot comes to be,
    never computed again (domain 14.4); no recipe is "not known"."""

    RECORD: ClassVar[str] = "second_minced"
    State = SecondState
    Kind = SecondKind

    state = models.CharField(
        _("Состояние"),
        max_length=12,
        choices=SecondState.choices,
        default=SecondState.NEW,
        db_index=True,
    )
    kind = models.CharField(_("Вид"), max_length=8, choices=SecondKind.choices)
    number = models.CharField(_("Номер"), max_length=32)
    year = models.PositiveSmallIntegerField(_("Год"))
    lot = models.OneToOneField(
        "ledger.Lot", models.PROTECT, related_name="second_minced", verbose_name=_("Лот")
    )
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    for_sale = models.BooleanField(_("На продажу"), default=False)
    produced_on = models.DateField(_("Дата производства"))
    registered_at = models.DateTimeField(_("Занесена"))
    gross = KgField(_("Вес с тарой, кг"), null=True, blank=True)
    cart_tare = KgField(_("Вес тележки, кг"), null=True, blank=True)
    net = KgField(_("Вес нетто, кг"))
    rework_gen = models.PositiveSmallIntegerField(_("Поколение"), default=1)
    source_recipes = models.ManyToManyField(
        "catalogue.Recipe", related_name="+", blank=True, verbose_name=_("Из фарша по рецептам")
    )
    source_order = models.ForeignKey(
        MincedOrder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Из партии фарша"),
    )
    source_mix = models.ForeignKey(
        Mix,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Из заблокированного замеса"),
    )
    source_line = models.PositiveSmallIntegerField(_("Линия"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создана"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто занёс")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("вторичная партия")
        verbose_name_plural = _("вторичные партии")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["kind", "produced_on", "id"], name="second_minced_oldest_first")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="second_minced_number_is_unique_in_its_year"
            ),
            one_of("second_minced_state_is_known", "state", SecondState.values),
            one_of("second_minced_kind_is_known", "kind", SecondKind.values),
            models.CheckConstraint(name="second_minced_net_is_positive", condition=Q(net__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number or gettext("без номера")

    @property
    def available(self) -> Decimal:
        """Kilograms that are there and not reserved (domain Q13)."""
        return available(self.lot)
