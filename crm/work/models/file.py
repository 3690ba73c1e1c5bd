"""Files that workers sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """A file that was really stored, and what it belongs to. Replaced ones stay. `original` is the
    digest of what was sent, where less of it was stored (no place, no phone); empty: the same."""

    KINDS = [
        ("truck_unit", _("Рефрижератор фуры")),
        ("body_temp", _("Температура кузова")),
        ("upd", _("УПД")),
        ("ttn", _("ТТН")),
        ("tn", _("ТН")),
        ("vet", _("ЭВСД")),
        ("product_temp", _("Температура продукта")),
        ("pallet", _("Паллет")),
        ("organoleptic", _("Органолептика")),
        ("certificate", _("Акт")),
        ("palletizing", _("Палетирование")),
        ("problem", _("Ошибка")),
        ("check", _("Проверка ККТ")),
    ]

    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("Лот"),
    )
    kind = models.CharField(_("Вид"), max_length=20, choices=KINDS)
    key = models.CharField(_("Ключ"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    original = models.CharField(_("SHA-256 присланного"), max_length=64, blank=True, default="")
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
    replace_reason = models.CharField(_("Почему заменён"), max_length=300, blank=True)

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
