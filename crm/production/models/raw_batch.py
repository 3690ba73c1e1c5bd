"""Raw batches: one accepted delivery line each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.by_key import members
from crm.fields import KgField, TenthsField, kg
from crm.ledger.models import Account, Balance
from crm.production.models.choices import last_valid

if TYPE_CHECKING:
    from crm.people.models import Person
    from crm.quality.models import RawAnalysis

IN_STOCK_STATES = [
    "received",
    "released",
    "quarantine",
    "rejected",
    "depleted",
    "returned",
    "disposed",
]


class RawBatchQuerySet(models.QuerySet["RawBatch"]):
    """Raw batches."""

    def with_stock(self) -> RawBatchQuerySet:
        """Add `physical` and `reserved` kilograms on the raw store, zero where nothing is."""
        here = Q(lot__balances__account=Account.RAW_STORE, lot__balances__physical__gt=0)
        store = FilteredRelation("lot__balances", condition=here)
        none = kg(Decimal(0))
        return self.annotate(store=store).annotate(
            physical=Coalesce("store__physical", none),
            reserved=Coalesce("store__reserved", none),
        )

    def with_defrosted(self) -> RawBatchQuerySet:
        """Add `after_defrost`: kilograms received less the material's loss if it came frozen and it
        is known, otherwise all of them (domain Q9); whole grams, half a gram up."""
        grams = Cast("weight_received", models.BigIntegerField())
        loss = Cast("raw_material__defrost_loss_pct", models.BigIntegerField())  # hundredths
        left = (grams * (10_000 - loss) + 5_000) / 10_000
        known = Q(condition="frozen", raw_material__defrost_loss_pct__isnull=False)
        return self.annotate(
            after_defrost=Case(
                When(known, then=ExpressionWrapper(left, KgField())),
                default=F("weight_received"),
                output_field=KgField(),
            )
        )

    def in_stock(self) -> RawBatchQuerySet:
        """Those of which something is left on the raw store."""
        left = Balance.objects.filter(
            lot=OuterRef("lot"), account=Account.RAW_STORE, physical__gt=0
        )
        return self.filter(Exists(left))


class RawBatch(models.Model):
    """A delivery of one company, one material, one condition, one mass.

    `number` is ДДММ/N, `year_number` the ordinal among the year's accepted batches; both are given
    once, at `accept`.
    Kilograms are Decimal here and whole grams in the column, temperatures Decimal and whole
    tenths."""

    RECORD: ClassVar[str] = "raw_batch"

    class State(models.TextChoices):
        """Where the batch stands (domain 5.1); `new` is a form that is being saved."""

        NEW = "new", _("Новая")
        EXPECTED = "expected", _("В поставке")
        RECEIVED = "received", _("Принята, ждёт анализа")
        RELEASED = "released", _("Допущена")
        QUARANTINE = "quarantine", _("Карантин")
        REJECTED = "rejected", _("Забракована")
        DEPLETED = "depleted", _("Израсходована")
        RETURNED = "returned", _("Возвращена")
        DISPOSED = "disposed", _("Утилизирована")
        REFUSED = "refused", _("Отказано в приёмке")
        CANCELLED = "cancelled", _("Отменена")

    class Condition(models.TextChoices):
        """How the meat came."""

        CHILLED = "chilled", _("Охлаждённое")
        FROZEN = "frozen", _("Замороженное")

    state = models.CharField(
        _("Состояние"), max_length=12, choices=State.choices, default=State.NEW
    )
    number = models.CharField(_("Номер"), max_length=12, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("Год"))
    year_number = models.PositiveIntegerField(_("Номер за год"), null=True, blank=True)
    lot = models.OneToOneField(
        "ledger.Lot", models.PROTECT, related_name="raw_batch", verbose_name=_("Лот")
    )
    session = models.UUIDField(_("Сессия"), unique=True)

    company = models.ForeignKey(
        "catalogue.Company", models.PROTECT, null=True, blank=True, verbose_name=_("Компания")
    )
    raw_material = models.ForeignKey(
        "catalogue.RawMaterial", models.PROTECT, null=True, blank=True, verbose_name=_("Вид сырья")
    )
    nomenclature = models.ForeignKey(
        "catalogue.Nomenclature",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Вид по номенклатуре"),
    )
    supplier = models.ForeignKey(
        "catalogue.Supplier", models.PROTECT, null=True, blank=True, verbose_name=_("Поставщик")
    )
    condition = models.CharField(
        _("Кондиция"), max_length=10, choices=Condition.choices, blank=True
    )
    manufacturer = models.CharField(_("Производитель"), max_length=600, blank=True)
    accounting_type = models.CharField(_("Тип для бух. учёта"), max_length=60, blank=True)
    ttn_number = models.CharField(_("Номер ТТН"), max_length=50, blank=True)
    ttn_date = models.DateField(_("Дата ТТН"), null=True, blank=True)
    manufacture_date = models.DateField(_("Дата производства"), null=True, blank=True)
    body_temp = TenthsField(_("Температура кузова, °C"), null=True, blank=True)
    product_temp = TenthsField(_("Температура сырья, °C"), null=True, blank=True)
    weight_received = KgField(_("Принято, кг"), null=True, blank=True)
    weight_vet = KgField(_("Масса по ЭВСД, кг"), null=True, blank=True)
    weight_diff_reason = models.CharField(_("Причина расхождения"), max_length=300, blank=True)
    tags_number = models.PositiveSmallIntegerField(_("Количество бирок"), null=True, blank=True)
    min_shelf_days = models.SmallIntegerField(_("ОСГ, дней"), null=True, blank=True)
    separator = models.CharField(_("Сепаратор"), max_length=20, blank=True)
    separator_mode = models.CharField(_("Режим сепаратора"), max_length=20, blank=True)
    expected_date = models.DateField(_("Дата поставки"), null=True, blank=True)
    expected_weight = KgField(_("Ожидаемая масса, кг"), null=True, blank=True)

    received_at = models.DateTimeField(_("Принята"), null=True, blank=True)
    created_at = models.DateTimeField(_("Сохранена"))
    created_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто принял")
    )
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = RawBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("партия сырья")
        verbose_name_plural = _("партии сырья")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["received_at"], name="raw_batch_by_intake")]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"], name="raw_batch_number_is_unique_in_its_year"
            ),
            models.UniqueConstraint(
                fields=["year", "year_number"], name="raw_batch_year_number_is_given_once"
            ),
            models.CheckConstraint(
                name="raw_batch_state_is_known",
                condition=Q(
                    state__in=["new", "expected", *IN_STOCK_STATES, "refused", "cancelled"]
                ),
            ),
            models.CheckConstraint(
                name="raw_batch_in_stock_has_number_answers_and_mass",
                condition=~Q(state__in=IN_STOCK_STATES)
                | Q(
                    ~Q(condition=""),
                    number__isnull=False,
                    year_number__isnull=False,
                    received_at__isnull=False,
                    company__isnull=False,
                    raw_material__isnull=False,
                    nomenclature__isnull=False,
                    supplier__isnull=False,
                    weight_received__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="raw_batch_refused_has_no_number",
                condition=~Q(state="refused") | Q(number__isnull=True, received_at__isnull=True),
            ),
            models.CheckConstraint(
                name="raw_batch_condition_is_known",
                condition=Q(condition__in=["", "chilled", "frozen"]),
            ),
            models.CheckConstraint(
                name="raw_batch_mass_is_above_zero_and_within_40_t",
                condition=Q(weight_received__isnull=True)
                | Q(weight_received__gt=0, weight_received__lte=40000),
            ),
            models.CheckConstraint(
                name="raw_batch_tags_are_0_to_9999",
                condition=Q(tags_number__isnull=True) | Q(tags_number__lte=9999),
            ),
            models.CheckConstraint(
                name="raw_batch_temperatures_are_within_the_sensor",
                condition=(Q(body_temp__isnull=True) | Q(body_temp__gte=-60, body_temp__lte=40))
                & (Q(product_temp__isnull=True) | Q(product_temp__gte=-60, product_temp__lte=40)),
            ),
        ]

    def __str__(self) -> str:
        if self.number:
            return self.number
        state = str(self.State(self.state).label).lower()
        return gettext("без номера ({state})").format(state=state)

    @cached_property
    def analysis(self) -> RawAnalysis | None:
        """The last attempt of its analysis that counts; one query, none with prefetched
        `analyses`."""
        return last_valid(members(self, "analyses"))

    @property
    def analysed_by(self) -> Person | None:
        """Who entered the last analysis."""
        return self.analysis.by if self.analysis else None

    @property
    def fat(self) -> Decimal | None:
        """Fat by the last analysis, per cent; None before there is one."""
        return self.analysis.fat if self.analysis else None

    @property
    def protein(self) -> Decimal | None:
        """Protein by the last analysis, per cent; None before there is one."""
        return self.analysis.protein if self.analysis else None

    @property
    def moisture(self) -> Decimal | None:
        """Moisture by the last analysis, per cent; None before there is one."""
        return self.analysis.moisture if self.analysis else None

    @property
    def organization(self) -> str:
        """Who sent it: the senders of its veterinary documents, each once; without these its
        supplier."""
        senders = dict.fromkeys(one.sender for one in self.vet_documents.all() if one.sender)
        return ", ".join(senders) or (self.supplier.name if self.supplier else "")

    @property
    def vet_document_numbers(self) -> str:
        """The numbers of its veterinary documents."""
        return ", ".join(one.doc_number for one in self.vet_documents.all() if one.doc_number)

    @property
    def vet_document_dates(self) -> str:
        """The days of its veterinary documents, each once, the earliest first."""
        days = sorted({one.doc_date for one in self.vet_documents.all() if one.doc_date})
        return ", ".join(f"{day:%d.%m.%Y}" for day in days)

    @property
    def expiration_date(self) -> date | None:
        """The earliest day until which its veterinary documents are good."""
        days = [one.expires for one in self.vet_documents.all() if one.expires]
        return min(days, default=None)

    @property
    def full_number(self) -> str:
        """The number with its year, `2026-2211/3`, for documents and wherever two years could
        meet."""
        return f"{self.year}-{self.number}" if self.number else ""


class VetDocument(models.Model):
    """A veterinary document that a delivery came with, as the search found it (domain 4.4).
    `shelf_days` is what was left of its life on the day of the search."""

    raw_batch = models.ForeignKey(
        RawBatch, models.PROTECT, related_name="vet_documents", verbose_name=_("Партия сырья")
    )
    uuid = models.CharField(_("Идентификатор"), max_length=40)
    product_name = models.CharField(_("Продукция"), max_length=300)
    weight = KgField(_("Масса, кг"))
    sender = models.CharField(_("Отправитель"), max_length=300)
    producer = models.CharField(_("Производитель"), max_length=600, blank=True)
    doc_number = models.CharField(_("Номер документа"), max_length=60, blank=True)
    doc_date = models.DateField(_("Дата документа"), null=True, blank=True)
    produced_from = models.DateField(_("Выработано с"), null=True, blank=True)
    produced_to = models.DateField(_("Выработано по"), null=True, blank=True)
    expires = models.DateField(_("Годен до"), null=True, blank=True)
    shelf_days = models.SmallIntegerField(_("ОСГ, дней"), null=True, blank=True)
    public_link = models.CharField(_("Ссылка"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ветеринарный документ")
        verbose_name_plural = _("ветеринарные документы")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["raw_batch", "uuid"], name="vet_document_is_once_in_a_batch"
            ),
            models.CheckConstraint(
                name="vet_document_weight_is_positive", condition=Q(weight__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.doc_number or self.uuid
