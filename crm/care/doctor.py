"""Whether an installation is well, part by part, in words that say what to do. Start at
`examined`; every check is a function of `CHECKS` that gives what it found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from crm.audit.verify import head
from crm.bridge.files import open_files, store_itself, waiting_in
from crm.bridge.limits import without_values
from crm.bridge.program import kept_out, program
from crm.configuration import Settings
from crm.jobs import queue
from crm.outbox.models import Notice
from crm.people.models import Person
from engine.errors import EngineError

SKEW = timedelta(seconds=30)  # of clocks: more, and deadlines are told wrong
LAG = timedelta(minutes=5)  # of a message that is to be sent
UNSEALED = 20_000  # rows: more, and nobody seals
LEAST_FREE = 2_000_000_000  # bytes
ANSWER_S = 10
SHOWN = 8  # findings of forms that do not run
PROBE = "doctor/probe/0"


@dataclass(frozen=True, slots=True)
class Said:
    """What a check found: nothing to do where there is no remedy. What only may be is no fault."""

    words: str
    remedy: str = ""
    fault: bool = True

    @property
    def well(self) -> bool:
        """Tell whether nobody has to do anything."""
        return not self.remedy


Check = Callable[[Settings], Iterator[Said]]


def examined(configuration: Settings) -> Iterator[tuple[str, Said]]:
    """Do every check; one that needs the database is left out where that does not answer."""
    answers = True
    for title, (check, rows) in CHECKS.items():
        if rows and not answers:
            continue
        for said in check(configuration):
            answers = answers and (title != DATABASE or said.well)
            yield title, said


def _settings(configuration: Settings) -> Iterator[Said]:
    if configuration.demo:
        yield Said(
            "учебный режим: ключ по умолчанию, вход без кода телефона",
            "для настоящего завода уберите MEATBOT_DEMO и задайте SECRET_KEY",
            fault=False,
        )
    elif not configuration.secure:
        yield Said("настройки для работы, офис только для этого компьютера")
    elif not configuration.proxy_header:
        yield Said(
            "адрес офиса https://, а заголовкам прокси программа не верит",
            "TRUST_PROXY=1: иначе вход будет перенаправлен без конца",
        )
    else:
        yield Said("настройки для работы")


def _database(configuration: Settings) -> Iterator[Said]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Said(f"не отвечает: {str(error).strip()}", "проверьте DATABASE_URL и сам сервер базы")
        return
    if plan:
        yield Said(f"не хватает обновлений таблиц: {len(plan)}", "cli.py manage migrate")
        return
    yield Said(f"отвечает ({connection.vendor})")


def _clock(configuration: Settings) -> Iterator[Said]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            yield Said("часы одни: база в том же компьютере")
            return
        cursor.execute("SELECT clock_timestamp()")
        yield _compared("часами базы", cursor.fetchone()[0])


def _compared(other: str, moment: datetime) -> Said:
    apart = abs(datetime.now(UTC) - moment)
    words = f"расходятся с {other} на {apart.total_seconds():.0f} с"
    if apart <= SKEW:
        return Said(words)
    return Said(words, "включите синхронизацию времени (chrony или systemd-timesyncd)")


def _store(configuration: Settings) -> Iterator[Said]:
    try:
        store = store_itself(open_files())
        store.put(PROBE, b"doctor", "text/plain")
        same = store.get(PROBE) == b"doctor"
        store.delete(PROBE)
    except (EngineError, OSError) as error:
        where = "MINIO_*" if configuration.minio_endpoint else "FILES_DIR и права на папку"
        yield Said(f"хранилище не работает: {error}", f"проверьте {where}")
        same = None
    yield from _waiting()
    if same:
        yield Said("пишет и читает")
    elif same is not None:
        yield Said("вернуло не то, что записано", "проверьте диск хранилища")


def _waiting() -> Iterator[Said]:
    """Say how many files wait beside the store of this machine until it takes them."""
    kept = waiting_in(open_files())
    if kept:
        since = timezone.localtime(min(one.modified for one in kept))
        words = f"ждут хранилища файлов: {len(kept)}, самый давний с {since:%d.%m.%Y %H:%M}"
        yield Said(words, "их отправит бот или cli.py scheduler на этой же машине: не стирайте var")


def _disk(configuration: Settings) -> Iterator[Said]:
    paths = [configuration.path(configuration.files_dir)]
    if connection.vendor == "sqlite":
        paths.append(Path(str(connection.settings_dict["NAME"])).parent)
    for path in dict.fromkeys(paths):
        there = next(one for one in (path, *path.parents) if one.exists())
        free = shutil.disk_usage(there).free
        words = f"свободно {free / 1e9:.1f} ГБ у {path}"
        if free < LEAST_FREE:
            yield Said(words, "освободите место: без него база и файлы остановятся")
        else:
            yield Said(words)


def _forms(configuration: Settings) -> Iterator[Said]:
    try:
        present = program()
    except EngineError as error:
        yield Said(f"не читаются: {error}", "cli.py validate покажет место и что исправить")
        return
    yield Said(f"форм {len(present.flows)}, версия {present.digest[:12]}")
    for one in kept_out()[:SHOWN]:
        words = f"лежащие в папке не идут: {one.place}: {one.code} {one.message}"
        yield Said(words, one.hint or "cli.py validate покажет место и что исправить")
    missing = without_values(present)
    if missing:
        yield Said(f"пределы без значений: {', '.join(missing)}", "cli.py seed")


def _bot(configuration: Settings) -> Iterator[Said]:
    if configuration.telegram_bot_token is None:
        yield Said("токена нет: офис работает, бот не запустится", "задайте TELEGRAM_BOT_TOKEN")
        return
    base = f"{configuration.telegram_api_url}/bot"
    base += configuration.telegram_bot_token.get_secret_value()
    try:
        with urlopen(f"{base}/getMe", timeout=ANSWER_S) as answer:  # noqa: S310 - http(s) by the settings
            name = json.load(answer)["result"]["username"]
            date = answer.headers["Date"]
        yield Said(f"это @{name}")
        if date:
            yield _compared("часами Telegram", parsedate_to_datetime(date))
        with urlopen(f"{base}/getWebhookInfo", timeout=ANSWER_S) as answer:  # noqa: S310 - as above
            hook = json.load(answer)["result"]
    except HTTPError as error:
        said = "токен не принят" if error.code in (401, 404) else f"Telegram ответил {error.code}"
        yield Said(said, "возьмите у @BotFather действующий токен: TELEGRAM_BOT_TOKEN")
        return
    except (URLError, OSError, ValueError, KeyError) as error:
        # The text of some errors names the address, which has the token in it.
        yield Said(
            f"Telegram не отвечает ({type(error).__name__})",
            "проверьте сеть и TELEGRAM_API_URL",
        )
        return
    yield from _hooked(configuration.webhook_url, hook.get("url", ""))
    if hook.get("last_error_message"):
        yield Said(
            f"вебхук: {hook['last_error_message']}",
            "проверьте, что адрес вебхука виден из сети и его сертификат действителен",
        )


def _hooked(wanted: str, told: str) -> Iterator[Said]:
    """Compare the address that is set with the one that Telegram brings messages to."""
    if told == wanted:
        yield Said("сообщения приносит Telegram" if told else "сообщения бот спрашивает сам")
    elif not told:
        yield Said(
            "WEBHOOK_URL задан, но сообщения бот спрашивает сам", "cli.py bot --webhook", False
        )
    else:
        yield Said(
            "Telegram приносит сообщения по другому адресу, чем WEBHOOK_URL",
            "перезапустите бота: cli.py bot --webhook или cli.py bot; у бота один завод",
        )


def _redis(configuration: Settings) -> Iterator[Said]:
    if not configuration.redis_url:
        yield Said("не задан: чаты нескольких ботов разводит база")
        return
    from redis import Redis  # noqa: PLC0415 - a plant may have none
    from redis.exceptions import RedisError  # noqa: PLC0415

    asked = Redis.from_url(configuration.redis_url, socket_timeout=3, socket_connect_timeout=3)
    try:
        with asked:
            asked.ping()
        yield Said("отвечает")
    except (RedisError, OSError) as error:
        yield Said(
            f"не отвечает ({type(error).__name__}); чаты ботов пока разводит база",
            "проверьте REDIS_URL и сам сервер",
        )


def _queue(configuration: Settings) -> Iterator[Said]:
    if connection.vendor != "postgresql":
        yield Said("её нет: на SQLite всё делают бот и офис")
        return
    alive, waits = queue.workers(), queue.waiting()
    words = f"исполнителей {alive}, работ ждёт {waits}"
    if alive:
        yield Said(words)
    else:
        yield Said(
            words, "запустите cli.py worker: без него всё делают бот и офис", fault=waits > 0
        )


def _outbox(configuration: Settings) -> Iterator[Said]:
    now = datetime.now(UTC)
    oldest = Notice.objects.due(now).values_list("next_try_at", flat=True).first()
    dead = Notice.objects.undelivered().count()
    if oldest and now - oldest > LAG:
        yield Said(
            f"сообщения ждут отправки с {oldest:%d.%m %H:%M} UTC", "запущен ли бот: cli.py bot?"
        )
    elif dead:
        yield Said(f"не доставлено {dead}", "причины назовёт cli.py waiting", fault=False)
    else:
        yield Said("сообщения уходят")


def _people(configuration: Settings) -> Iterator[Said]:
    bound = Person.objects.active().filter(telegram_id__isnull=False).count()
    if bound:
        yield Said(f"привязанных чатов {bound}")
    else:
        yield Said("ни у кого нет чата", "дайте людям коды: офис, «Люди»", fault=False)


def _audit(configuration: Settings) -> Iterator[Said]:
    now = head()
    words = f"печатей {now.seals}, ждут печати строк {now.unsealed}"
    if now.unsealed > UNSEALED:
        yield Said(words, "запустите бота: печати ставит он", fault=False)
    else:
        yield Said(words)


DATABASE = "База данных"
CHECKS: dict[str, tuple[Check, bool]] = {  # and whether it needs the database
    "Настройки": (_settings, False),
    DATABASE: (_database, False),
    "Хранилище файлов": (_store, False),
    "Место на диске": (_disk, False),
    "Формы": (_forms, True),
    "Часы": (_clock, True),
    "Бот": (_bot, False),
    "Redis": (_redis, False),
    "Очередь работ": (_queue, True),
    "Исходящие": (_outbox, True),
    "Люди": (_people, True),
    "Печати истории": (_audit, True),
}
