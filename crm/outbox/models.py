"""Messages that wait: written in the transaction that made them necessary, sent by a separate
sender."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from crm.spans import plain
from crm.written import written
from engine.model.letters import MOVING

NOT_SENT = ("pending", "retrying")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by what they wait for."""

    def due(self, now: datetime) -> NoticeQuerySet:
        """Those to be tried now, in order of writing."""
        return self.waiting().filter(next_try_at__lte=now).order_by("created_at", "position", "pk")

    def moving(self) -> NoticeQuerySet:
        """Those that bring a form on."""
        return self.filter(kind__in=MOVING)

    def waiting(self) -> NoticeQuerySet:
        """Those not delivered yet, the next to be tried first."""
        return self.filter(state__in=written(NOT_SENT)).order_by("next_try_at")

    def undelivered(self) -> NoticeQuerySet:
        """Dead letters, newest first."""
        return self.filter(state="undeliverable").order_by("-created_at")


class Notice(models.Model):
    """One message to one person about one thing; it never decides anything.

    `kind`: `message` (text with buttons and pictures), `paper` (a document to render and send, in
    `payload`), `report` (one to make and send), `verdict` and `signal` (a decision, the end of a
    job or of a time, to bring into a chat). `text` is spans (`crm.spans`), `buttons` triples of
    title, act and argument, `pictures` object keys. `event` with the person (or the chat, where
    there is none) is unique. `id` grows with time: of one
    moment, what was written first is sent first."""

    RECORD: ClassVar[str] = "notice"

    class Kind(models.TextChoices):
        """What is to be delivered."""

        MESSAGE = "message", _("Сообщение")
        PAPER = "paper", _("Документ")
        VERDICT = "verdict", _("Решение")
        SIGNAL = "signal", _("Сигнал форме")
        REPORT = "report", _("Отчёт")
        EDIT = "edit", _("Правка сообщения")

    class State(models.TextChoices):
        """How far it got."""

        PENDING = "pending", _("Ждёт отправки")
        SENT = "sent", _("Отправлено")
        RETRYING = "retrying", _("Повторяется")
        UNDELIVERABLE = "undeliverable", _("Не доставлено")
        SUPERSEDED = "superseded", _("Уже не нужно")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("Вид"), max_length=10, choices=Kind.choices)
    event = models.CharField(_("О чём"), max_length=160)
    person = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кому"),
    )
    role = models.CharField(_("По роли"), max_length=40, blank=True)
    chat_id = models.BigIntegerField(_("Чат"), null=True, blank=True)
    text = models.JSONField(_("Текст"), default=list)
    buttons = models.JSONField(_("Кнопки"), default=list)
    pictures = models.JSONField(_("Фото"), default=list)
    payload = models.JSONField(_("Задание"), default=dict)
    position = models.PositiveSmallIntegerField(_("Порядок"), default=0)
    state = models.CharField(
        _("Состояние"), max_length=14, choices=State.choices, default=State.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("Попыток"), default=0)
    created_at = models.DateTimeField(_("Создано"))
    retry_from = models.DateTimeField(_("Отсчёт попыток"))
    next_try_at = models.DateTimeField(_("Следующая попытка"))
    last_error = models.CharField(_("Последняя ошибка"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("Отправлено"), null=True, blank=True)
    message_id = models.BigIntegerField(_("Сообщение"), null=True, blank=True)
    deviation = models.ForeignKey(
        "quality.Deviation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("Отклонение"),
    )

    about = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="edits",
        verbose_name=_("Правит сообщение"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        ordering = ["-created_at", "-position"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[*NOT_SENT]),
                name="notice_waiting_by_time",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(state="undeliverable"),
                name="notice_undelivered",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], name="notice_one_per_event_and_person"
            ),
            models.UniqueConstraint(
                fields=["event", "chat_id"],
                condition=Q(person__isnull=True),
                name="notice_one_per_event_and_chat",
            ),
            models.CheckConstraint(
                name="notice_has_an_addressee",
                condition=Q(person__isnull=False) | Q(chat_id__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_sent_has_a_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.plain_text[:80] or self.get_kind_display()

    @property
    def plain_text(self) -> str:
        """The characters of the text."""
        return plain(self.text)
