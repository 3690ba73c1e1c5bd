"""Columns that keep numbers exact on every database: Decimal outside, a whole number in the column.

SQLite keeps DecimalField as a binary fraction and then refuses the last legal draw of 0.3 - 0.1 -
0.2."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable, Value, register_combinable_fields
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Base = models.Field[Decimal | int | str | Combinable | None, Any]
    _Text = models.CharField[str | None, str]
else:
    _Base = models.Field
    _Text = models.CharField


class FixedField(_Base):
    """A decimal number with `places` digits after the point, kept as a whole number of its smallest
    unit."""

    places = 0
    unit = Decimal(1)
    description = _("Число с фиксированной точкой")

    def __init_subclass__(cls) -> None:
        """Make the number that the smallest unit is."""
        super().__init_subclass__()
        cls.unit = Decimal(1).scaleb(-cls.places)

    def get_internal_type(self) -> str:
        """Say which column to make: eight bytes, so that sums never overflow."""
        return "BigIntegerField"

    def to_python(self, value: Any) -> Decimal | None:
        """Return the number as Decimal with exactly `places` digits. Raises ValidationError."""
        if value is None:
            return None
        if isinstance(value, float):
            raise ValidationError(gettext("Двоичные дроби не принимаются: передайте Decimal"))
        try:
            number = Decimal(value)
            rounded = number.quantize(self.unit)
        except (InvalidOperation, TypeError, ValueError):
            raise ValidationError(gettext("Введите число")) from None
        if rounded != number:
            raise ValidationError(
                gettext("Не больше {places} знаков после запятой").format(places=self.places)
            )
        return rounded

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        """Turn the column into Decimal; PostgreSQL sums come as numeric, SQLite's as integers."""
        if value is None:
            return None
        return self.unit * (value if type(value) is int else Decimal(value))

    def get_prep_value(self, value: Any) -> Any:
        """Turn Decimal into the column's whole number; expressions pass through."""
        prepared = super().get_prep_value(value)
        if prepared is None or hasattr(prepared, "resolve_expression"):
            return prepared
        number = self.to_python(prepared)
        return None if number is None else int(number.scaleb(self.places))

    def value_to_string(self, obj: models.Model) -> str:
        """Write the number for fixtures."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        """Ask for it as a decimal number."""
        return super().formfield(
            **{
                "form_class": forms.DecimalField,
                "decimal_places": self.places,
                "localize": True,  # a decimal comma, as people write it
                **kwargs,
            }
        )


class KgField(FixedField):
    """Kilograms with three digits outside, whole grams in the column."""

    places = 3
    description = _("Масса, кг")


class TenthsField(FixedField):
    """Degrees with one digit outside, whole tenths in the column."""

    places = 1
    description = _("Температура, °C")


class PercentField(FixedField):
    """A share in per cent with two digits outside, whole hundredths in the column."""

    places = 2
    description = _("Доля, %")


class ThousandthsField(FixedField):
    """A measured value of any unit with three digits outside, whole thousandths in the column."""

    places = 3
    description = _("Измеренное значение")


for _connector in (Combinable.ADD, Combinable.SUB):
    register_combinable_fields(KgField, _connector, KgField, KgField)


def kg(value: Decimal) -> Value:
    """Return kilograms as a value of an SQL expression, to be added to a `KgField`."""
    return Value(value, output_field=KgField())


def fold(text: str) -> str:
    """Return the form in which names are compared: trimmed, single spaces, no case, «ё» as it is.

    >>> fold("  Трубчатая   КОСТЬ ")
    'трубчатая кость'
    """
    return " ".join(text.split()).casefold()


class FoldedField(_Text):
    """A copy of another text column, folded: SQLite compares only Latin letters ignoring case."""

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        super().__init__(*args, **{"max_length": 200, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """Describe the field for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Fold the source at every save."""
        folded = fold(getattr(model_instance, self.source) or "")
        setattr(model_instance, self.attname, folded)
        return folded
