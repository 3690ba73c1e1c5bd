"""Papers that were issued, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Document(models.Model):
    """A document made for a record: the stored file and its state. A newer one of the same kind
    replaces it."""

    class State(models.TextChoices):
        """Where the document stands."""

        DRAFT = "draft", "Черновик"
        ISSUED = "issued", "Выдан"
        REPLACED = "replaced", "Заменён"
        VOID = "void", "Аннулирован"

    kind = models.CharField("Вид", max_length=60)
    title = models.CharField("Название", max_length=200, blank=True)
    number = models.CharField("Номер", max_length=40, blank=True)
    raw_batch = models.ForeignKey(
        "production.RawBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="Партия сырья",
    )
    source_key = models.CharField("Ключ задания", max_length=160)
    key = models.CharField("Ключ файла", max_length=200)
    name = models.CharField("Имя файла", max_length=200)
    mime = models.CharField("Тип", max_length=100)
    size = models.PositiveBigIntegerField("Размер, байт")
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField("Состояние", max_length=10, choices=State.choices)
    session = models.UUIDField("Сессия", null=True, blank=True)
    created_at = models.DateTimeField("Создан")
    created_for = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Для кого",
    )
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="Заменён",
    )

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_key"], name="document_one_per_request"),
            models.UniqueConstraint(fields=["key"], name="document_file_is_unique"),
            models.UniqueConstraint(
                fields=["kind", "raw_batch"],
                condition=Q(state__in=["draft", "issued"]),
                name="document_one_valid_per_kind_and_batch",
            ),
            models.CheckConstraint(
                name="document_replaced_names_its_successor",
                condition=~Q(state="replaced") | Q(replaced_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
