"""What the expressions of a paper may name."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.documents.papers import values_of
from engine.model.values import Row, Value
from engine.schema.document import DocumentForm

MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_expression_names_the_record_itself_by_its_kind() -> None:
    form = DocumentForm(
        document="list", title="Лист", record="shipment", file="Лист {number}.docx",
        fields={"number": "number", "count": "pallets(shipment)"},
    )  # fmt: skip
    shipment = Row("shipment", "5", "О-5", {"number": "О-5"})

    def ask(fact: str, arguments: tuple[Value, ...]) -> Value:
        assert (fact, arguments) == ("pallets", (shipment,))
        return 2

    values = values_of(form, shipment, MOMENT, ask)
    assert (values["number"], values["count"]) == ("О-5", 2)


def test_a_field_of_the_record_hides_the_record_of_the_same_name() -> None:
    form = DocumentForm(
        document="list", title="Лист", record="shipment", file="Лист.docx",
        fields={"said": "shipment"},
    )  # fmt: skip
    shipment = Row("shipment", "5", "О-5", {"shipment": "та же"})
    assert values_of(form, shipment, MOMENT)["said"] == "та же"
