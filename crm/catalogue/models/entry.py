"""What people choose from. A typed new name becomes a row when the form is saved, marked
`custom`."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.fields import FoldedField, PercentField


class EntryQuerySet(models.QuerySet[Any]):
    """Entries of a catalogue."""

    def active(self) -> EntryQuerySet:
        """Those that may be chosen now, by name."""
        return self.filter(active=True).order_by("name_key")


class Entry(models.Model):
    """One row of a catalogue. `name_key` is the folded name: two names that differ only in case are
    one. `merged_into` is set of one that was written twice: its name stands for the other."""

    code = models.SlugField(_("Код"), max_length=64, unique=True)
    name = models.CharField(_("Название"), max_length=200)
    name_key = FoldedField(unique=True)
    custom = models.BooleanField(_("Введено вручную"), default=False)
    active = models.BooleanField(_("Действует"), default=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Объединено с"),
    )
    created_at = models.DateTimeField(_("Создано"), auto_now_add=True)
    created_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Кем создано"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["name_key"]
        constraints = [models.CheckConstraint(name="%(class)s_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class Company(Entry):
    """A firm of ours that takes deliveries."""

    tax_no = models.CharField(_("ИНН"), max_length=12, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("компания")
        verbose_name_plural = _("компании")


class Supplier(Entry):
    """Who sends raw meat."""

    tax_no = models.CharField(_("ИНН"), max_length=12, blank=True)
    contacts = models.CharField(_("Кого звать при отзыве"), max_length=300, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("поставщик")
        verbose_name_plural = _("поставщики")


class Nomenclature(Entry):
    """The name of goods on a transport document."""

    class Meta(Entry.Meta):
        verbose_name = _("вид по номенклатуре")
        verbose_name_plural = _("номенклатура")


class RawMaterial(Entry):
    """A kind of raw meat. An empty defrost loss means none, an empty exit means unknown."""

    defrost_loss_pct = PercentField(
        _("Потери при дефростации, %"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    exit_pct = PercentField(
        _("Выход, %"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta(Entry.Meta):
        verbose_name = _("вид сырья")
        verbose_name_plural = _("виды сырья")
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                name="rawmaterial_defrost_loss_is_a_share",
                condition=Q(defrost_loss_pct__isnull=True)
                | Q(defrost_loss_pct__gte=0, defrost_loss_pct__lte=100),
            ),
            models.CheckConstraint(
                name="rawmaterial_exit_is_a_share",
                condition=Q(exit_pct__isnull=True) | Q(exit_pct__gte=0, exit_pct__lte=100),
            ),
        ]


class Customer(Entry):
    """Who buys finished goods."""

    tax_no = models.CharField(_("ИНН"), max_length=12, blank=True)
    contacts = models.CharField(_("Кого звать при отзыве"), max_length=300, blank=True)

    class Meta(Entry.Meta):
        verbose_name = _("заказчик")
        verbose_name_plural = _("заказчики")


class ResponsiblePerson(Entry):
    """Who answers for an analysis on the certificate; not an account."""

    class Meta(Entry.Meta):
        verbose_name = _("ответственный")
        verbose_name_plural = _("ответственные")


class Separator(Entry):
    """A machine that separates meat from bone."""

    class Meta(Entry.Meta):
        verbose_name = _("сепаратор")
        verbose_name_plural = _("сепараторы")


class SeparatorMode(Entry):
    """How a separator is set."""

    class Meta(Entry.Meta):
        verbose_name = _("режим сепаратора")
        verbose_name_plural = _("режимы сепаратора")
