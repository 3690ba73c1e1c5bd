"""What only S3 has: a bucket to make, a network that fails, a door that must be shut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import urllib3

from engine.errors import EngineError
from engine.files.errors import StoreUnavailable
from engine.files.keys import object_key
from engine.files.minio import PAUSES_S, MinioFiles
from tests import servers

MOMENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def store(server: servers.S3, pauses: list[float], **changed: str) -> MinioFiles:
    at = replace(server, **changed)
    return MinioFiles(
        at.endpoint, at.access_key, at.secret_key, at.bucket, secure=False, pause=pauses.append
    )


def test_a_missing_bucket_is_made_at_the_first_upload(s3_server: servers.S3) -> None:
    pauses: list[float] = []
    files = store(s3_server, pauses, bucket="made-by-put")
    key = object_key("photo", MOMENT)
    files.put(key, b"x", "image/png")
    assert files.get(key) == b"x"
    assert pauses == []


def test_preparing_makes_the_bucket_once(s3_server: servers.S3) -> None:
    files = store(s3_server, [], bucket="made-before")
    files.prepare()
    files.prepare()
    assert list(files.keys("")) == []


def test_without_a_signature_nobody_reads_writes_or_lists(s3_server: servers.S3) -> None:
    key = object_key("photo", MOMENT)
    store(s3_server, []).put(key, b"x", "image/png")
    bucket = f"http://{s3_server.endpoint}/{s3_server.bucket}"
    for method, address in (
        ("GET", f"{bucket}/{key}"),
        ("PUT", f"{bucket}/{key}"),
        ("GET", bucket),
    ):
        assert urllib3.request(method, address, retries=False).status == 403


def test_the_object_keeps_its_type_and_comes_with_the_name_of_the_link(
    s3_server: servers.S3,
) -> None:
    files = store(s3_server, [])
    key = object_key("photo", MOMENT)
    files.put(key, b"x", "image/png")
    answer = urllib3.request("GET", files.link(key, 60, "Фото кузова.png"), retries=False)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")


def test_a_link_for_browsers_opens_under_their_address_and_under_no_other(
    s3_server: servers.S3,
) -> None:
    keys = (s3_server.access_key, s3_server.secret_key, s3_server.bucket)
    files = MinioFiles(s3_server.endpoint, *keys, secure=False, public="https://office.example")
    key = object_key("photo", MOMENT)
    files.put(key, b"x", "image/png")
    link = urlsplit(files.link(key, 60, "Фото.png"))
    assert f"{link.scheme}://{link.netloc}{link.path}" == (
        f"https://office.example/{s3_server.bucket}/{key}"
    )
    inside = f"http://{s3_server.endpoint}{link.path}?{link.query}"  # what the proxy asks for
    for host, status in (("office.example", 200), ("other.example", 403)):
        answer = urllib3.request("GET", inside, headers={"Host": host}, retries=False)
        assert answer.status == status, host


def test_a_wrong_secret_is_said_at_once(s3_server: servers.S3) -> None:
    pauses: list[float] = []
    files = store(s3_server, pauses, secret_key="not-the-secret")
    with pytest.raises(StoreUnavailable, match="SignatureDoesNotMatch"):
        files.put(object_key("photo", MOMENT), b"x", "image/png")
    assert pauses == []


def test_an_unreachable_store_is_tried_four_times_with_growing_pauses() -> None:
    pauses: list[float] = []
    nobody = servers.S3(f"127.0.0.1:{servers.free_port()}", "demo", "demo-secret", "meatbot")
    with pytest.raises(StoreUnavailable):
        store(nobody, pauses).put(object_key("photo", MOMENT), b"x", "image/png")
    assert pauses == list(PAUSES_S) == sorted(PAUSES_S)


def test_an_upload_survives_a_network_that_drops_two_connections(s3_server: servers.S3) -> None:
    pauses: list[float] = []
    key = object_key("photo", MOMENT)
    with dropping(s3_server, times=2) as through:
        stored = store(through, pauses).put(key, b"x" * 100_000, "image/png")
    assert stored.size == 100_000
    assert store(s3_server, []).get(key) == b"x" * 100_000
    assert pauses == list(PAUSES_S[:2])


def test_an_address_with_a_path_is_refused_in_words() -> None:
    with pytest.raises(EngineError, match="http://storage/folder"):
        MinioFiles("http://storage/folder", "demo", "demo-secret", "meatbot")


@contextmanager
def dropping(server: servers.S3, times: int) -> Iterator[servers.S3]:
    """A way to the server that hangs up on the first connections."""
    host, _, port = server.endpoint.rpartition(":")
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            for count in range(times + 1):
                came, _address = door.accept()
                if count < times:
                    came.close()
                    continue
                with came, socket.create_connection((host, int(port))) as beyond:
                    back = threading.Thread(target=pipe, args=(beyond, came))
                    back.start()
                    pipe(came, beyond)
                    back.join()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = f"127.0.0.1:{door.getsockname()[1]}"
        yield servers.S3(address, server.access_key, server.secret_key, server.bucket)


def pipe(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        return  # either side hung up: the test is over
