"""Somebody of the office who has the list of batches made into a file, again and again, while
everything fails. Start at `Clerk.work`."""

from __future__ import annotations

import csv
import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException
from urllib.request import Request, urlopen

ADDRESS = "/admin/production/rawbatch/export/csv/"
TOKEN = "c" * 32  # a page and a cookie that say the same: what Django asks of a form
READY = re.compile(r'class="office-button is-main" href="([^"]+)"')
PATIENCE_S = 90.0  # for one file; then it is asked for anew
PAUSE_S = 1.0


@dataclass
class Clerk:
    """Asks an office for the file. `files` are the numbers of batches that stood in each one that
    came, `failures` how often none did."""

    office: str
    session: str
    files: list[list[str]] = field(default_factory=list)
    failures: int = 0

    def work(self) -> None:
        """Ask once; what fails is counted."""
        try:
            self.files.append(self.export())
        except (OSError, HTTPException):
            self.failures += 1

    def export(self) -> list[str]:
        """Have the list made and read it. Raises OSError or HTTPException when it is not to be
        had."""
        kind, page, address = self._ask(f"{self.office}{ADDRESS}", b"")
        until = time.monotonic() + PATIENCE_S
        while kind == "text/html":
            if found := READY.search(page):
                kind, page, _ = self._ask(unescape(found[1]))
                break
            if "office-refusal" in page or time.monotonic() > until:
                raise OSError("the file was not made")
            time.sleep(PAUSE_S)
            kind, page, _ = self._ask(address)
        titles, *rows = csv.reader(page.removeprefix("\ufeff").splitlines(), delimiter=";")
        at = titles.index("Номер")
        return [row[at] for row in rows if "/" in row[at]]  # not the sums below them

    def _ask(self, url: str, typed: bytes | None = None) -> tuple[str, str, str]:
        """Return the kind of an answer, what it says and where it was found in the end."""
        ours = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        asked = Request(url, typed, ours if url.startswith(self.office) else {})
        with urlopen(asked, timeout=30) as answer:
            kind = answer.headers.get_content_type()
            return kind, answer.read().decode(), answer.url
