"""Methods about the bot itself: who it is, its updates, its files, its commands."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from engine.simulator.api_error import bad
from engine.simulator.file_store import MAX_DOWNLOAD_BYTES
from engine.simulator.params import Params
from engine.simulator.updates import MAX_BATCH
from engine.simulator.webhook import MOST, Webhook
from engine.simulator.world import World


async def get_me(world: World, params: Params) -> Any:
    """getMe: the bot."""
    rights = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot.user() | rights


async def get_updates(world: World, params: Params) -> Any:
    """getUpdates: what happened since the offset; waits up to `timeout` seconds."""
    kinds = params.structure("allowed_updates", "allowed_updates")
    if isinstance(kinds, list):
        world.updates.allow([str(kind) for kind in kinds])
    if world.updates.status != "online":
        world.updates.seen()
        world.changes.bump()
    limit = params.integer("limit", MAX_BATCH)
    return await world.updates.take(params.integer("offset"), limit, params.integer("timeout"))


async def set_webhook(world: World, params: Params) -> Any:
    """setWebhook: bring updates to an address from now on; an empty one ends that.

    Telegram wants https; this one, on loopback, takes http too."""
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return await delete_webhook(world, params)
    if urlsplit(url).scheme not in ("http", "https"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad("secret token contains unallowed characters")
    kinds = params.structure("allowed_updates", "allowed_updates")
    if isinstance(kinds, list):
        world.updates.allow([str(kind) for kind in kinds])
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    most = params.integer("max_connections", MOST)
    await world.bring_to(Webhook(world.updates, url, secret, min(max(most, 1), 100)))
    return True


async def delete_webhook(world: World, params: Params) -> Any:
    """deleteWebhook: the bot asks for updates itself; may drop those that wait."""
    await world.bring_to(None)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


async def get_webhook_info(world: World, params: Params) -> Any:
    """getWebhookInfo: where updates are brought, and what was wrong with the last one."""
    hook = world.webhook
    info: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": world.updates.pending,
    }
    if hook:
        info["max_connections"] = hook.most
    if hook and hook.last_error:
        info |= {"last_error_date": int(world.now()), "last_error_message": hook.last_error}
    return info


async def get_file(world: World, params: Params) -> Any:
    """getFile: the path to download a file of at most 20 MB from."""
    stored = world.files.get(params.text("file_id"))
    if len(stored.data) > MAX_DOWNLOAD_BYTES:
        raise bad("file is too big")
    return stored.telegram() | {"file_path": stored.path}


async def set_my_commands(world: World, params: Params) -> Any:
    """setMyCommands: the list behind the «Меню» button, for phones of a language or for all."""
    commands = params.structure("commands", "commands")
    if not isinstance(commands, list):
        raise bad("can't parse commands: expected an Array of BotCommand")
    for command in commands:
        name = (
            str(command.get("command", "")).removeprefix("/") if isinstance(command, dict) else ""
        )
        if not 0 < len(name) <= 32 or not name.replace("_", "a").isalnum() or name != name.lower():
            raise bad("BOT_COMMAND_INVALID")
    world.commands[params.text("language_code")] = [
        {
            "command": str(command["command"]).removeprefix("/"),
            "description": str(command.get("description", "")),
        }
        for command in commands
    ]
    world.changes.bump()
    return True


async def get_my_commands(world: World, params: Params) -> Any:
    """getMyCommands: the list that was set."""
    return world.commands.get(params.text("language_code"), [])


async def delete_my_commands(world: World, params: Params) -> Any:
    """deleteMyCommands: no list."""
    world.commands.pop(params.text("language_code"), None)
    world.changes.bump()
    return True


async def accept(world: World, params: Params) -> Any:
    """close, logOut: nothing to do on a server of one bot."""
    return True


METHODS = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "close": accept,
    "logOut": accept,
}
