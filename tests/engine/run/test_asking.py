"""What one turn asks of the outside: each fact once about the same."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from engine.model.values import Option, Row, Value
from engine.model.vocabulary import FactForm
from engine.run.asking import Asking
from tests.engine.rehearsal import plant


class Counted:
    """A Facts port that answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, fact: str, arguments: tuple[Value, ...]) -> Value:
        del fact, arguments
        self.asked += 1
        return Decimal(self.asked)


def batch(kg: str) -> Row:
    material = Row("raw_material", "1", "Каркас", {"name": "Каркас"})
    return Row("raw_batch", "7", "2011/7", {"material": material, "kg": Decimal(kg)})


def test_a_fact_about_equal_records_is_asked_once_and_about_a_changed_one_again():
    on = plant()
    form = FactForm(("raw_batch",), "number")
    vocabulary = replace(on.vocabulary, facts={"available": form})
    asking = Asking(vocabulary, replace(on.ports.reads, facts=Counted()))
    first = batch("5")
    answers = [asking.ask("available", (row,)) for row in (first, first, batch("5"), batch("6"))]
    assert answers == [1, 1, 1, 2]
    lists = [asking.ask("available", ((row,),)) for row in (first, batch("5"), batch("6"))]
    assert lists == [3, 3, 4]
    assert asking.ask("available", (Option("7", "2011/7"),)) == 5
