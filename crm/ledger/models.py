"""The books: lots, posting documents, balances, counters and the history of states.

An `Event` is a posting document. Its postings are written first and the event last: a trigger on
the event sums them
and refuses any sum but zero, a trigger on the posting refuses one that comes after its event, and
the deferred foreign
key refuses, at commit, a posting whose event never came. So no unbalanced document can be committed
on either database.
Events, postings and histories refuse UPDATE and DELETE."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.fields import KgField


class Account(models.TextChoices):
    """Where meat can be. The first five are real places and never go below zero."""

    RAW_STORE = "raw_store", _("Склад сырья")
    BLANK_STORE = "blank_store", _("Склад заготовок")
    REWORK_STORE = "rework_store", _("Склад вторфарша")
    MKO_STORE = "mko_store", _("Склад МКО")
    FG_STORE = "fg_store", _("Склад ГП")
    SUPPLIER = "supplier", _("Поставщик")
    CUSTOMER = "customer", _("Покупатель")
    PROCESS = "process", _("В производстве")
    LOSS_DRIP = "loss_drip", _("Потери при дефростации")
    LOSS_FREEZING = "loss_freezing", _("Потери при заморозке")
    SCRAP = "scrap", _("Брак")
    SAMPLE = "sample", _("Пробы")
    ADJUST = "adjust", _("Корректировка")


REAL_ACCOUNTS = (
    Account.RAW_STORE,
    Account.BLANK_STORE,
    Account.REWORK_STORE,
    Account.MKO_STORE,
    Account.FG_STORE,
)


class Counter(models.Model):
    """The last number taken of a kind in a period (a date or a year). Locked while the next one is
    taken."""

    kind = models.CharField(_("Что"), max_length=40)
    period = models.CharField(_("Период"), max_length=10, blank=True)
    last = models.PositiveBigIntegerField(_("Последний номер"))

    class Meta:
        verbose_name = _("счётчик")
        verbose_name_plural = _("счётчики")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"], name="counter_one_per_kind_and_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}: {self.last}"


class Lot(models.Model):
    """A quantity that can be traced: made with its record; `born` is empty until the thing
    physically exists."""

    class Kind(models.TextChoices):
        """Which record the lot belongs to."""

        RAW_BATCH = "raw_batch", _("Партия сырья")
        BLANK = "blank", _("Заготовка")
        MIX = "mix", _("Замес")
        SECOND_MINCED = "second_minced", _("Вторичная партия")
        PALLET = "pallet", _("Паллет")

    kind = models.CharField(_("Вид"), max_length=20, choices=Kind.choices)
    born = models.PositiveBigIntegerField(_("Порядок появления"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"), auto_now_add=True)

    class Meta:
        verbose_name = _("лот")
        verbose_name_plural = _("лоты")
        constraints = [
            models.UniqueConstraint(fields=["born"], name="lot_born_is_one_sequence"),
            models.CheckConstraint(
                name="lot_kind_is_known",
                condition=Q(kind__in=["raw_batch", "blank", "mix", "second_minced", "pallet"]),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Лот {number}").format(number=self.pk)


class Event(models.Model):
    """A posting document. Never changed; a mistake is undone by one that `reverses` it, once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("Событие"), max_length=40)
    occurred_at = models.DateTimeField(_("Когда было"), db_index=True)
    recorded_at = models.DateTimeField(_("Когда записано"))
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто")
    )
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    source = models.CharField(_("Источник"), max_length=20)
    key = models.CharField(_("Ключ"), max_length=120)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name=_("Отменяет"),
    )
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    # Empty is NULL: SQLite adds such a column without rebuilding the table and losing its triggers.
    digest = models.CharField(_("Версия форм"), max_length=64, null=True, blank=True)

    class Meta:
        verbose_name = _("проводка")
        verbose_name_plural = _("проводки")
        ordering = ["-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], name="event_source_and_key_are_unique"
            ),
            models.CheckConstraint(
                name="event_does_not_reverse_itself",
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Posting(models.Model):
    """One line of an event: a lot, an account, signed kilograms (whole grams in the column)."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="postings", verbose_name=_("Проводка")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="postings", verbose_name=_("Лот"))
    account = models.CharField(_("Счёт"), max_length=20, choices=Account.choices)
    kg = KgField(_("кг"), db_column="grams")

    class Meta:
        verbose_name = _("строка проводки")
        verbose_name_plural = _("строки проводок")
        ordering = ["id"]
        indexes = [models.Index(fields=["lot", "account"], name="posting_by_lot_and_account")]
        constraints = [
            models.CheckConstraint(name="posting_moves_something", condition=~Q(kg=0)),
            models.CheckConstraint(
                name="posting_account_is_known", condition=Q(account__in=Account.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.kg}"


class Balance(models.Model):
    """What of a lot is on an account: the sum of its postings, kept by `post` alone, and what is
    reserved of it."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="balances", verbose_name=_("Лот"))
    account = models.CharField(_("Счёт"), max_length=20, choices=Account.choices)
    physical = KgField(_("Физически, кг"), db_column="physical_grams", default=0)
    reserved = KgField(_("В резерве, кг"), db_column="reserved_grams", default=0)

    class Meta:
        verbose_name = _("остаток")
        verbose_name_plural = _("остатки")
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "account"], name="balance_one_per_lot_and_account"
            ),
            models.CheckConstraint(
                name="balance_account_is_known", condition=Q(account__in=Account.values)
            ),
            models.CheckConstraint(
                name="balance_real_account_is_never_below_zero",
                condition=~Q(account__in=REAL_ACCOUNTS) | Q(physical__gte=0),
            ),
            models.CheckConstraint(
                name="balance_reserved_is_within_physical",
                condition=Q(~Q(account__in=REAL_ACCOUNTS), reserved=0)
                | Q(account__in=REAL_ACCOUNTS, reserved__gte=0, reserved__lte=F("physical")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()}: {self.physical}"


class StateHistory(models.Model):
    """One change of the state (or level) of any record. Append-only."""

    record = models.CharField(_("Запись"), max_length=40)
    record_id = models.CharField(_("Номер записи"), max_length=40)
    from_state = models.CharField(_("Было"), max_length=40)
    to_state = models.CharField(_("Стало"), max_length=40)
    transition = models.CharField(_("Переход"), max_length=40)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто")
    )
    reason = models.CharField(_("Причина"), max_length=500, blank=True)
    at = models.DateTimeField(_("Когда"))
    # NULL for the same reason as `Event.digest`.
    digest = models.CharField(_("Версия форм"), max_length=64, null=True, blank=True)

    class Meta:
        verbose_name = _("смена состояния")
        verbose_name_plural = _("история состояний")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["record", "record_id"], name="history_by_record")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
