"""The settings: typed, read once, and refused by name when they are wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm.configuration import DEFAULT_SECRET_KEY, ROOT, ConfigurationError, Settings, read

GOOD_KEY = "k" * 50 + "0123456789abcdefABCDEF"
OFFICE = {"SECRET_KEY": GOOD_KEY, "PUBLIC_URL": "https://office.example"}
WEAK = "postgres"
STORE = {
    "MINIO_ENDPOINT": "storage:9000",
    "MINIO_ACCESS_KEY": "plant",
    "MINIO_SECRET_KEY": GOOD_KEY,
    "MINIO_SECURE": "0",
}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment and a folder without any setting."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


def names() -> set[str]:
    """Return the names of all variables."""
    found = set()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        found |= {alias} if isinstance(alias, str) else set(getattr(alias, "choices", ()))
    return {str(name) for name in found}


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": DEFAULT_SECRET_KEY}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"MEATBOT_DEMO": "maybe"}, "MEATBOT_DEMO"),
        ({"MEATBOT_DEMO": "1", "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"MEATBOT_DEMO": "1", "DATABASE_URL": "postgres://host/"}, "DATABASE_URL"),
        ({"MEATBOT_DEMO": "1", "PUBLIC_URL": "plant.example"}, "PUBLIC_URL"),
        ({"MEATBOT_DEMO": "1", "TELEGRAM_API_URL": "ftp://x"}, "TELEGRAM_API_URL"),
        ({"MEATBOT_DEMO": "1", "MINIO_ENDPOINT": "http://s3:9000"}, "MINIO_ENDPOINT"),
        ({"MEATBOT_DEMO": "1", "MINIO_ENDPOINT": "s3:9000"}, "MINIO_ACCESS_KEY"),
        ({"MEATBOT_DEMO": "1", "WEBHOOK_URL": "http://bot"}, "WEBHOOK_SECRET"),
        ({"MEATBOT_DEMO": "1", "WEBHOOK_SECRET": "short"}, "WEBHOOK_SECRET"),
        ({"MEATBOT_DEMO": "1", "WEBHOOK_SECRET": "я" * 40}, "WEBHOOK_SECRET"),
        ({"MEATBOT_DEMO": "1", "WEBHOOK_LISTEN": "8081"}, "WEBHOOK_LISTEN"),
        ({"MEATBOT_DEMO": "1", "REDIS_URL": "http://redis"}, "REDIS_URL"),
        ({"WEBHOOK_URL": "http://bot", "WEBHOOK_SECRET": "s" * 32}, "WEBHOOK_URL"),
        ({"MEATBOT_DEMO": "1", "LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"MEATBOT_DEMO": "1", "LOG_LEVELS": "crm=LOUD"}, "LOG_LEVELS"),
        ({"MEATBOT_DEMO": "1", "FIRST_ADMIN_PASSWORD": "short"}, "FIRST_ADMIN_PASSWORD"),
        ({"MEATBOT_DEMO": "1", "ERROR_URL": "file:///etc/passwd"}, "ERROR_URL"),
        ({"SECRET_KEY": GOOD_KEY, "MEATBOT_DEBUG": "1"}, "MEATBOT_DEBUG"),
        ({"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": GOOD_KEY}, "PUBLIC_URL"),
        ({"SECRET_KEY": GOOD_KEY, "PUBLIC_URL": "http://office.example"}, "PUBLIC_URL"),
        ({**OFFICE, "SECRET_KEY": "ab" * 30}, "SECRET_KEY"),
        ({**OFFICE, "DATABASE_URL": f"postgres://me:{WEAK}@db/plant"}, "DATABASE_URL"),
        ({**OFFICE, **STORE, "MINIO_SECRET_KEY": WEAK}, "MINIO_SECRET_KEY"),
        ({**OFFICE, "TELEGRAM_API_URL": "http://bots.example:8081"}, "TELEGRAM_API_URL"),
        ({**OFFICE, "TELEGRAM_API_URL": "http://127.0.0.1.example"}, "TELEGRAM_API_URL"),
        ({**OFFICE, **STORE}, "MINIO_PUBLIC_URL"),
        ({**OFFICE, **STORE, "MINIO_PUBLIC_URL": "http://files.example"}, "MINIO_PUBLIC_URL"),
        ({**OFFICE, **STORE, "MINIO_PUBLIC_URL": "https://files.example/x"}, "MINIO_PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_refused_in_two_languages_by_its_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as error:
        read()
    assert f"Переменная {named}:" in str(error.value)
    assert f"Variable {named}:" in str(error.value)


def test_a_secret_is_not_repeated_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "my-own-short-secret")
    with pytest.raises(ConfigurationError) as error:
        read()
    assert "my-own-short-secret" not in str(error.value)


def test_the_demo_needs_no_setting_but_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEATBOT_DEMO", "1")
    configuration = read()
    assert configuration.database["NAME"] == str(ROOT / "var/meatbot.sqlite3")
    assert configuration.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"  # type: ignore[index]


def test_an_office_that_only_this_machine_reaches_needs_no_tls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", GOOD_KEY)
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    assert not read().secure


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8081", "http://[::1]:8081", "https://bots.example"]
)
def test_a_bot_api_server_is_asked_over_tls_or_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    for name, value in {**OFFICE, "TELEGRAM_API_URL": url}.items():
        monkeypatch.setenv(name, value)
    assert read().telegram_api_url == url
    monkeypatch.setenv("TELEGRAM_API_URL", "http://bots.example")
    monkeypatch.setenv("MEATBOT_DEMO", "1")
    assert read().telegram_api_url == "http://bots.example"


def test_links_to_files_lead_where_browsers_reach_the_store(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**OFFICE, **STORE, "MINIO_PUBLIC_URL": "https://office.example/"}.items():
        monkeypatch.setenv(name, value)
    assert read().store_url == "https://office.example"
    monkeypatch.setenv("MINIO_SECURE", "1")
    monkeypatch.setenv("MINIO_PUBLIC_URL", "")
    assert read().store_url == "https://storage:9000"
    monkeypatch.setenv("MINIO_ENDPOINT", "")
    assert read().store_url == ""


def test_an_empty_variable_is_an_absent_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEATBOT_DEMO", "1")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")
    assert read().telegram_bot_token is None


def test_a_postgres_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEATBOT_DEMO", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://me:p%40ss@db.example:5433/plant?sslmode=require")
    assert read().database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "plant",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            "options": "-c jit=off",
            "sslmode": "require",
        },
    }


def test_the_example_names_every_variable_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    described = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert described == names() - {"DEBUG"}


def test_nothing_else_in_the_plant_reads_the_environment() -> None:
    readers = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "crm").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"environ(\.get\(|\[)|getenv\(", line) and "import" not in line
    ]
    assert readers == []


def test_a_configured_deployment_passes_djangos_own_check(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": GOOD_KEY,
        "PUBLIC_URL": "https://office.example",
        "ALLOWED_HOSTS": "office.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_program_does_not_start_with_the_default_key_outside_the_demo() -> None:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "crm.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Переменная SECRET_KEY" in done.stderr
