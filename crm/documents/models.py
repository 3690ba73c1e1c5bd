"""Papers that were issued, and what became of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A document made for a record: the stored file and its state. A newer one of the same kind
    replaces it: `edition` counts those of one kind and lot, `note` says what a person corrected."""

    class State(models.TextChoices):
        """Where the document stands."""

        DRAFT = "draft", _("Черновик")
        ISSUED = "issued", _("Выдан")
        REPLACED = "replaced", _("Заменён")
        VOID = "void", _("Аннулирован")

    RECORD: ClassVar[str] = "document"

    kind = models.CharField(_("Вид"), max_length=60)
    title = models.CharField(_("Название"), max_length=200, blank=True)
    number = models.CharField(_("Номер"), max_length=40, blank=True)
    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("Лот"),
    )
    source_key = models.CharField(_("Ключ задания"), max_length=160)
    key = models.CharField(_("Ключ файла"), max_length=200)
    name = models.CharField(_("Имя файла"), max_length=200)
    mime = models.CharField(_("Тип"), max_length=100)
    size = models.PositiveBigIntegerField(_("Размер, байт"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("Состояние"), max_length=10, choices=State.choices)
    edition = models.PositiveSmallIntegerField(_("Версия"), default=1)
    note = models.CharField(_("Что исправлено"), max_length=300, blank=True)
    session = models.UUIDField(_("Сессия"), null=True, blank=True)
    created_at = models.DateTimeField(_("Создан"))
    created_for = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Для кого"),
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("Заменён"),
    )

    class Meta:
        verbose_name = _("документ")
        verbose_name_plural = _("документы")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_key"], name="document_one_per_request"),
            models.UniqueConstraint(fields=["key"], name="document_file_is_unique"),
            models.UniqueConstraint(
                fields=["kind", "lot"],
                condition=Q(state__in=["draft", "issued"]),
                name="document_one_valid_per_kind_and_lot",
            ),
            models.CheckConstraint(
                name="document_replaced_names_its_successor",
                condition=~Q(state="replaced") | Q(replaced_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
