"""Loads: one mix in a plate freezer, one pallet in a place of a shocker (domain 5.6)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.fields import TenthsField
from crm.production.models.choices import one_of
from crm.production.models.mix import Mix
from crm.production.models.pallet import Pallet


class LoadState(models.TextChoices):
    """Where a load stands (domain 5.6); `new` is a form that is being saved."""

    NEW = "new", _("Новая")
    FREEZING = "freezing", _("Замораживается")
    DUE = "due", _("Готова к выгрузке")
    OVERDUE = "overdue", _("Просрочена выгрузка")
    UNLOADED = "unloaded", _("Выгружена")
    VOIDED = "voided", _("Аннулирована")


HOLDS_A_SLOT = (LoadState.NEW, LoadState.FREEZING, LoadState.DUE, LoadState.OVERDUE)


class FreezerLoad(models.Model):
    """What stands in a place of a freezer. `slot` counts from 1; an open load has it alone."""

    RECORD: ClassVar[str] = "freezer_load"
    State = LoadState

    state = models.CharField(
        _("Состояние"),
        max_length=12,
        choices=LoadState.choices,
        default=LoadState.NEW,
        db_index=True,
    )
    freezer = models.ForeignKey(
        "catalogue.Freezer", models.PROTECT, related_name="loads", verbose_name=_("Камера")
    )
    slot = models.PositiveSmallIntegerField(_("Место"))
    mix = models.ForeignKey(
        Mix,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loads",
        verbose_name=_("Замес"),
    )
    pallet = models.ForeignKey(
        Pallet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loads",
        verbose_name=_("Паллет"),
    )
    loaded_at = models.DateTimeField(_("Загружена"), null=True, blank=True)
    due_at = models.DateTimeField(_("Срок выгрузки"), null=True, blank=True)
    unloaded_at = models.DateTimeField(_("Выгружена"), null=True, blank=True)
    core_temp_out = TenthsField(_("В толще, °C"), null=True, blank=True)
    early_approved_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто разрешил выгрузить раньше"),
    )
    created_at = models.DateTimeField(_("Создана"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто загрузил")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("загрузка")
        verbose_name_plural = _("загрузки")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["freezing", "due", "overdue"]),
                name="load_open_by_due",
            ),
            models.Index(fields=["-created_at", "-id"], name="load_latest"),
            models.Index(fields=["loaded_at"], name="load_by_moment"),
        ]
        constraints = [
            one_of("load_state_is_known", "state", LoadState.values),
            models.UniqueConstraint(
                fields=["freezer", "slot"],
                condition=Q(state__in=[*HOLDS_A_SLOT]),
                name="slot_has_one_open_load",
            ),
            models.UniqueConstraint(
                fields=["mix"], condition=Q(state__in=[*HOLDS_A_SLOT]), name="mix_is_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["pallet"],
                condition=Q(state__in=[*HOLDS_A_SLOT]),
                name="pallet_is_in_one_place",
            ),
            models.CheckConstraint(
                name="load_is_a_mix_or_a_pallet",
                condition=Q(mix__isnull=True, pallet__isnull=False)
                | Q(mix__isnull=False, pallet__isnull=True),
            ),
            models.CheckConstraint(
                name="load_is_due_after_it_is_loaded",
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("loaded_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.freezer}: {self.mix or self.pallet}"
