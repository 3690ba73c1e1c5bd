"""Django's settings for tests and type checks: those of the program, in its demo mode.

The demo mode is what lets the program start without a secret key of its own. On SQLite the test
database is a file, as in life: one in memory locks whole tables between threads."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("MEATBOT_DEMO", "1")

from crm.settings import *  # noqa: F403
from crm.settings import DATABASES

if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    name = f"{tempfile.gettempdir()}/meatbot-test-{os.getpid()}.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": name}

PASSWORD_HASHERS = ["tests.hashers.Quick"]
# Each client of a test has middleware of its own: to list every static file for it took a tenth of
# what a page costs. A file is looked for when it is asked for.
WHITENOISE_AUTOREFRESH = True
