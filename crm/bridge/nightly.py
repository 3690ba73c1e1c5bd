"""The check of a night (domain 7.6), the sweeping of files (12.2), the forgetting of what is over
(12.3): in a thread of its own, so that no chat waits for it; what is wrong is told to the
administrators, what was found is kept.

A process that ends meanwhile leaves its check to another one, an hour later. Start at
`NightChecks`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from threading import Thread

from django.db import connections, transaction
from django.utils import timezone

from crm.audit.models import BookCheck
from crm.audit.operations.check_books import claim, keep
from crm.audit.verify import head, tonight
from crm.audit.verify import verify as verify_audit
from crm.bridge.files import open_files
from crm.bridge.outbox import put_notice
from crm.bridge.retention import forget
from crm.bridge.standing import verify_work
from crm.bridge.stored import sweep
from crm.ledger.verify import EXAMPLES, Found, one_moment, verify
from crm.people.roles import OfficeRole
from engine.errors import EngineError
from engine.languages.message import Message, listed
from engine.model.effects import Notice
from engine.model.text import Text
from engine.run.program import Program

log = logging.getLogger(__name__)
Work = Callable[[], None]


def beside(work: Work) -> Thread:
    """Do some work in a thread with a connection of its own; the end of the process ends it."""

    def done() -> None:
        try:
            work()
        except Exception:  # nobody waits for it: the row tells that it has not ended
            log.exception("the check of the night failed")
        finally:
            connections.close_all()

    thread = Thread(target=done, name="night check", daemon=True)
    thread.start()
    return thread


class NightChecks:
    """Does the checks that the plant's clock has asked for, each once in all processes."""

    def __init__(self, program: Callable[[], Program], begin: Callable[[Work], object] = beside):
        self._program, self._begin = program, begin

    def sweep(self, now: datetime) -> None:
        """Begin the check that waits, if there is one."""
        check = claim(now)
        if check is not None:
            self._begin(partial(_look, check, self._program()))


def _look(check: BookCheck, program: Program) -> None:
    with one_moment():
        found = [*verify(), *verify_work(program)]
    found += [*_history(check.night), *_files()]
    log.info("forgotten: %s", forget(timezone.now()))
    sealed = head()  # outside of the rows: whoever writes them anew does not write the journal
    log.info("the history has %s seals, the last is %s", sealed.seals, sealed.digest)
    now = timezone.now()
    with transaction.atomic():
        keep(check, found, now)
        if check.wrong:
            put_notice(_alarm(check, [one for one in found if one.count]), now)


def _history(night: date) -> Iterator[Found]:
    """Give what is not as it was sealed: nobody may ever think of asking `cli.py verify-audit`."""
    wrong = [str(one) for span in tonight(night) for one in verify_audit(*span)]
    yield Found(Message("История, которая не та, что была"), len(wrong), tuple(wrong[:EXAMPLES]))


def _files() -> Iterator[Found]:
    """Let go of files that nothing names any more, and give those that are missing. A store that is
    away is looked through in another night: whoever watches it tells of it."""
    try:
        looked = sweep(open_files(), timezone.now())
    except EngineError:
        log.exception("the files were not looked through in this night")
        return
    log.info("files that nothing named and that were deleted: %s", len(looked.unnamed))
    yield looked.found


def _alarm(check: BookCheck, found: list[Found]) -> Notice:
    values = {"night": str(check), "wrong": str(check.wrong)}
    head = Message("🔴 Ночная проверка {night}: не сходится {wrong}", values)
    lines = (
        Message("{title}: {count}", {"title": one.title, "count": str(one.count)}) for one in found
    )
    foot = Message("Где именно, назовут cli.py verify-ledger и cli.py verify-audit")
    text = Text.of(listed([head, *lines, foot], "\n"))
    return Notice(f"books:{check.pk}", text, roles=(OfficeRole.ADMINISTRATOR.value,))
