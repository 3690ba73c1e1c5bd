"""What came of the talk of `demo --once`: the batch, its kilograms, its paper."""

from __future__ import annotations

import time
from pathlib import Path

from crm.documents.models import Document
from crm.ledger.models import Account, Balance
from crm.production.models import RawBatch
from engine.model.values import show_number

PAPER_S = 20.0  # the sender renders the paper after the form is saved


class NoResult(RuntimeError):
    """The talk was played, but nothing stands in the database."""


def wait_for_paper(files: Path) -> str:
    """Return the batch, its mass on the raw store and the file of its paper, once that is made.

    Raises NoResult."""
    deadline = time.monotonic() + PAPER_S
    while time.monotonic() < deadline:
        paper = Document.objects.select_related("lot__raw_batch").first()
        if paper is not None and paper.lot is not None:
            return _told(paper.lot.raw_batch, paper, files)
        time.sleep(0.1)
    raise NoResult(f"бумаги нет за {PAPER_S:.0f} с; партий в базе: {RawBatch.objects.count()}")


def _told(batch: RawBatch, paper: Document, files: Path) -> str:
    balance = Balance.objects.get(lot_id=batch.lot_id, account=Account.RAW_STORE)
    return (
        f"Партия {batch.number}: на складе {show_number(balance.physical, 3)} кг\n"
        f"Документ: {paper.name}\nФайл: {files / paper.key}"
    )
