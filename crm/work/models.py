"""What is going on: chats, sessions in them, versions of the forms, tasks, timers, files that
workers sent, updates already handled."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Chat(models.Model):
    """A chat and what it shows. `state` is the engine's chat as JSON; the columns beside it are
    what is searched for.

    `turn` counts prompts, `shown_turn` the last one that reached the worker as message
    `message_id`."""

    chat_id = models.BigIntegerField(_("Чат"), primary_key=True)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Человек"),
    )
    token = models.CharField(_("Токен кнопок"), max_length=32)
    turn = models.PositiveIntegerField(_("Ход"), default=0)
    shown_turn = models.PositiveIntegerField(_("Показан ход"), default=0)
    message_id = models.BigIntegerField(_("Сообщение"), null=True, blank=True)
    state = models.JSONField(_("Экран"), default=dict)
    version = models.PositiveIntegerField(_("Версия"), default=0)
    updated_at = models.DateTimeField(_("Изменён"), auto_now=True)

    class Meta:
        verbose_name = _("чат")
        verbose_name_plural = _("чаты")
        constraints = [
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="chat_token_is_unique"
            )
        ]

    def __str__(self) -> str:
        return str(self.chat_id)


class Version(models.Model):
    """A version of the forms that ever ran: its texts, by file, as compressed JSON. A session and
    the books name it by its digest."""

    digest = models.CharField(_("Версия форм"), max_length=64, primary_key=True)
    texts = models.BinaryField(_("Тексты"), editable=False)
    saved_by = models.CharField(_("Кто сохранил"), max_length=80, blank=True)
    first_at = models.DateTimeField(_("Впервые"))
    current_at = models.DateTimeField(_("Стала текущей"))

    class Meta:
        verbose_name = _("версия форм")
        verbose_name_plural = _("версии форм")
        ordering = ["-current_at"]

    def __str__(self) -> str:
        return self.digest[:8]


class Session(models.Model):
    """One worker's place in one flow. `id` is the key of everything that it saves."""

    class State(models.TextChoices):
        """Where the session stands."""

        TALKING = "talking", _("Идёт")
        PARKED = "parked", _("Ждёт решения")
        SAVED = "saved", _("Сохранена")
        REFUSED = "refused", _("Отказ")
        CANCELLED = "cancelled", _("Отменена")
        EXPIRED = "expired", _("Истекла")

    id = models.UUIDField(_("Номер"), primary_key=True)
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="sessions", verbose_name=_("Чат"))
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("Кто")
    )
    flow = models.CharField(_("Форма"), max_length=60)
    digest = models.CharField(_("Версия форм"), max_length=64)
    state = models.CharField(
        _("Состояние"), max_length=12, choices=State.choices, default=State.TALKING
    )
    step = models.CharField(_("Вопрос"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("Место в стопке"), default=0)
    answers = models.JSONField(_("Ответы"), default=dict)
    body = models.JSONField(_("Остальное"), default=dict)
    waiting = models.CharField(_("Ждёт решения"), max_length=40, blank=True)
    result = models.TextField(_("Итог"), blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=0)
    started_at = models.DateTimeField(_("Начата"))
    updated_at = models.DateTimeField(_("Последний ответ"))
    ended_at = models.DateTimeField(_("Закончена"), null=True, blank=True)

    class Meta:
        verbose_name = _("сессия")
        verbose_name_plural = _("сессии")
        ordering = ["-updated_at"]
        indexes = [
            models.Index(
                fields=["chat"],
                condition=Q(state__in=["talking", "parked"]),
                name="session_live_in_chat",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="session_state_is_known",
                condition=Q(
                    state__in=["talking", "parked", "saved", "refused", "cancelled", "expired"]
                ),
            ),
            models.CheckConstraint(
                name="session_parked_waits_for_a_decision",
                condition=~Q(state="parked") | ~Q(waiting=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {str(self.pk)[:8]}"


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks by what they wait for."""

    def waiting(self) -> TaskQuerySet:
        """Those that are not done, oldest first."""
        return self.filter(state__in=["open", "claimed"]).order_by("created_at", "id")

    def overdue(self, now: datetime) -> TaskQuerySet:
        """Waiting ones past their breach."""
        return self.waiting().filter(breach_at__lte=now)

    def of_records(self) -> TaskQuerySet:
        """Those about records; a decision on a deviation is a task of its own kind."""
        return self.filter(deviation__isnull=True)


class Task(models.Model):
    """Work that waits for a role; it lives until done or cancelled, whatever becomes of its
    messages.

    `roles` and `people` may do it, `person` has it (or ended it), `session` is the form that does
    it. `body` holds what else it is: text, flow or buttons, signature. `issue` counts how often
    its messages were made."""

    RECORD: ClassVar[str] = "task"

    class State(models.TextChoices):
        """Where the task stands."""

        OPEN = "open", _("Ждёт")
        CLAIMED = "claimed", _("В работе")
        DONE = "done", _("Сделана")
        CANCELLED = "cancelled", _("Снята")

    kind = models.CharField(_("Вид"), max_length=40)
    title = models.CharField(_("Что сделать"), max_length=300, blank=True)
    subject = models.CharField(_("Запись"), max_length=40)
    subject_id = models.CharField(_("Номер записи"), max_length=40)
    role = models.CharField(_("Роль"), max_length=40)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кто взял"),
    )
    lifecycle = models.CharField(_("Жизненный цикл"), max_length=40, blank=True)
    roles = models.JSONField(_("Роли"), default=list)
    people = models.JSONField(_("Люди"), default=list)
    body = models.JSONField(_("Задание"), default=dict)
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    taken_at = models.DateTimeField(_("Взята"), null=True, blank=True)
    why = models.CharField(_("Почему снята"), max_length=300, blank=True)
    issue = models.PositiveSmallIntegerField(_("Выпуск сообщений"), default=0)
    state = models.CharField(
        _("Состояние"), max_length=12, choices=State.choices, default=State.OPEN
    )
    deviation = models.ForeignKey(
        "quality.Deviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("Отклонение"),
    )
    warn_at = models.DateTimeField(_("Напомнить"), null=True, blank=True)
    breach_at = models.DateTimeField(_("Срок"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("Уровень"), default=0)
    created_at = models.DateTimeField(_("Создана"))
    ended_at = models.DateTimeField(_("Закрыта"), null=True, blank=True)
    version = models.PositiveIntegerField(_("Версия"), default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("задача")
        verbose_name_plural = _("задачи")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "kind"],
                condition=Q(state__in=["open", "claimed"]),
                name="task_one_open_per_subject_and_kind",
            ),
            models.CheckConstraint(
                name="task_claimed_has_a_person",
                condition=~Q(state="claimed") | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="task_ended_has_a_time",
                condition=Q(state__in=["open", "claimed"], ended_at__isnull=True)
                | Q(state__in=["done", "cancelled"], ended_at__isnull=False),
            ),
            models.CheckConstraint(name="task_level_is_0_to_3", condition=Q(level__lte=3)),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state="claimed"),
                name="task_is_done_by_one_form_at_a_time",
            ),
            models.CheckConstraint(
                name="task_breach_is_after_warning",
                condition=Q(warn_at__isnull=True)
                | Q(breach_at__isnull=True)
                | Q(breach_at__gte=F("warn_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind


class TimerQuerySet(models.QuerySet["Timer"]):
    """Timers by time."""

    def due(self, now: datetime) -> TimerQuerySet:
        """Those whose time has come and that have not fired, earliest first."""
        return self.filter(fired_at__isnull=True, due_at__lte=now).order_by("due_at", "id")

    def waiting(self) -> TimerQuerySet:
        """Those that have not fired, earliest first."""
        return self.filter(fired_at__isnull=True).order_by("due_at", "id")

    def of_deviations(self) -> TimerQuerySet:
        """Reminders of decision requests."""
        return self.filter(subject="deviation")

    def of_states(self) -> TimerQuerySet:
        """Timers of the states of records."""
        return self.exclude(subject="deviation")


class Timer(models.Model):
    """A moment at which something is done if its subject is still in the same state entry; fires
    once."""

    due_at = models.DateTimeField(_("Когда"))
    kind = models.CharField(_("Что"), max_length=41)
    subject = models.CharField(_("Запись"), max_length=40)
    subject_id = models.CharField(_("Номер записи"), max_length=40)
    state_entry = models.CharField(_("Состояние"), max_length=120)
    level = models.PositiveSmallIntegerField(_("Уровень"), default=0)
    fired_at = models.DateTimeField(_("Сработал"), null=True, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("таймер")
        verbose_name_plural = _("таймеры")
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(fired_at__isnull=True), name="timer_waiting_by_time"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "state_entry", "kind"],
                name="timer_one_per_state_entry_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.subject_id}"


class File(models.Model):
    """A file that was really stored, and what it belongs to. Replaced ones stay."""

    KINDS = [
        ("truck_unit", _("Рефрижератор фуры")),
        ("body_temp", _("Температура кузова")),
        ("upd", _("УПД")),
        ("ttn", _("ТТН")),
        ("tn", _("ТН")),
        ("vet", _("ЭВСД")),
        ("product_temp", _("Температура продукта")),
        ("pallet", _("Паллет")),
    ]

    raw_batch = models.ForeignKey(
        "production.RawBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("Партия сырья"),
    )
    kind = models.CharField(_("Вид"), max_length=20, choices=KINDS)
    key = models.CharField(_("Ключ"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField(_("Размер, байт"))
    mime = models.CharField(_("Тип"), max_length=100)
    name = models.CharField(_("Имя файла"), max_length=200, blank=True)
    taken_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("Кто прислал")
    )
    taken_at = models.DateTimeField(_("Когда"))
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("Заменён"),
    )

    class Meta:
        verbose_name = _("файл")
        verbose_name_plural = _("файлы")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="file_key_is_unique"),
            models.CheckConstraint(
                name="file_is_within_20_mb", condition=Q(size__gt=0, size__lte=20 * 1024 * 1024)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_picture(self) -> bool:
        """Tell whether a browser can show it as a picture."""
        return self.mime.startswith("image/")


class Update(models.Model):
    """An update of Telegram that was handled; kept for 48 hours."""

    update_id = models.BigIntegerField(_("Обновление"), primary_key=True)
    chat_id = models.BigIntegerField(_("Чат"))
    at = models.DateTimeField(_("Когда"), db_index=True)

    class Meta:
        verbose_name = _("обновление")
        verbose_name_plural = _("обновления")

    def __str__(self) -> str:
        return str(self.update_id)
