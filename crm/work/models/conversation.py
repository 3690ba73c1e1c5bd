"""Chats, sessions in them, versions of the forms, updates already handled."""

from __future__ import annotations

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


class VersionFile(models.Model):
    """What is no YAML and belongs to a version of the forms, a layout or a translation: once,
    however many versions have it."""

    digest = models.CharField("SHA-256", max_length=64, primary_key=True)
    content = models.BinaryField(_("Содержимое"), editable=False)

    class Meta:
        verbose_name = _("файл версии форм")
        verbose_name_plural = _("файлы версий форм")

    def __str__(self) -> str:
        return self.digest[:8]


class Version(models.Model):
    """A version of the forms that ever ran: its texts, by file, as compressed JSON, and the digests
    of the `VersionFile`s beside them. A session and the books name it by its digest."""

    digest = models.CharField(_("Версия форм"), max_length=64, primary_key=True)
    texts = models.BinaryField(_("Тексты"), editable=False)
    files = models.JSONField(_("Файлы"), default=dict, editable=False)
    saved_by = models.CharField(_("Кто сохранил"), max_length=80, blank=True)
    first_at = models.DateTimeField(_("Впервые"))
    current_at = models.DateTimeField(_("Стала текущей"))

    class Meta:
        verbose_name = _("версия форм")
        verbose_name_plural = _("версии форм")
        ordering = ["-current_at"]

    def __str__(self) -> str:
        return self.digest[:8]


ALIVE = ("talking", "parked")  # the states of a session that lives


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
                condition=Q(state__in=[*ALIVE]),
                name="session_live_in_chat",
            ),
            models.Index(
                "person",
                "flow",
                F("ended_at").desc(),
                condition=Q(state="saved"),
                name="session_saved_by_person",
            ),
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


class Lease(models.Model):
    """A right that one process has at a time. `beat` grows with every renewal: whoever sees the
    same beat for the time of the lease, by a clock of his own, takes it over. No time of this row
    decides anything: the clocks of machines differ and jump."""

    name = models.CharField(_("Право"), max_length=40, primary_key=True)
    holder = models.CharField(_("Процесс"), max_length=160, blank=True)
    beat = models.PositiveBigIntegerField(_("Продлено раз"), default=0)
    renewed_at = models.DateTimeField(_("Продлено"))

    class Meta:
        verbose_name = _("право процесса")
        verbose_name_plural = _("права процессов")

    def __str__(self) -> str:
        return self.name
