"""The containers: what is started is what the program has, nothing but the door is open, no secret
has a default. No container engine is needed to see it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from check_jsonschema import main
from click.testing import CliRunner
from ruamel.yaml import YAML
from typer.main import get_command

from cli import app
from crm.bridge.form_files import TEMPLATES
from crm.bridge.versions import LOCALES
from crm.configuration import DEFAULT_SECRET_KEY, Settings
from tests import servers

ROOT = Path(__file__).resolve().parents[1]
COMMANDS: dict[str, Any] = getattr(get_command(app), "commands")  # noqa: B009 - typer's group
STACK = YAML(typ="rt").load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = STACK["services"]
OURS = {name: one for name, one in SERVICES.items() if str(one["image"]).startswith("meatbot:")}
DOORS = {"proxy"}
ONCE = {"migrate", "seed"}  # they end
SWEEP = {"bot", "scheduler", "worker"}  # they answer nobody and leave a sign of life


def variables() -> set[str]:
    found: set[str] = set()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        found |= {alias} if isinstance(alias, str) else set(getattr(alias, "choices", ()))
    return found


@pytest.mark.parametrize("name", ["compose.yaml", "compose.dev.yaml"])
def test_the_stack_is_what_the_specification_allows(name: str) -> None:
    command = ["--builtin-schema", "vendor.compose-spec", str(ROOT / name)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output


def test_the_image_has_no_known_fault_of_images() -> None:
    command = [str(Path(sys.executable).with_name("hadolint")), "Dockerfile"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_process_is_a_command_of_the_program_with_its_options() -> None:
    assert {"web", "bot", "scheduler", "worker", "migrate", "seed"} == OURS.keys()
    for name, service in OURS.items():
        command, *rest = service["command"]
        assert command in COMMANDS, name
        known = {one for param in COMMANDS[command].params for one in param.opts}
        assert {word for word in rest if word.startswith("--")} <= known, name


def test_every_variable_is_a_setting_and_every_secret_one_is_a_file() -> None:
    for name, service in OURS.items():
        assert set(service["environment"]) | set(service["secrets"]) <= variables(), name
        assert not set(service["environment"]) & set(STACK["secrets"]), name
    for name, secret in STACK["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    secret = {alias for alias in variables() if re.search("KEY|TOKEN|PASSWORD|DATABASE", alias)}
    assert secret <= set(STACK["secrets"])


def test_no_password_stands_in_the_stack() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert DEFAULT_SECRET_KEY not in text
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|ROOT_USER", variable):
                assert variable.endswith("_FILE"), name
                assert str(value).startswith("/run/secrets/"), name


def test_only_the_door_is_open_and_the_console_to_this_machine_alone() -> None:
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            assert name in DOORS or str(port).startswith("127.0.0.1:"), name
    assert STACK["networks"]["inside"]["internal"] is True
    for name in ("database", "storage", "redis", "web", "scheduler", "worker"):
        assert list(SERVICES[name]["networks"]) == ["inside"]
    for name in ("console", "metrics"):
        assert SERVICES[name]["profiles"] == [name]


def test_what_runs_is_watched_started_again_and_of_a_known_version() -> None:
    for name, service in SERVICES.items():
        tag = str(service["image"]).partition(":")[2]
        assert re.search(r"\d+\.\d+|\d{4}-\d\d", tag), name
        if name not in ONCE:
            assert service["healthcheck"]["test"], name
        if not service.get("profiles"):
            again = "on-failure:3" if name in ONCE else "unless-stopped"
            assert service["restart"] == again, name


def test_what_a_container_says_never_fills_the_disk() -> None:
    for name, service in SERVICES.items():
        assert {"max-size", "max-file"} <= service["logging"]["options"].keys(), name


def test_tables_are_made_before_anybody_works() -> None:
    done = "service_completed_successfully"
    assert SERVICES["seed"]["depends_on"]["migrate"]["condition"] == done
    for name in OURS.keys() - ONCE:
        assert SERVICES[name]["depends_on"]["seed"]["condition"] == done


def test_the_watcher_asks_an_address_that_the_office_answers() -> None:
    asked = " ".join(SERVICES["web"]["healthcheck"]["test"])
    port = SERVICES["web"]["command"][-1]
    assert f"http://127.0.0.1:{port}/readyz" in asked


def test_the_health_of_the_door_is_asked_of_the_one_that_runs() -> None:
    asked = " ".join(SERVICES["proxy"]["healthcheck"]["test"])
    assert "http://127.0.0.1:2019/" in asked  # where Caddy answers for itself
    assert "admin off" not in (ROOT / "Caddyfile").read_text("utf-8")


def test_what_the_tests_of_processes_start_is_what_the_services_start() -> None:
    names = ("crash/parent.py", "crash/conftest.py", "chaos/plant_of_day.py")
    tests = "\n".join((ROOT / "tests" / name).read_text("utf-8") for name in names)
    started = {
        "bot": ("from crm.commands.bot import run", "run(webhook=True)"),
        "scheduler": ("from crm.commands.scheduler import run", "asyncio.run("),
        "worker": ("from crm.commands.worker import run", "asyncio.run("),
        "web": ("from crm.office.server import serve", "serve("),
    }
    assert started.keys() == OURS.keys() - ONCE
    for service, calls in started.items():
        assert all(call in tests for call in calls), service
        assert OURS[service]["command"][0] == service
    assert "--webhook" in OURS["bot"]["command"]
    alone = {"MEATBOT_DEMO", "TELEGRAM_API_URL", "FILES_DIR", "DJANGO_SETTINGS_MODULE"}  # of tests
    told = set(re.findall(r'"([A-Z][A-Z_]+)":', tests)) - alone
    told |= set(servers.S3("", "", "", "").environment)
    assert {"REDIS_URL", "WEBHOOK_URL", "HEARTBEAT_FILE", "MINIO_ENDPOINT"} <= told
    for name, service in OURS.items():
        assert told <= {*service["environment"], *service["secrets"]}, name
    seen = " ".join(str(one.get("healthcheck", "")) for one in OURS.values())
    assert "/readyz" in tests
    assert "/readyz" in seen
    assert OURS["bot"]["environment"]["HEARTBEAT_FILE"] in seen


def test_telegram_is_led_from_the_door_to_where_the_bots_listen() -> None:
    bot = SERVICES["bot"]
    assert bot["command"] == ["bot", "--webhook"]
    host, port = bot["environment"]["WEBHOOK_LISTEN"].split(":")
    door = (ROOT / "Caddyfile").read_text("utf-8")
    path = urlsplit(bot["environment"]["WEBHOOK_URL"].replace("${OFFICE_HOST}", "office")).path
    assert host == "0.0.0.0"
    assert f"handle {path}*" in door
    assert f"dynamic a bot {port}" in door
    assert "WEBHOOK_SECRET" in bot["secrets"]


def test_a_link_to_a_file_goes_through_the_door_to_the_store_and_nothing_else_of_it_does() -> None:
    settings = SERVICES["web"]["environment"]
    assert settings["MINIO_PUBLIC_URL"] == settings["PUBLIC_URL"] == "https://${OFFICE_HOST}"
    host, port = settings["MINIO_ENDPOINT"].split(":")
    assert set(SERVICES[host]["networks"]) & set(SERVICES["proxy"]["networks"])
    door = (ROOT / "Caddyfile").read_text("utf-8")
    ((body, store),) = re.findall(
        r"@file \{(.*?)\}\s+handle @file \{.*?reverse_proxy (\S+)", door, re.S
    )
    assert store == f"{host}:{port}"
    wanted = {"method GET HEAD", f"path /{settings['MINIO_BUCKET']}/*", "query X-Amz-Signature=*"}
    assert {line.strip() for line in body.strip().splitlines()} == wanted
    assert door.count(store) == 1


def test_forms_that_the_office_publishes_reach_every_process_and_outlive_its_container() -> None:
    for name, service in OURS.items():
        kept = dict(reversed(one.split(":")[:2]) for one in service["volumes"])
        for folder in ("flows", TEMPLATES, LOCALES):
            assert kept[f"/app/{folder}"] in STACK["volumes"], name


def test_what_several_processes_share_is_a_service_that_they_reach() -> None:
    shared = urlsplit(SERVICES["bot"]["environment"]["REDIS_URL"])
    assert shared.hostname in SERVICES
    for name in OURS.keys() - ONCE:
        assert "inside" in SERVICES[name]["networks"]


@pytest.mark.parametrize("name", sorted(SWEEP))
@pytest.mark.parametrize(("age_s", "code"), [(0, 0), (120, 0), (240, 1), (-3600, 1), (None, 1)])
def test_who_answers_nobody_is_well_while_his_last_sweep_is_young(
    tmp_path: Path, name: str, age_s: float | None, code: int
) -> None:
    place = SERVICES[name]["environment"]["HEARTBEAT_FILE"]
    swept = tmp_path / "swept"
    if age_s is not None:
        swept.touch()
        os.utime(swept, times=(time.time() - age_s,) * 2)
    door, program, *rest = SERVICES[name]["healthcheck"]["test"]
    assert (door, program) == ("CMD", "python")
    command = [sys.executable, *(word.replace(place, str(swept)) for word in rest)]
    assert str(swept) in command[-1]
    assert subprocess.run(command, capture_output=True, check=False).returncode == code


def test_who_collects_numbers_asks_addresses_that_are_served_with_the_token_of_the_office() -> None:
    asked = YAML(typ="rt").load((ROOT / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    office, work = asked
    port = SERVICES["web"]["command"][-1]
    assert office["static_configs"][0]["targets"] == [f"web:{port}"]
    assert office["authorization"]["credentials_file"] == "/run/secrets/METRICS_TOKEN"
    for name in ("web", "metrics"):
        assert "METRICS_TOKEN" in SERVICES[name]["secrets"]
    (found,) = work["dns_sd_configs"]
    assert set(found["names"]) == SWEEP
    for name in SWEEP:
        assert SERVICES[name]["environment"]["METRICS_LISTEN"] == f"0.0.0.0:{found['port']}"
        assert "inside" in SERVICES[name]["networks"]


def test_no_container_of_ours_is_root_or_may_become_it() -> None:
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert users == ["10001"]
    for service in OURS.values():
        assert list(service["cap_drop"]) == ["ALL"]
        assert list(service["security_opt"]) == ["no-new-privileges:true"]


def test_a_secret_of_a_file_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEATBOT_DEMO", "1")
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setitem(Settings.model_config, "secrets_dir", tmp_path)
    (tmp_path / "TELEGRAM_BOT_TOKEN").write_text("7:file\n", "utf-8")
    token = Settings().telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == "7:file"
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7:environment")
    token = Settings().telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == "7:environment"
