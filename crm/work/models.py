"""What is going on: chats, sessions in them, tasks, timers, files that workers sent, updates
already handled."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Chat(models.Model):
    """A chat and what it shows. `state` is the engine's chat as JSON; the columns beside it are
    what is searched for.

    `turn` counts prompts, `shown_turn` the last one that reached the worker as message
    `message_id`."""

    chat_id = models.BigIntegerField("Чат", primary_key=True)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Человек",
    )
    token = models.CharField("Токен кнопок", max_length=32)
    turn = models.PositiveIntegerField("Ход", default=0)
    shown_turn = models.PositiveIntegerField("Показан ход", default=0)
    message_id = models.BigIntegerField("Сообщение", null=True, blank=True)
    state = models.JSONField("Экран", default=dict)
    version = models.PositiveIntegerField("Версия", default=0)
    updated_at = models.DateTimeField("Изменён", auto_now=True)

    class Meta:
        verbose_name = "чат"
        verbose_name_plural = "чаты"
        constraints = [
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="chat_token_is_unique"
            )
        ]

    def __str__(self) -> str:
        return str(self.chat_id)


class Session(models.Model):
    """One worker's place in one flow. `id` is the key of everything that it saves."""

    class State(models.TextChoices):
        """Where the session stands."""

        TALKING = "talking", "Идёт"
        PARKED = "parked", "Ждёт решения"
        SAVED = "saved", "Сохранена"
        REFUSED = "refused", "Отказ"
        CANCELLED = "cancelled", "Отменена"
        EXPIRED = "expired", "Истекла"

    id = models.UUIDField("Номер", primary_key=True)
    chat = models.ForeignKey(Chat, models.PROTECT, related_name="sessions", verbose_name="Чат")
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name="Кто"
    )
    flow = models.CharField("Форма", max_length=60)
    digest = models.CharField("Версия форм", max_length=64)
    state = models.CharField(
        "Состояние", max_length=12, choices=State.choices, default=State.TALKING
    )
    step = models.CharField("Вопрос", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("Место в стопке", default=0)
    answers = models.JSONField("Ответы", default=dict)
    body = models.JSONField("Остальное", default=dict)
    waiting = models.CharField("Ждёт решения", max_length=40, blank=True)
    result = models.TextField("Итог", blank=True)
    version = models.PositiveIntegerField("Версия", default=0)
    started_at = models.DateTimeField("Начата")
    updated_at = models.DateTimeField("Последний ответ")
    ended_at = models.DateTimeField("Закончена", null=True, blank=True)

    class Meta:
        verbose_name = "сессия"
        verbose_name_plural = "сессии"
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

        OPEN = "open", "Ждёт"
        CLAIMED = "claimed", "В работе"
        DONE = "done", "Сделана"
        CANCELLED = "cancelled", "Снята"

    kind = models.CharField("Вид", max_length=40)
    title = models.CharField("Что сделать", max_length=300, blank=True)
    subject = models.CharField("Запись", max_length=40)
    subject_id = models.CharField("Номер записи", max_length=40)
    role = models.CharField("Роль", max_length=40)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Кто взял",
    )
    lifecycle = models.CharField("Жизненный цикл", max_length=40, blank=True)
    roles = models.JSONField("Роли", default=list)
    people = models.JSONField("Люди", default=list)
    body = models.JSONField("Задание", default=dict)
    session = models.UUIDField("Сессия", null=True, blank=True)
    taken_at = models.DateTimeField("Взята", null=True, blank=True)
    touched_at = models.DateTimeField("Последний ответ", null=True, blank=True)
    why = models.CharField("Почему снята", max_length=300, blank=True)
    issue = models.PositiveSmallIntegerField("Выпуск сообщений", default=0)
    state = models.CharField("Состояние", max_length=12, choices=State.choices, default=State.OPEN)
    deviation = models.ForeignKey(
        "quality.Deviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name="Отклонение",
    )
    warn_at = models.DateTimeField("Напомнить", null=True, blank=True)
    breach_at = models.DateTimeField("Срок", null=True, blank=True)
    level = models.PositiveSmallIntegerField("Уровень", default=0)
    created_at = models.DateTimeField("Создана")
    ended_at = models.DateTimeField("Закрыта", null=True, blank=True)
    version = models.PositiveIntegerField("Версия", default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "задача"
        verbose_name_plural = "задачи"
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

    due_at = models.DateTimeField("Когда")
    kind = models.CharField("Что", max_length=41)
    subject = models.CharField("Запись", max_length=40)
    subject_id = models.CharField("Номер записи", max_length=40)
    state_entry = models.CharField("Состояние", max_length=120)
    level = models.PositiveSmallIntegerField("Уровень", default=0)
    fired_at = models.DateTimeField("Сработал", null=True, blank=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = "таймер"
        verbose_name_plural = "таймеры"
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
        ("truck_unit", "Рефрижератор фуры"),
        ("body_temp", "Температура кузова"),
        ("upd", "УПД"),
        ("ttn", "ТТН"),
        ("tn", "ТН"),
        ("vet", "ЭВСД"),
        ("product_temp", "Температура продукта"),
        ("pallet", "Паллет"),
    ]

    raw_batch = models.ForeignKey(
        "production.RawBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="Партия сырья",
    )
    kind = models.CharField("Вид", max_length=20, choices=KINDS)
    key = models.CharField("Ключ", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("Размер, байт")
    mime = models.CharField("Тип", max_length=100)
    name = models.CharField("Имя файла", max_length=200, blank=True)
    taken_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name="Кто прислал"
    )
    taken_at = models.DateTimeField("Когда")
    session = models.UUIDField("Сессия", null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="Заменён",
    )

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"
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

    update_id = models.BigIntegerField("Обновление", primary_key=True)
    chat_id = models.BigIntegerField("Чат")
    at = models.DateTimeField("Когда", db_index=True)

    class Meta:
        verbose_name = "обновление"
        verbose_name_plural = "обновления"

    def __str__(self) -> str:
        return str(self.update_id)
