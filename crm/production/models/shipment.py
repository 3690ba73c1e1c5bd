"""Shipments: pallets that leave for a customer (domain 5.8)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.production.models.choices import one_of
from crm.production.models.pallet import Pallet


class ShipmentState(models.TextChoices):
    """Where a shipment stands (domain 5.8)."""

    DRAFT = "draft", _("Черновик")
    CONFIRMED = "confirmed", _("Подтверждена")
    SHIPPED = "shipped", _("Отгружена")
    CLOSED = "closed", _("Закрыта")
    CANCELLED = "cancelled", _("Отменена")


class Shipment(models.Model):
    """Pallets for one customer. Who lets it go is not who confirmed it, unless the plant lets one
    do both (domain 4.46): `by_two` is the rule that held when it left."""

    RECORD: ClassVar[str] = "shipment"
    State = ShipmentState

    state = models.CharField(
        _("Состояние"), max_length=12, choices=ShipmentState.choices, default=ShipmentState.DRAFT
    )
    number = models.CharField(_("Номер"), max_length=20, unique=True)
    customer = models.ForeignKey(
        "catalogue.Customer", models.PROTECT, related_name="shipments", verbose_name=_("Заказчик")
    )
    planned_at = models.DateTimeField(_("На когда"), null=True, blank=True)
    expires_at = models.DateTimeField(_("Черновик держит паллеты до"))
    confirmed_at = models.DateTimeField(_("Подтверждена"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто подтвердил"),
    )
    shipped_at = models.DateTimeField(_("Отгружена"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто отгрузил"),
    )
    by_two = models.BooleanField(_("Отпускает второй человек"), default=True)
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    session = models.UUIDField(_("Сессия"), unique=True)
    created_at = models.DateTimeField(_("Создана"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто создал")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("отгрузка")
        verbose_name_plural = _("отгрузки")
        ordering = ["-created_at", "-id"]
        constraints = [
            one_of("shipment_state_is_known", "state", ShipmentState.values),
            models.CheckConstraint(
                name="shipment_by_two_is_let_go_by_another_person",
                condition=Q(by_two=False)
                | Q(reviewed_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(reviewed_by=F("confirmed_by")),
            ),
            models.CheckConstraint(
                name="shipment_shipped_has_two_people_and_a_time",
                condition=~Q(state__in=["shipped", "closed"])
                | Q(
                    confirmed_by__isnull=False,
                    reviewed_by__isnull=False,
                    shipped_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentPallet(models.Model):
    """One pallet of a shipment; a pallet stands in one live shipment. `removed_at` is when it was
    taken out, by hand, by expiry or as a return."""

    shipment = models.ForeignKey(
        Shipment, models.PROTECT, related_name="lines", verbose_name=_("Отгрузка")
    )
    pallet = models.ForeignKey(
        Pallet, models.PROTECT, related_name="shipment_lines", verbose_name=_("Паллет")
    )
    removed_at = models.DateTimeField(_("Убран"), null=True, blank=True)
    returned = models.BooleanField(_("Возврат"), default=False)

    class Meta:
        verbose_name = _("паллет отгрузки")
        verbose_name_plural = _("паллеты отгрузок")
        ordering = ["shipment", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pallet"],
                condition=Q(removed_at__isnull=True),
                name="pallet_is_in_one_live_shipment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.pallet}"
