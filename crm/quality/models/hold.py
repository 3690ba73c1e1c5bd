"""Holds: rows that forbid some uses of a lot until they are released (domain 5.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.languages.message import Message


class HoldKind(models.TextChoices):
    """Why a lot is held."""

    LAB = "lab", _("Анализ сырья")
    ANTIBIOTIC = "antibiotic", _("Антибиотик")
    FHP = "fhp", _("ФХП")
    ASH = "ash", _("Зола")
    RETURNED = "returned", _("Возврат")
    CORE_TEMP = "core_temp", _("Температура в толще")
    NO_ORIGIN = "no_origin", _("Без происхождения")
    FOREIGN_BODY = "foreign_body", _("Посторонний предмет")
    MANUAL = "manual", _("Вручную")
    CCP = "ccp", _("ККТ")
    RECALL = "recall", _("Отзыв")
    EXPIRED = "expired", _("Срок годности")


KINDS_SAID: Mapping[HoldKind, Message] = {  # where each is read in the reader's own language
    HoldKind.LAB: Message("Анализ сырья"),
    HoldKind.ANTIBIOTIC: Message("Антибиотик"),
    HoldKind.FHP: Message("ФХП"),
    HoldKind.ASH: Message("Зола"),
    HoldKind.RETURNED: Message("Возврат"),
    HoldKind.CORE_TEMP: Message("Температура в толще"),
    HoldKind.NO_ORIGIN: Message("Без происхождения"),
    HoldKind.FOREIGN_BODY: Message("Посторонний предмет"),
    HoldKind.MANUAL: Message("Вручную"),
    HoldKind.CCP: Message("ККТ"),
    HoldKind.RECALL: Message("Отзыв"),
    HoldKind.EXPIRED: Message("Срок годности"),
}


class HoldState(models.TextChoices):
    """Where a hold stands (domain 5.11)."""

    PLACED = "placed", _("Поставлена")
    RELEASED = "released", _("Снята")


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds by what they forbid now."""

    def open_on(self, lot_id: int, *kinds: str) -> HoldQuerySet:
        """Return those of some kinds that a lot is held by, in the order of placing."""
        return self.filter(lot=lot_id, kind__in=kinds, released_at__isnull=True).order_by("pk")


class Hold(models.Model):
    """A hold on one lot. Placing it locks the same rows as using the lot does, so no use slips
    through. `asked_by` asked for the release first where two people are needed; until the second
    one answers, `release_reason` is why."""

    RECORD: ClassVar[str] = "hold"
    State = HoldState
    Kind = HoldKind

    lot = models.ForeignKey(
        "ledger.Lot", models.PROTECT, related_name="holds", verbose_name=_("Лот")
    )
    kind = models.CharField(_("Вид"), max_length=12, choices=HoldKind.choices)
    state = models.CharField(
        _("Состояние"), max_length=8, choices=HoldState.choices, default=HoldState.PLACED
    )
    reason = models.CharField(_("Причина"), max_length=500)
    placed_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто поставил"),
    )
    placed_at = models.DateTimeField(_("Поставлена"))
    asked_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто попросил снять"),
    )
    released_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто снял"),
    )
    released_at = models.DateTimeField(_("Снята"), null=True, blank=True)
    release_reason = models.CharField(_("Почему снята"), max_length=500, blank=True)
    case = models.CharField(_("Отзыв №"), max_length=20, blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("блокировка")
        verbose_name_plural = _("блокировки")
        ordering = ["-placed_at", "-id"]
        indexes = [
            models.Index(
                fields=["lot"], condition=Q(released_at__isnull=True), name="hold_open_by_lot"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "kind", "case"],
                condition=Q(released_at__isnull=True),
                name="hold_one_open_per_lot_and_kind",
            ),
            models.CheckConstraint(
                name="hold_kind_is_known", condition=Q(kind__in=HoldKind.values)
            ),
            models.CheckConstraint(
                name="hold_is_released_at_a_time",
                condition=Q(state="placed", released_at__isnull=True)
                | Q(state="released", released_at__isnull=False),
            ),
            models.CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="hold_released_has_a_reason",
                condition=Q(released_at__isnull=True) | ~Q(release_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    @property
    def kind_said(self) -> Message:
        """What its kind is called: of a notice or a refusal, which several people read."""
        return KINDS_SAID[HoldKind(self.kind)]
