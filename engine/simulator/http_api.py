"""The Bot API over HTTP, as any client speaks it: query, form, multipart or JSON.

A face of `Simulator.call`; knows no method by name."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from engine.simulator.api_error import NOT_FOUND, ApiError, Dropped, bad
from engine.simulator.core import Simulator
from engine.simulator.file_store import Stored
from engine.simulator.params import Upload

log = logging.getLogger(__name__)

INLINE_MIMES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def add_bot_routes(app: web.Application, core: Simulator) -> None:
    """Serve `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    async def method(request: web.Request) -> web.StreamResponse:
        return await _method(core, request)

    async def download(request: web.Request) -> web.StreamResponse:
        return _download(core, request)

    app.router.add_route("*", "/bot{token:[^/]*}/{method:.*}", method)
    app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", download)


async def _method(core: Simulator, request: web.Request) -> web.StreamResponse:
    try:
        core.admit(request.match_info["token"])
        values, files = await read_request(request)
        result = await core.call(request.match_info["method"], values, files)
    except Dropped:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)  # never arrives: the connection is gone
    except ApiError as error:
        return web.json_response(error.body(), status=error.code)
    return web.json_response({"ok": True, "result": result})


def _download(core: Simulator, request: web.Request) -> web.StreamResponse:
    try:
        core.admit(request.match_info["token"])
        stored = core.world.files.by_path(request.match_info["path"])
        if stored is None:
            raise ApiError(*NOT_FOUND)
    except ApiError as error:
        return web.json_response(error.body(), status=error.code)
    return web.Response(body=stored.data, content_type="application/octet-stream")


async def read_request(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Return the parameters and the uploads of a request, whichever way they were sent."""
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise bad("can't parse request body as JSON object") from error
        if not isinstance(body, dict):
            raise bad("expected a JSON object as request body")
        values |= body
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            data = bytes(await part.read())
            if part.filename is None:
                values[part.name] = data.decode(errors="replace")
            else:
                mime = part.headers.get("Content-Type", "application/octet-stream")
                files[part.name] = Upload(part.filename, data, mime)
    elif request.can_read_body:
        values |= {
            name: value for name, value in (await request.post()).items() if isinstance(value, str)
        }
    return values, files


def file_response(stored: Stored) -> web.Response:
    """Show a picture in the page, or offer any other file for saving; never run it."""
    kind = "inline" if stored.mime in INLINE_MIMES else "attachment"
    return web.Response(
        body=stored.data,
        headers={
            "Content-Type": stored.mime if kind == "inline" else "application/octet-stream",
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(stored.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )
