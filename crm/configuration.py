"""Every setting of the program as one typed object, read once from the environment.

Nothing else reads the environment. `.env.example` describes each variable; a test compares the
two."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from crm.database_url import as_django, checked

ROOT = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"  # the same as in pyproject.toml; a test compares them
DEFAULT_SECRET_KEY = "demo-only-key-never-use-it-where-anybody-else-can-reach-the-office"  # noqa: S105 - refused outside the demo
KNOWN_TO_ALL = {"minioadmin", "postgres", "password", "changeme", "secret", "admin", "meatbot"}
_LEVEL = r"[\w.]+=(DEBUG|INFO|WARNING|ERROR)"
SECRETS = Path("/run/secrets")  # of containers: a file a variable


class ConfigurationError(Exception):
    """A variable of the environment is missing or wrong; the text names it in Russian and
    English."""


class Settings(BaseSettings):
    """The settings. A field's alias is the name of its variable, its description the manual."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
    )

    demo: bool = Field(
        default=False,
        validation_alias="MEATBOT_DEMO",
        description="Учебный режим: разрешает ключ по умолчанию и заводит людей с учебными чатами.",
    )
    debug: bool = Field(
        default=False,
        validation_alias=AliasChoices("MEATBOT_DEBUG", "DEBUG"),
        description="Страницы ошибок Django; только вместе с учебным режимом.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(DEFAULT_SECRET_KEY),
        validation_alias="SECRET_KEY",
        description="Ключ подписи сессий и ссылок, не короче 50 знаков.",
    )
    database_url: str = Field(
        default="sqlite:///var/meatbot.sqlite3",
        validation_alias="DATABASE_URL",
        description="sqlite:///путь от корня, sqlite:////абсолютный/путь или postgres://…",
    )
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1",
        validation_alias="ALLOWED_HOSTS",
        description="Имена узла офиса через запятую; «*» вне учебного режима не принимается.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        validation_alias="PUBLIC_URL",
        description="Адрес офиса, каким его видят люди; https:// включает защищённые куки и HSTS. "
        "http:// вне учебного режима — только для своего компьютера.",
    )
    proxy_header: bool = Field(
        default=False,
        validation_alias="TRUST_PROXY",
        description="Верить X-Forwarded-Proto и -For: только за своим обратным прокси.",
    )
    second_factor: bool = Field(
        default=True,
        validation_alias="SECOND_FACTOR",
        description="Кто исправляет, входит ещё и с кодом телефона; в учебном режиме не требуется.",
    )
    first_admin: str = Field(
        default="admin",
        validation_alias="FIRST_ADMIN",
        pattern=r"^[\w.@+-]{1,150}$",
        description="Имя первого администратора офиса.",
    )
    first_admin_password: SecretStr | None = Field(
        default=None,
        validation_alias="FIRST_ADMIN_PASSWORD",
        min_length=12,
        description="Его пароль для seed, от 12 знаков; при первом входе его придётся сменить.",
    )
    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="Токен бота. Офис работает и без него.",
    )
    telegram_bot_name: str = Field(
        default="",
        validation_alias="TELEGRAM_BOT_NAME",
        pattern=r"^(\w{5,32})?$",
        description="Имя бота без @: этикетки печатаются ссылкой на него; без имени — одним кодом.",
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        validation_alias="TELEGRAM_API_URL",
        description="Адрес Bot API: https://, кроме этого компьютера; в учебном режиме симулятор.",
    )
    webhook_url: str = Field(
        default="",
        validation_alias="WEBHOOK_URL",
        description="Адрес https://, на который Telegram приносит сообщения боту с --webhook.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="WEBHOOK_SECRET",
        min_length=32,
        max_length=256,
        description="По нему бот узнаёт Telegram: от 32 латинских букв, цифр, «-» и «_».",
    )
    webhook_listen: str = Field(
        default="127.0.0.1:8081",
        validation_alias="WEBHOOK_LISTEN",
        pattern=r"^[^:/\s]+:\d{1,5}$",
        description="Узел:порт, где бот с --webhook слушает; снаружи его закрывает прокси с TLS.",
    )
    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        pattern=r"^(rediss?://\S+)?$",
        description="redis://… разводит чаты между несколькими ботами; без него это делает база.",
    )
    files_dir: Path = Field(
        default=Path("var/files"),
        validation_alias="FILES_DIR",
        description="Папка файлов; с MINIO_ENDPOINT — тех, что ждут, пока хранилище не отвечает.",
    )
    minio_endpoint: str = Field(
        default="",
        validation_alias="MINIO_ENDPOINT",
        description="Хранилище S3: узел:порт без схемы; пусто значит папка FILES_DIR.",
    )
    minio_access_key: SecretStr | None = Field(
        default=None, validation_alias="MINIO_ACCESS_KEY", description="Имя доступа к S3."
    )
    minio_secret_key: SecretStr | None = Field(
        default=None, validation_alias="MINIO_SECRET_KEY", description="Секрет доступа к S3."
    )
    minio_bucket: str = Field(
        default="meatbot", validation_alias="MINIO_BUCKET", description="Закрытый бакет файлов."
    )
    minio_secure: bool = Field(
        default=True, validation_alias="MINIO_SECURE", description="Ходить в S3 по TLS."
    )
    minio_public_url: str = Field(
        default="",
        validation_alias="MINIO_PUBLIC_URL",
        pattern=r"^(https?://[^/\s]+/?)?$",
        description="Под каким адресом S3 открывают браузеры, если не под MINIO_ENDPOINT: прокси "
        "ведёт с него /БАКЕТ/… в хранилище, не меняя Host.",
    )
    flows_dir: Path = Field(
        default=Path("flows"),
        validation_alias="FLOWS_DIR",
        description="Папка с потоками YAML; рядом с ней папки templates и locales.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", validation_alias="LOG_LEVEL", description="Подробность журнала."
    )
    log_levels: str = Field(
        default="",
        validation_alias="LOG_LEVELS",
        pattern=rf"^({_LEVEL}(,{_LEVEL})*)?$",
        description="Другая подробность частей: engine.telegram=DEBUG,django.request=ERROR.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        validation_alias="LOG_FORMAT",
        description="Строки журнала: text для людей, json для сборщика.",
    )
    log_file: Path | None = Field(
        default=None,
        validation_alias="LOG_FILE",
        description="Файл журнала вдобавок к консоли: 20 МБ и пять таких же прежних.",
    )
    heartbeat_file: Path | None = Field(
        default=None,
        validation_alias="HEARTBEAT_FILE",
        description="Файл, время которого бот и таймеры обновляют после каждого обхода очередей.",
    )

    error_url: SecretStr | None = Field(
        default=None,
        validation_alias="ERROR_URL",
        description="Адрес сборщика ошибок: каждая ошибка журнала уходит туда POST-запросом в "
        "виде события Sentry (GlitchTip, Sentry: https://узел/api/N/store/?sentry_key=КЛЮЧ).",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        validation_alias="METRICS_TOKEN",
        min_length=20,
        description="С ним Prometheus спрашивает у офиса /metrics; без него такого адреса нет.",
    )
    metrics_listen: str = Field(
        default="",
        validation_alias="METRICS_LISTEN",
        pattern=r"^([^:/\s]+:\d{1,5})?$",
        description="Узел:порт, где бот и таймеры отдают свои числа всем, кто туда достаёт; "
        "пусто — нигде.",
    )

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, url: str) -> str:
        return checked(url)

    @field_validator("public_url", "telegram_api_url")
    @classmethod
    def _is_an_http_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("нужен адрес http:// или https:// / expected such an address")
        return url.rstrip("/")

    @field_validator("webhook_url", "minio_public_url")
    @classmethod
    def _is_an_address_or_nothing(cls, url: str) -> str:
        return cls._is_an_http_address(url) if url else url

    @field_validator("error_url")
    @classmethod
    def _is_a_secret_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url:
            cls._is_an_http_address(url.get_secret_value())
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _is_what_telegram_takes(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]+", secret.get_secret_value()):
            raise ValueError("нужны латинские буквы, цифры, «-», «_» / only A-Z a-z 0-9 - _")
        return secret

    @field_validator("minio_endpoint")
    @classmethod
    def _is_host_and_port(cls, endpoint: str) -> str:
        if "/" in endpoint:
            raise ValueError("нужно узел:порт без схемы и пути / expected host:port alone")
        return endpoint

    @model_validator(mode="after")
    def _is_safe_outside_the_demo(self) -> Settings:
        """Refuse what only a demo may run with, and half of a pair."""
        if self.minio_endpoint:
            for name, secret in self._storage_keys().items():
                if secret is None or not secret.get_secret_value():
                    _refuse(name, "нужна вместе с MINIO_ENDPOINT", "is missing")
        if bool(self.webhook_url) != bool(self.webhook_secret):
            _refuse("WEBHOOK_SECRET", "нужна вместе с WEBHOOK_URL", "belongs to WEBHOOK_URL")
        if not self.demo:
            if self.webhook_url and not self.webhook_url.startswith("https://"):
                _refuse("WEBHOOK_URL", "не https://: иначе Telegram не примет", "is not https://")
            self._refuse_what_others_know()
            self._refuse_what_others_hear()
        return self

    def _refuse_what_others_know(self) -> None:
        """Refuse keys, pages of errors and names that only a demo may have."""
        key = self.secret_key.get_secret_value()
        if key == DEFAULT_SECRET_KEY:
            _refuse(
                "SECRET_KEY",
                "не задана; ключ по умолчанию годится только для MEATBOT_DEMO=1",
                "is missing; the default key serves only MEATBOT_DEMO=1",
            )
        if len(key) < 50:
            _refuse("SECRET_KEY", "короче 50 знаков", "is under 50 characters")
        if len(set(key)) < 10:
            _refuse("SECRET_KEY", "из одних и тех же знаков", "is the same characters over again")
        ours = SecretStr(str(self.database.get("PASSWORD", "")))
        passwords = {"MINIO_SECRET_KEY": self.minio_secret_key, "DATABASE_URL": ours}
        for name, secret in passwords.items():
            if secret is not None and secret.get_secret_value() in KNOWN_TO_ALL:
                _refuse(name, "пароль, который знают все: замените", "is a password that all know")
        if self.debug:
            _refuse("MEATBOT_DEBUG", "только для учебного режима", "is for the demo mode only")
        if "*" in self.hosts:
            _refuse("ALLOWED_HOSTS", "не может быть «*»", "must name the hosts, not «*»")

    def _refuse_what_others_hear(self) -> None:
        """Refuse addresses without TLS that people's browsers, or the bot's token, would use."""
        if self.telegram_api_url.startswith("http://") and not _is_here(self.telegram_api_url):
            _refuse(
                "TELEGRAM_API_URL",
                "http:// не к этому компьютеру: токен бота услышит сеть; назовите адрес https://",
                "is http:// to another host, where others hear the token: name an https:// one",
            )
        alone = "public_url" in self.model_fields_set and _is_here(self.public_url)
        if not self.secure and not alone:  # it was not said that nobody else can reach the office
            _refuse(
                "PUBLIC_URL",
                "не https://: поставьте перед офисом обратный прокси с TLS и TRUST_PROXY=1",
                "is not https://: put a reverse proxy with TLS before it, TRUST_PROXY=1",
            )
        if self.secure and self.store_url.startswith("http://"):
            _refuse(
                "MINIO_PUBLIC_URL",
                "ссылки на файлы вели бы на http://: назовите адрес https://, под которым прокси "
                "отдаёт бакет, или MINIO_SECURE=1",
                "links to files would be http://: name the https:// address under which the proxy "
                "gives the bucket, or MINIO_SECURE=1",
            )

    def _storage_keys(self) -> dict[str, SecretStr | None]:
        return {
            "MINIO_ACCESS_KEY": self.minio_access_key,
            "MINIO_SECRET_KEY": self.minio_secret_key,
        }

    @property
    def hosts(self) -> list[str]:
        """Names under which the office answers."""
        return [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]

    @property
    def levels(self) -> dict[str, str]:
        """How much the journal tells of some parts of the program, by their names."""
        return dict(one.split("=") for one in self.log_levels.split(",") if one)

    @property
    def secure(self) -> bool:
        """Tell whether people reach the office over TLS."""
        return self.public_url.startswith("https://")

    @property
    def store_url(self) -> str:
        """Where links to files of the S3 store lead; empty where there is none."""
        if not self.minio_endpoint or self.minio_public_url:
            return self.minio_public_url if self.minio_endpoint else ""
        return f"http{'s' * self.minio_secure}://{self.minio_endpoint}"

    @property
    def asks_second_factor(self) -> bool:
        """Tell whether who may correct must have a second factor."""
        return self.second_factor and not self.demo

    @property
    def database(self) -> dict[str, object]:
        """The database as Django wants it."""
        return as_django(self.database_url, ROOT)

    def path(self, path: Path) -> Path:
        """Return a path of the settings as an absolute one, counted from the project's root."""
        return path if path.is_absolute() else ROOT / path


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")


def _say(name: str, russian: str, english: str) -> str:
    return f"Переменная {name}: {russian}.\nVariable {name}: {english}."


def _refuse(name: str, russian: str, english: str) -> NoReturn:
    raise ConfigurationError(_say(name, russian, english))


def _named(error: ValidationError) -> ConfigurationError:
    """Turn pydantic's report into one text that names each variable."""
    lines = []
    for entry in error.errors():
        name = str(entry["loc"][0]) if entry["loc"] else "?"
        reason = str(entry["msg"]).removeprefix("Value error, ")
        lines.append(_say(name, f"неверное значение ({reason})", f"wrong value ({reason})"))
    return ConfigurationError("\n".join(lines))


def read() -> Settings:
    """Read the settings from the environment and `.env`. Raises ConfigurationError naming the
    variable."""
    try:
        return Settings()
    except ValidationError as error:
        raise _named(error) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return read()
