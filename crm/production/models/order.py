"""Minced orders: a planned quantity of mince, its components and how many mixes (domain 5.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import KgField, PercentField
from crm.ledger.models import Lot
from crm.production.models.blank import Blank
from crm.production.models.choices import ProductLine, one_of, share
from crm.production.models.raw_batch import RawBatch


class OrderState(models.TextChoices):
    """Where an order stands (domain 5.3); `new` is a form that is being saved."""

    NEW = "new", _("Новая")
    PLANNED = "planned", _("Запланирована")
    ACTIVE = "active", _("В работе")
    PAUSED = "paused", _("Остановлена")
    FINISHED = "finished", _("Завершена")
    CANCELLED = "cancelled", _("Отменена")


class LineMode(models.TextChoices):
    """Which lines may take the mixes of an order."""

    LINE_1 = "line_1", _("Линия 1")
    LINE_2 = "line_2", _("Линия 2")
    BOTH = "both", _("Обе")


class Route(models.TextChoices):
    """Where a mix goes from the mixer (domain 5.4)."""

    PLATE = "plate", _("Плиточник")
    SHOCK = "shock", _("Шокер")
    PALLET = "pallet", _("Паллет")


class MincedOrder(models.Model):
    """A planned quantity of mince. `number` is ФДДММГГГГ{recipe}/N of the arrival date, given once,
    at `plan`. `priority` is 1 (first) to 9; parts are those of `analysed_kg` alone (domain Q1)."""

    RECORD: ClassVar[str] = "minced_order"
    State = OrderState
    LineMode = LineMode
    Route = Route

    state = models.CharField(
        _("Состояние"),
        max_length=12,
        choices=OrderState.choices,
        default=OrderState.NEW,
        db_index=True,
    )
    number = models.CharField(_("Номер"), max_length=24, null=True, blank=True)
    session = models.UUIDField(_("Сессия"), unique=True)
    product_line = models.CharField(_("Линия продукта"), max_length=3, choices=ProductLine.choices)
    recipe = models.ForeignKey("catalogue.Recipe", models.PROTECT, verbose_name=_("Рецепт"))
    recipe_version = models.ForeignKey(
        "catalogue.RecipeVersion",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Версия нормы"),
    )
    number_mix = models.PositiveSmallIntegerField(_("Количество замесов"))
    line_mode = models.CharField(_("Линия"), max_length=6, choices=LineMode.choices)
    own_line = models.CharField(
        _("Линия до совместной работы"), max_length=6, choices=LineMode.choices, blank=True
    )
    joint_refused_at = models.DateTimeField(_("Отказ от совместной работы"), null=True, blank=True)
    route = models.CharField(_("Маршрут"), max_length=6, choices=Route.choices)
    is_night = models.BooleanField(_("Ночная смена"), default=False)
    arrival_date = models.DateField(_("Дата поступления"))
    start_not_before = models.DateTimeField(_("Начать не раньше"))
    priority = models.PositiveSmallIntegerField(_("Очередь"), default=5)
    fat = PercentField(_("Жир, %"), null=True, blank=True)
    protein = PercentField(_("Белок, %"), null=True, blank=True)
    moisture = PercentField(_("Влага, %"), null=True, blank=True)
    analysed_kg = KgField(_("Проанализировано, кг"), null=True, blank=True)
    forecast_reason = models.CharField(_("Почему вне нормы"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("Создана"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто создал")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("партия фарша")
        verbose_name_plural = _("партии фарша")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="minced_order_number_is_unique"),
            one_of("minced_order_state_is_known", "state", OrderState.values),
            one_of("minced_order_line_is_known", "line_mode", LineMode.values),
            one_of("minced_order_route_is_known", "route", Route.values),
            models.CheckConstraint(
                name="minced_order_beyond_new_has_a_number",
                condition=Q(state__in=["new", "cancelled"]) | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="minced_order_has_1_to_200_mixes",
                condition=Q(number_mix__gte=1, number_mix__lte=200),
            ),
            models.CheckConstraint(
                name="minced_order_priority_is_1_to_9",
                condition=Q(priority__gte=1, priority__lte=9),
            ),
            share("minced_order_parts_are_shares", "fat", "protein", "moisture"),
        ]

    def __str__(self) -> str:
        return self.number or gettext("без номера")


class OrderItem(models.Model):
    """One component of an order: the lot of a raw batch, a blank or a second-minced lot. Lots of
    one kind are drawn in the order of `position` (domain 7.4). `kg_released` is what of the plan no
    mix took, written when the order ends."""

    order = models.ForeignKey(
        MincedOrder, models.PROTECT, related_name="items", verbose_name=_("Партия фарша")
    )
    position = models.PositiveSmallIntegerField(_("Строка"))
    lot = models.ForeignKey(
        "ledger.Lot", models.PROTECT, related_name="order_items", verbose_name=_("Лот")
    )
    kg_planned = KgField(_("План, кг"))
    kg_released = KgField(_("Снято с резерва, кг"), default=Decimal(0))

    class Meta:
        verbose_name = _("компонент партии")
        verbose_name_plural = _("компоненты партий")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "lot"], name="order_has_a_lot_once"),
            models.UniqueConstraint(fields=["order", "position"], name="order_lines_are_counted"),
            models.CheckConstraint(
                name="order_item_plan_is_not_negative", condition=Q(kg_planned__gte=0)
            ),
            models.CheckConstraint(
                name="order_item_released_is_not_negative", condition=Q(kg_released__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.kg_planned}"

    @property
    def kg_to_take(self) -> Decimal:
        """What all mixes together take of it: the plan without what was released when the order
        ended, which nobody keeps for an order that is at work again."""
        kg: Decimal = self.kg_planned - self.kg_released
        return kg

    @property
    def batch(self) -> RawBatch | None:
        """The raw batch that the component is, if it is one."""
        return self.lot.raw_batch if self.lot.kind == Lot.Kind.RAW_BATCH else None

    @property
    def blank(self) -> Blank | None:
        """The blank that the component is, if it is one."""
        return self.lot.blank if self.lot.kind == Lot.Kind.BLANK else None
