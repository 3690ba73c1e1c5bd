"""Pallets: the unit of freezing in a shocker, of weighing, of stock, of shipment (domain 5.7)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.fields import KgField
from crm.production.models.choices import ProductLine, one_of

if TYPE_CHECKING:
    from crm.production.models.second_minced import SecondMinced


class PalletState(models.TextChoices):
    """Where a pallet stands (domain 5.7); `new` is a form that is being saved."""

    NEW = "new", _("Новый")
    OPEN = "open", _("Собирается")
    FREEZING = "freezing", _("В шокере")
    UNLOADED = "unloaded", _("Ждёт палетирования")
    PALLETIZING = "palletizing", _("Палетирование")
    IN_STOCK = "in_stock", _("На складе")
    RESERVED = "reserved", _("В отгрузке")
    SHIPPED = "shipped", _("Отгружен")
    CONVERTED = "converted", _("Возвращён в вторфарш")
    SCRAPPED = "scrapped", _("Списан")
    CANCELLED = "cancelled", _("Отменён")


class PalletKind(models.TextChoices):
    """What is on a pallet."""

    MIX = "mix", _("Фарш")
    SECOND = "second", _("Вторичное сырьё")
    BUFFER = "buffer", _("Остатки")


IN_WORK = (
    PalletState.NEW,
    PalletState.OPEN,
    PalletState.FREEZING,
    PalletState.UNLOADED,
    PalletState.PALLETIZING,
)
STOCKED = (PalletState.IN_STOCK, PalletState.RESERVED, PalletState.SHIPPED)


def new_label_code() -> str:
    """Return a code for a label that nobody can guess: 22 characters of Base64 for addresses."""
    return secrets.token_urlsafe(16)


class Pallet(models.Model):
    """A numbered pallet. Its number is free again once it is on stock and its day is over
    (domain 8.4); `closed` is a buffer pallet that takes no more boxes."""

    RECORD: ClassVar[str] = "pallet"
    State = PalletState
    Kind = PalletKind

    state = models.CharField(
        _("Состояние"),
        max_length=12,
        choices=PalletState.choices,
        default=PalletState.NEW,
        db_index=True,
    )
    number = models.PositiveSmallIntegerField(_("Номер"))
    production_day = models.DateField(_("Производственный день"))
    lot = models.OneToOneField(
        "ledger.Lot", models.PROTECT, related_name="pallet", verbose_name=_("Лот")
    )
    kind = models.CharField(_("Вид"), max_length=8, choices=PalletKind.choices)
    product_line = models.CharField(
        _("Линия продукта"), max_length=3, choices=ProductLine.choices, blank=True
    )
    recipe = models.ForeignKey(
        "catalogue.Recipe", models.PROTECT, null=True, blank=True, verbose_name=_("Рецепт")
    )
    gross = KgField(_("Вес брутто, кг"), null=True, blank=True)
    pallet_weight = KgField(_("Вес паллета, кг"), null=True, blank=True)
    packaging_weight = KgField(_("Вес упаковки, кг"), null=True, blank=True)
    box_count = models.PositiveSmallIntegerField(_("Коробок"), null=True, blank=True)
    block_count = models.PositiveSmallIntegerField(_("Блоков"), null=True, blank=True)
    net = KgField(_("Вес нетто, кг"), null=True, blank=True)
    net_expected = KgField(_("Ожидаемый вес нетто, кг"), null=True, blank=True)
    unweighed = models.BooleanField(_("Без взвешивания"), default=False)
    closed = models.BooleanField(_("Закрыт"), default=False)
    label_code = models.CharField(
        _("Код этикетки"), max_length=32, unique=True, default=new_label_code, editable=False
    )
    unloaded_at = models.DateTimeField(_("Снят"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("Принят на склад"), null=True, blank=True)
    best_before = models.DateField(_("Годен до"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто создал")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    class Meta:
        verbose_name = _("паллет")
        verbose_name_plural = _("паллеты")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["number", "production_day"], name="pallet_by_number"),
            models.Index(fields=["-created_at", "-id"], name="pallet_latest"),
            models.Index(fields=["production_day"], name="pallet_by_day"),
            models.Index(fields=["accepted_at"], name="pallet_by_acceptance"),
        ]
        constraints = [
            one_of("pallet_state_is_known", "state", PalletState.values),
            one_of("pallet_kind_is_known", "kind", PalletKind.values),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state__in=[*IN_WORK]),
                name="pallet_number_is_free_among_those_in_work",
            ),
            models.UniqueConstraint(
                fields=["production_day", "number"],
                condition=~Q(state="cancelled"),
                name="pallet_number_is_unique_in_its_day",
            ),
            models.UniqueConstraint(
                fields=["product_line"],
                condition=Q(kind="buffer", state="open", closed=False),
                name="one_buffer_pallet_collects_at_a_time",
            ),
            models.CheckConstraint(
                name="pallet_number_is_1_to_9999", condition=Q(number__gte=1, number__lte=9999)
            ),
            models.CheckConstraint(
                name="pallet_stocked_has_a_net",
                condition=~Q(state__in=[*STOCKED]) | Q(net__gt=0, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="buffer_pallet_has_45_boxes_at_most",
                condition=~Q(kind="buffer") | Q(box_count__isnull=True) | Q(box_count__lte=45),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def second_lots(self) -> list[SecondMinced]:
        """The second-minced lots on it; no query where there can be none."""
        if self.kind != PalletKind.SECOND:
            return []
        items = self.items.filter(lot__second_minced__isnull=False)
        return [one.lot.second_minced for one in items.select_related("lot__second_minced")]


class PalletItem(models.Model):
    """What of a mix or of a second-minced lot is on a pallet; `estimated` kilograms are divided,
    not weighed (domain Q15)."""

    pallet = models.ForeignKey(
        Pallet, models.PROTECT, related_name="items", verbose_name=_("Паллет")
    )
    lot = models.ForeignKey(
        "ledger.Lot", models.PROTECT, related_name="pallet_items", verbose_name=_("Лот")
    )
    kg = KgField(_("кг"), null=True, blank=True)
    estimated = models.BooleanField(_("Оценка"), default=False)

    class Meta:
        verbose_name = _("содержимое паллета")
        verbose_name_plural = _("содержимое паллетов")
        ordering = ["pallet", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pallet", "lot"], name="pallet_has_a_lot_once"),
            models.CheckConstraint(
                name="pallet_item_is_positive", condition=Q(kg__isnull=True) | Q(kg__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pallet}: {self.lot}"
