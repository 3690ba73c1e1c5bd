"""The Files port on an S3 store: MinIO or any other that speaks the protocol."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TypeVar
from urllib.parse import urlsplit

from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from engine.errors import EngineError
from engine.files.errors import FileMissing, FileTooLarge, StoreUnavailable
from engine.files.keys import LARGEST, checked, checked_prefix, described
from engine.files.links import disposition, life
from engine.model.files import StoredFile, StoredKey

log = logging.getLogger(__name__)
T = TypeVar("T")

PAUSES_S = (0.5, 2.0, 5.0)  # before each of the three retries
_CHUNK = 256 * 1024
_MISSING = frozenset({"NoSuchBucket", "NoSuchKey", "NoSuchObject"})
_BUSY = frozenset({"InternalError", "RequestTimeout", "ServiceUnavailable", "SlowDown"})
_OURS = frozenset({"BucketAlreadyOwnedByYou", "BucketAlreadyExists"})


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MinioFiles:
    """Files in one private bucket. Links are presigned by the store's own rules, for `public`
    where browsers reach the store under another address: the host is a part of what is signed."""

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        secure: bool = True,
        public: str = "",
        region: str = "us-east-1",
        now: Callable[[], datetime] = _utc_now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        # The SDK's own pool waits five minutes and retries at once; ours gives up and backs off.
        pool = PoolManager(timeout=Timeout(connect=5, read=30), retries=Retry(0), maxsize=8)

        def client(host: str, *, secure: bool) -> Minio:
            return Minio(
                host,
                access_key=access_key,
                secret_key=secret_key,
                secure=secure,
                region=region,  # known, so that signing a link asks nobody
                http_client=pool,
            )

        shown = urlsplit(public)
        try:
            self._client = self._signing = client(endpoint, secure=secure)
            if public:
                self._signing = client(shown.netloc, secure=shown.scheme == "https")
        except ValueError as error:
            raise EngineError(f"S3 address {endpoint!r}, {public!r}: {error}") from error
        self._bucket, self._region, self._now, self._pause = bucket, region, now, pause

    def prepare(self) -> None:
        """Make the bucket if there is none; a new bucket is private."""

        def ask() -> None:
            if not self._client.bucket_exists(bucket_name=self._bucket):
                self._make_bucket()

        self._insist("bucket " + self._bucket, ask)

    def put(self, key: str, content: bytes, mime: str) -> StoredFile:
        """Store content under a key, replacing what was there. Raises StoreUnavailable."""
        stored = described(key, content, mime)

        def send() -> None:
            self._client.put_object(
                bucket_name=self._bucket,
                object_name=key,
                data=BytesIO(content),
                length=stored.size,
                content_type=mime,
                part_size=2 * LARGEST,  # one request, so an object is there whole or not at all
            )

        try:
            self._insist(key, send)
        except FileMissing:  # it is the bucket: nobody prepared it, or somebody dropped it
            self.prepare()
            self._insist(key, send)
        return stored

    def get(self, key: str) -> bytes:
        """Return the content. Raises FileMissing or StoreUnavailable."""
        checked(key)
        return self._insist(key, lambda: self._read(key))

    def delete(self, key: str) -> None:
        """Delete a key; an absent one is fine."""
        checked(key)

        def remove() -> None:
            self._client.remove_object(bucket_name=self._bucket, object_name=key)

        self._insist(key, remove)

    def link(self, key: str, seconds: int, name: str) -> str:
        """Return a presigned link that opens the file, under this name, for so many seconds."""
        return self._signing.presigned_get_object(
            bucket_name=self._bucket,
            object_name=checked(key),
            expires=timedelta(seconds=life(seconds)),
            response_headers={"response-content-disposition": disposition(name)},
            request_date=self._now().astimezone(UTC),
        )

    def keys(self, prefix: str) -> Iterator[StoredKey]:
        """Return stored keys that start with `prefix`, in their order."""
        start = checked_prefix(prefix)

        def ask() -> list[StoredKey]:
            found = self._client.list_objects(
                bucket_name=self._bucket, prefix=start, recursive=True
            )
            return [
                StoredKey(entry.object_name, entry.last_modified)
                for entry in found
                if entry.object_name and entry.last_modified and not entry.is_dir
            ]

        yield from self._insist(start, ask)

    def _read(self, key: str) -> bytes:
        answer = self._client.get_object(bucket_name=self._bucket, object_name=key)
        try:
            content = bytearray()
            for chunk in answer.stream(_CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise FileTooLarge(f"{key}: somebody else stored more than {LARGEST} bytes")
            return bytes(content)
        finally:
            answer.close()
            answer.release_conn()

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(bucket_name=self._bucket, location=self._region)
        except S3Error as error:
            if error.code not in _OURS:  # another process was first
                raise

    def _insist(self, what: str, ask: Callable[[], T]) -> T:
        """Ask the store, again after a pause when it is away or busy."""
        pauses = iter(PAUSES_S)
        while True:
            try:
                return ask()
            except (HTTPError, MinioException, OSError) as error:
                if isinstance(error, S3Error) and error.code in _MISSING:
                    raise FileMissing(f"{what}: {error.code}") from error
                pause_s = next(pauses, None) if _may_pass(error) else None
                if pause_s is None:
                    raise StoreUnavailable(f"{what}: {error}") from error
                log.warning("%s: %s; again in %s s", what, error, pause_s)
            self._pause(pause_s)


def _may_pass(error: HTTPError | MinioException | OSError) -> bool:
    """Tell whether another try may go better, and not only repeat the answer."""
    match error:
        case S3Error():
            return error.code in _BUSY
        case MinioException():
            return isinstance(error, ServerError | InvalidResponseError)
        case _:
            return True
