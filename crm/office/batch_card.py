"""Sections of the card of a raw batch: how it came, its veterinary documents, every attempt of its
analysis, where it lies, and what was drawn of it (domain 11.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.ledger.models import REAL_ACCOUNTS, Balance
from crm.office import parts
from crm.office.card import NOTHING, Cell, Fields, Later, Table, cell, kg
from crm.office.tones import badge, verdict_tone
from crm.production.models import BlankItem, OrderItem, RawBatch, VetDocument
from crm.quality.models import ANTIBIOTICS, ORGANOLEPTIC, RawAnalysis
from crm.quality.models.analysis import Broth

SAFE = ("https://", "http://")  # what a link that somebody else sent may begin with
SHARES = ("fat", "protein", "moisture")
CHOSEN = (*ORGANOLEPTIC, "broth_quality", *ANTIBIOTICS)


def delivery(batch: RawBatch) -> Fields:
    """«Поставка»: every answer of «Новая партия» and of what was expected."""
    return Fields(
        gettext("Поставка"),
        [
            (gettext("Номер за год"), cell(batch.year_number)),
            (gettext("Полный номер"), cell(batch.full_number)),
            (gettext("Принята"), cell(batch.received_at)),
            (gettext("Кто принял"), cell(batch.created_by)),
            (gettext("Компания"), parts.record_cell(batch.company)),
            (gettext("Вид сырья"), parts.record_cell(batch.raw_material)),
            (gettext("Вид по номенклатуре"), parts.record_cell(batch.nomenclature)),
            (gettext("Кондиция"), cell(batch.get_condition_display())),
            (gettext("Поставщик"), parts.record_cell(batch.supplier)),
            (gettext("Производитель"), cell(batch.manufacturer)),
            (gettext("Тип для бух. учёта"), cell(batch.accounting_type)),
            (gettext("Номер ТТН"), cell(batch.ttn_number)),
            (gettext("Дата ТТН"), cell(batch.ttn_date)),
            (gettext("Дата производства"), cell(batch.manufacture_date)),
            (gettext("ОСГ, дней"), cell(batch.min_shelf_days)),
            (gettext("Температура кузова, °C"), cell(batch.body_temp, decimals=1)),
            (gettext("Температура сырья, °C"), cell(batch.product_temp, decimals=1)),
            (gettext("Масса по ЭВСД, кг"), kg(batch.weight_vet)),
            (gettext("Причина расхождения"), cell(batch.weight_diff_reason)),
            (gettext("Количество бирок"), cell(batch.tags_number)),
            (gettext("Ожидали"), cell(batch.expected_date)),
            (gettext("Ожидали, кг"), kg(batch.expected_weight)),
        ],
    )


def vet_documents(batch: RawBatch) -> Later:
    """«Ветеринарные документы», each leading to where its issuer shows it."""

    def make(found: Iterable[VetDocument]) -> Table:
        return Table(
            gettext("Ветеринарные документы"),
            (_("Номер"), _("Дата"), _("Продукция"), _("кг"), _("Отправитель"), _("Годен до")),
            [
                (
                    cell(one, href=_safe(one.public_link)),
                    cell(one.doc_date),
                    cell(one.product_name),
                    kg(one.weight),
                    cell(one.sender),
                    cell(one.expires),
                )
                for one in found
            ],
            empty=gettext("Не найдены или не искали"),
        )

    return Later((VetDocument.objects.filter(raw_batch=batch),), make)


def analyses(batch: RawBatch) -> Later:
    """«Анализы»: every value of every attempt, an attempt a column. What failed is red."""

    def make(found: Iterable[RawAnalysis]) -> Table:
        attempts = list(found)
        if not attempts:
            return Table(gettext("Анализы"), (), [], empty=gettext("Анализа пока нет"))
        headers = [gettext("Попытка {number}").format(number=one.attempt) for one in attempts]
        return Table(
            gettext("Анализы"),
            (_("Показатель"), *headers),
            [(cell(label), *map(write, attempts)) for label, write in _values()],
        )

    rows = RawAnalysis.objects.filter(raw_batch=batch)
    beside = ("by", "responsible", "separator", "separator_mode", "certified_by")
    return Later((rows.select_related(*beside),), make)


def _values() -> Iterator[tuple[str | Promise, Callable[[RawAnalysis], Cell]]]:
    """Give what is told of an attempt, each with how it is written."""
    yield _("Когда"), lambda one: cell(one.at)
    yield _("Кто"), lambda one: cell(one.by)
    yield _("Ответственный"), lambda one: cell(one.responsible)
    yield _("Дата ТТН"), lambda one: cell(one.ttn_date)
    yield _("Сепаратор"), lambda one: cell(one.separator)
    yield _("Режим сепаратора"), lambda one: cell(one.separator_mode)
    for name in SHARES:
        yield _label(name), _share(name)
    for name in CHOSEN:
        yield _label(name), _choice(name)
    yield (
        _("Заключение"),
        lambda one: Cell(
            one.get_verdict_display() + (gettext(" (отменено)") if one.voided_at else ""),
            tone=verdict_tone(one),
        ),
    )
    yield _("Акт проверен"), _checked


def _label(name: str) -> str:
    return str(RawAnalysis._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _share(name: str) -> Callable[[RawAnalysis], Cell]:
    def write(one: RawAnalysis) -> Cell:
        shown = cell(getattr(one, name), decimals=2, tone="bad" if name in one.failures else "")
        return replace(shown, number=False)  # it stands among words, in a column of an attempt

    return write


def _choice(name: str) -> Callable[[RawAnalysis], Cell]:
    def write(one: RawAnalysis) -> Cell:
        shown = getattr(one, f"get_{name}_display")()
        if name in one.failures:
            return Cell(shown, tone="bad")
        cloudy = getattr(one, name) == Broth.CLOUDY  # a warning, no failure (domain 4.8)
        return Cell(shown, tone="warn" if cloudy else "")

    return write


def _checked(one: RawAnalysis) -> Cell:
    if one.certified_at is None:
        return cell(None)
    return cell(f"{cell(one.certified_at).text}, {one.certified_by or NOTHING}")


def stock(batch: RawBatch) -> Later:
    """«Где лежит, кг»: its kilograms by account, with what plans keep of them."""

    def make(found: Iterable[Balance]) -> Table:
        return Table(
            gettext("Где лежит, кг"),
            (_("Счёт"), _("Всего"), _("В резерве"), _("Свободно")),
            [
                (
                    cell(one.get_account_display()),
                    kg(one.physical),
                    kg(one.reserved),
                    kg(one.physical - one.reserved),
                )
                for one in found
                if one.physical
            ],
            empty=gettext("Ничего не осталось"),
        )

    real = Balance.objects.filter(lot=batch.lot_id, account__in=REAL_ACCOUNTS)
    return Later((real.order_by("account"),), make)


def drawn(batch: RawBatch) -> Later:
    """«Куда взята»: blanks and orders that were planned of it, with what each took."""

    def make(blanks: Iterable[BlankItem], orders: Iterable[OrderItem]) -> Table:
        rows = [_line(one.blank, one.kg_planned, one.kg_actual) for one in blanks]
        rows += [_line(one.order, one.kg_planned, None) for one in orders]
        return Table(
            gettext("Заготовки и заказы из неё"),
            (_("Что"), _("Состояние"), _("Поступление"), _("План, кг"), _("Факт, кг")),
            rows,
            empty=gettext("Ничего не планировали"),
        )

    blanks = BlankItem.objects.filter(batch=batch).select_related("blank").order_by("-id")
    orders = OrderItem.objects.filter(lot=batch.lot_id).select_related("order").order_by("-id")
    return Later((blanks[: parts.MOST], orders[: parts.MOST]), make)


def _line(record: Any, planned: Any, actual: Any) -> tuple[Cell, ...]:
    return (
        parts.kind_cell(record),
        badge(record),
        cell(record.arrival_date),
        kg(planned),
        kg(actual),
    )


def _safe(address: str) -> str:
    """Return a link that somebody else sent; nothing for one that is none."""
    return address if address.startswith(SAFE) else ""
