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

from crm.by_key import related
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

    @property
    def record(self) -> models.Model:
        """The raw batch, blank, mix, second-minced lot or pallet that the lot belongs to."""
        record: models.Model = related(self, self.kind)
        return record


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
        indexes = [models.Index(fields=["-recorded_at", "-id"], name="event_latest")]
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
    # The order and the mix that a line of `process` belongs to; empty on other accounts.
    order = models.ForeignKey(
        "production.MincedOrder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        db_index=False,
        verbose_name=_("Партия фарша"),
    )
    mix = models.ForeignKey(
        "production.Mix",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        db_index=False,
        verbose_name=_("Замес"),
    )

    class Meta:
        verbose_name = _("строка проводки")
        verbose_name_plural = _("строки проводок")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["lot", "account"], name="posting_by_lot_and_account"),
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="posting_by_order"
            ),
            models.Index(fields=["mix"], condition=Q(mix__isnull=False), name="posting_by_mix"),
        ]
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

    lot = models.ForeignKey(
        # Its constraint begins with the lot: one index less to write.
        Lot,
        models.PROTECT,
        related_name="balances",
        db_index=False,
        verbose_name=_("Лот"),
    )
    account = models.CharField(_("Счёт"), max_length=20, choices=Account.choices)
    physical = KgField(_("Физически, кг"), db_column="physical_grams", default=0)
    reserved = KgField(_("В резерве, кг"), db_column="reserved_grams", default=0)

    class Meta:
        verbose_name = _("остаток")
        verbose_name_plural = _("остатки")
        indexes = [  # of what is there: years leave most balances empty
            models.Index(
                fields=["account", "lot", "physical", "reserved"],
                condition=Q(physical__gt=0),
                name="balance_kept",
            )
        ]
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


class Reservation(models.Model):
    """Kilograms of a lot that a plan keeps for itself: a line of a blank, a component of an order,
    a pallet of a draft shipment (`holder`, `holder_id`). What is used or given back is taken off;
    `Balance.reserved` is the sum of these rows."""

    class Holder(models.TextChoices):
        """What a reservation belongs to."""

        BLANK_ITEM = "blank_item", _("Строка заготовки")
        ORDER_ITEM = "order_item", _("Компонент партии")
        SHIPMENT_PALLET = "shipment_pallet", _("Паллет отгрузки")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="reservations", verbose_name=_("Лот"))
    account = models.CharField(_("Счёт"), max_length=20, choices=Account.choices)
    kg = KgField(_("кг"), db_column="grams")
    holder = models.CharField(_("Для чего"), max_length=20, choices=Holder.choices)
    holder_id = models.PositiveBigIntegerField(_("Номер"))
    created_at = models.DateTimeField(_("Когда"))

    class Meta:
        verbose_name = _("резерв")
        verbose_name_plural = _("резервы")
        ordering = ["id"]
        indexes = [models.Index(fields=["lot", "account"], name="reservation_by_lot")]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "holder_id", "lot", "account"], name="reservation_is_one_per_line"
            ),
            models.CheckConstraint(name="reservation_is_not_negative", condition=Q(kg__gte=0)),
            models.CheckConstraint(
                name="reservation_is_on_a_real_account", condition=Q(account__in=REAL_ACCOUNTS)
            ),
            models.CheckConstraint(
                name="reservation_holder_is_known",
                condition=Q(holder__in=["blank_item", "order_item", "shipment_pallet"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_holder_display()} {self.holder_id}: {self.kg}"


class Edge(models.Model):
    """What a lot was made of: `kg` of the parent went into the child. A parent is always older
    than its child (`born`), so there are no cycles on any database. `voided_by` is set once, by
    the event that reverses this one; `estimated` kilograms are divided, not weighed.

    What was left on a line of the mix before (`carry_over`) nobody weighed: its edges have no
    kilograms, and only who asks for them follows them."""

    class Kind(models.TextChoices):
        """How one became the other."""

        MADE = "made", _("Сделано из")
        REWORK = "rework", _("Возврат в производство")
        CARRY_OVER = "carry_over", _("Остаток на линии")
        RELABEL = "relabel", _("Переименование")

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="edges", verbose_name=_("Проводка")
    )
    parent = models.ForeignKey(
        Lot, models.PROTECT, related_name="edges_out", db_index=False, verbose_name=_("Из чего")
    )
    child = models.ForeignKey(
        Lot, models.PROTECT, related_name="edges_in", db_index=False, verbose_name=_("Что")
    )
    kg = KgField(_("кг"), db_column="grams")
    kind = models.CharField(_("Вид"), max_length=10, choices=Kind.choices)
    parent_born = models.PositiveBigIntegerField(_("Старше"))
    child_born = models.PositiveBigIntegerField(_("Моложе"))
    estimated = models.BooleanField(_("Оценка"), default=False)
    voided_by = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Отменено проводкой"),
    )

    class Meta:
        verbose_name = _("происхождение")
        verbose_name_plural = _("происхождение")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["parent", "child", "kg"],
                condition=Q(voided_by__isnull=True),
                name="edge_forward",
            ),
            models.Index(
                fields=["child", "parent", "kg"],
                condition=Q(voided_by__isnull=True),
                name="edge_backward",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "parent", "child", "kind"], name="edge_is_once_in_an_event"
            ),
            models.CheckConstraint(
                name="edge_parent_is_older", condition=Q(parent_born__lt=F("child_born"))
            ),
            models.CheckConstraint(
                name="edge_moves_something_or_is_carried_over",
                condition=Q(kind="carry_over", kg=0) | (~Q(kind="carry_over") & Q(kg__gt=0)),
            ),
            models.CheckConstraint(
                name="edge_kind_is_known",
                condition=Q(kind__in=["made", "rework", "carry_over", "relabel"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent} → {self.child}: {self.kg}"


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
        indexes = [
            models.Index(fields=["record", "record_id"], name="history_by_record"),
            models.Index(fields=["-at", "-id"], name="history_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
