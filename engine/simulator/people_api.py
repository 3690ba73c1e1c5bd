"""The people's side over HTTP under `/sim/`, for the page, tests and demos. A face of `People`.

Every act answers JSON; what a person cannot do is 409 with `{"error": "…"}` in Russian."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from engine.simulator import samples
from engine.simulator.api_error import ApiError
from engine.simulator.core import Simulator
from engine.simulator.http_api import file_response, read_request
from engine.simulator.messages import Message, Phone
from engine.simulator.params import Params, Upload
from engine.simulator.people import CannotDo
from engine.simulator.pictures import NotAPicture, photo_sizes

LONGEST_WAIT_S = 60.0
TICK_S = 5.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PeopleApi:
    """The handlers; each reads a request, calls one act of `People`, answers JSON."""

    def __init__(self, core: Simulator, admin_url: str) -> None:
        self.core = core
        self.people = core.people
        self.admin_url = admin_url

    def add_routes(self, app: web.Application) -> None:
        """Put the handlers under `/sim/`."""
        chat = "/sim/chats/{chat:-?\\d+}"
        acts = {
            "text": self.text,
            "press": self.press,
            "reply": self.reply,
            "photos": self.photos,
            "document": self.document,
            "sticker": self.sticker,
            "voice": self.voice,
            "callback": self.callback,
            "block": self.block,
        }
        for name, act in acts.items():
            app.router.add_post(f"{chat}/{name}", _guarded(act))
        app.router.add_get(f"{chat}/messages", _guarded(self.messages))
        app.router.add_get("/sim/state", _guarded(self.state))
        app.router.add_get("/sim/phones", _guarded(self.phones))
        app.router.add_post("/sim/phones", _guarded(self.add_phone))
        app.router.add_get("/sim/faults", _guarded(self.faults))
        app.router.add_post("/sim/faults", _guarded(self.set_faults))
        app.router.add_post("/sim/clock", _guarded(self.clock))
        app.router.add_get("/sim/files/{file_id}", _guarded(self.file))
        app.router.add_get("/sim/samples", _guarded(self.samples))
        app.router.add_get("/sim/samples/{name}.jpg", _guarded(self.sample))
        app.router.add_get("/sim/events", self.events)

    def shown_state(self) -> dict[str, Any]:
        """Return what the page's frame shows: the bot, the phones, the faults."""
        world = self.core.world
        return {
            "revision": world.changes.revision,
            "bot": {
                "name": world.bot.name,
                "username": world.bot.username,
                "status": world.updates.status,
                "pending": world.updates.pending,
                "commands": world.commands.get("", []),
            },
            "phones": [asdict(phone) for phone in self.people.phones()],
            "faults": world.faults.page(),
            "admin_url": self.admin_url,
        }

    async def state(self, request: web.Request) -> web.StreamResponse:
        return _json(self.shown_state())

    async def phones(self, request: web.Request) -> web.StreamResponse:
        return _json({"phones": [asdict(phone) for phone in self.people.phones()]})

    async def add_phone(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        chat_id, name = params.integer("chat_id"), params.text("name").strip()
        if not chat_id or not name:
            raise CannotDo("телефону нужны chat_id и name")
        phone = Phone(chat_id, name, params.text("role_title"), params.text("language") or "ru")
        self.people.put(phone)
        return _json(asdict(phone))

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """`?after=<revision>&wait=<seconds>`: wait for a change of this chat after a revision."""
        chat = self.people.chat(_chat_id(request))
        after = int(request.query.get("after", "0"))
        wait = min(float(request.query.get("wait", "0")), LONGEST_WAIT_S)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while chat.revision <= after and loop.time() < until:
            await self.core.world.changes.wait(until - loop.time(), chat.phone.chat_id)
        return _json(chat.page(after))

    async def text(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        return _sent(self.people.text(_chat_id(request), params.text("text")))

    async def reply(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        return _sent(self.people.tap(_chat_id(request), params.text("label")))

    async def press(self, request: web.Request) -> web.StreamResponse:
        """`message_id`, `row` and `column`; or `label` or `data`, with or without `message_id`."""
        params = await _params(request)
        chat_id, message_id = _chat_id(request), params.integer("message_id")
        label, data = params.text("label"), params.text("data")
        if label or data:
            return _json(self.people.press_named(chat_id, label, data, message_id))
        row, column = params.integer("row", -1), params.integer("column", -1)
        return _json(self.people.press(chat_id, message_id, row, column))

    async def callback(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        data, message_id = params.text("data"), params.integer("message_id")
        return _json({"query": self.people.forge(_chat_id(request), data, message_id)})

    async def photos(self, request: web.Request) -> web.StreamResponse:
        """Uploads and `samples` (names of ready-made photos): one photo or an album, with a
        `caption`."""
        params = await _params(request)
        data = [upload.data for upload in await self._uploads(params)]
        try:
            photos = [await asyncio.to_thread(photo_sizes, one) for one in data]
        except NotAPicture as error:
            raise CannotDo("это не фото: отправьте как файл") from error
        return _sent(*self.people.photos(_chat_id(request), photos, params.text("caption")))

    async def document(self, request: web.Request) -> web.StreamResponse:
        """Uploads and `samples`, each sent as a file."""
        params = await _params(request)
        uploads = await self._uploads(params)
        if not uploads:
            raise CannotDo("нет ни одного файла")
        caption, chat_id = params.text("caption"), _chat_id(request)
        return _sent(*[self.people.document(chat_id, upload, caption) for upload in uploads])

    async def sticker(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        return _sent(self.people.sticker(_chat_id(request), params.text("emoji") or "👍"))

    async def voice(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        return _sent(self.people.voice(_chat_id(request), params.integer("seconds", 3)))

    async def block(self, request: web.Request) -> web.StreamResponse:
        params = await _params(request)
        blocked = params.text("blocked") == "" or params.flag("blocked")
        self.people.block(_chat_id(request), blocked)
        return _json({"blocked": blocked})

    async def faults(self, request: web.Request) -> web.StreamResponse:
        return _json(self.core.world.faults.page())

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        """Set any of the counts of `Faults`; `blocked` lists chats that block the bot; `limits`
        turns flood limits on."""
        params = await _params(request)
        faults = self.core.world.faults
        for name in ("duplicate", "rate_limit", "retry_after", "server_error"):
            if name in params.values:
                setattr(faults, name, max(0, params.integer(name)))
        for name in ("drop", "drop_answer"):
            if name in params.values:
                setattr(faults, name, _counts(params, name))
        for chat_id in params.structure("blocked", "blocked") or ():
            self.people.block(int(chat_id))
        if "limits" in params.values:
            self.core.limit(*((30, 1) if params.flag("limits") else (0, 0)))
        self.core.world.changes.bump()
        return _json(faults.page())

    async def clock(self, request: web.Request) -> web.StreamResponse:
        """`{"forward": seconds}`: make everything older."""
        params = await _params(request)
        self.core.world.shift_s += params.integer("forward")
        return _json({"now": self.core.world.now()})

    async def file(self, request: web.Request) -> web.StreamResponse:
        try:
            return file_response(self.core.world.files.get(request.match_info["file_id"]))
        except ApiError as error:
            raise web.HTTPNotFound from error

    async def samples(self, request: web.Request) -> web.StreamResponse:
        return _json(
            {"samples": [{"name": name, "title": title} for name, title in samples.TITLES.items()]}
        )

    async def sample(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in samples.TITLES:
            raise web.HTTPNotFound
        data = await asyncio.to_thread(samples.photo, name)
        return web.Response(
            body=data, content_type="image/jpeg", headers={"Cache-Control": "max-age=3600"}
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole picture first, then what changed; the id of an event is
        its revision."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-cache",
            }
        )
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        async for revision, body in self._changes():
            text = json.dumps(body)
            await response.write(f"id: {revision}\ndata: {text}\n\n".encode())
        return response

    async def _changes(self) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """Tell the page what to show now, then after every change; a tick tells of a bot that
        went silent."""
        after, full = 0, True
        while True:
            revision = self.core.world.changes.revision
            chats = [
                chat.page(after)
                for chat in self.core.world.chats.values()
                if full or chat.revision > after
            ]
            yield revision, {"full": full, "state": self.shown_state(), "chats": chats}
            after, full = revision, False
            if self.core.world.changes.revision == after:
                await self.core.world.changes.wait(TICK_S)

    async def _uploads(self, params: Params) -> list[Upload]:
        named = params.structure("samples", "samples") or []
        ready = []
        for name in named:
            if name not in samples.TITLES:
                raise CannotDo(f"нет готового фото «{name}»")
            data = await asyncio.to_thread(samples.photo, str(name))
            ready.append(Upload(f"{name}.jpg", data, "image/jpeg"))
        return [*params.files.values(), *ready]


def _guarded(handler: Handler) -> Handler:
    """Answer 409 for what a person cannot do and 400 for a request that makes no sense."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except CannotDo as error:
            return _json({"error": str(error)}, 409)
        except ApiError as error:
            return _json({"error": error.description}, error.code)
        except ValueError as error:
            return _json({"error": f"неверный запрос: {error}"}, 400)

    return guarded


async def _params(request: web.Request) -> Params:
    return Params(*await read_request(request))


def _chat_id(request: web.Request) -> int:
    return int(request.match_info["chat"])


def _counts(params: Params, name: str) -> dict[str, int]:
    found = params.structure(name, name)
    if not isinstance(found, dict):
        raise CannotDo(f"{name}: нужен объект «метод: сколько раз»")
    return {str(method): int(count) for method, count in found.items()}


def _json(body: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(text=json.dumps(body), status=status, content_type="application/json")


def _sent(*messages: Message) -> web.Response:
    return _json({"messages": [message.page() for message in messages]})
