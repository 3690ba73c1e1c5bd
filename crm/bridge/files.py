"""The object store of this installation: a folder, or an S3 store when `MINIO_ENDPOINT` is set,
with the folder beside it for what it does not take while it is away."""

from __future__ import annotations

from functools import lru_cache

from crm.configuration import settings
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles
from engine.files.spooled import SpooledFiles
from engine.model.files import StoredKey


@lru_cache(maxsize=1)
def open_files() -> LocalFiles | SpooledFiles:
    """Return the store, its bucket made if there was none."""
    configuration = settings()
    if not configuration.minio_endpoint:
        return local_files()
    access, secret = configuration.minio_access_key, configuration.minio_secret_key
    if access is None or secret is None:  # the settings refuse this before
        raise ValueError("MINIO_ACCESS_KEY and MINIO_SECRET_KEY belong to MINIO_ENDPOINT")
    remote = MinioFiles(
        configuration.minio_endpoint,
        access.get_secret_value(),
        secret.get_secret_value(),
        configuration.minio_bucket,
        secure=configuration.minio_secure,
        public=configuration.minio_public_url,
    )
    store = SpooledFiles(remote, local_files())
    store.prepare()
    return store


def store_itself(files: LocalFiles | SpooledFiles) -> LocalFiles | MinioFiles:
    """Return the store without what waits beside it."""
    return files.store if isinstance(files, SpooledFiles) else files


def waiting_in(files: LocalFiles | SpooledFiles) -> list[StoredKey]:
    """Return what waits on this machine until the store takes it, with when it was kept."""
    return list(files.waiting()) if isinstance(files, SpooledFiles) else []


def send_waiting() -> int:
    """Send what waits beside a store that was away; return how many files went."""
    store = open_files()
    return store.send() if isinstance(store, SpooledFiles) else 0


@lru_cache(maxsize=1)
def local_files() -> LocalFiles:
    """Return the folder, or what waits for the store; its links lead to the office."""
    configuration = settings()
    return LocalFiles(
        configuration.path(configuration.files_dir),
        configuration.secret_key.get_secret_value(),
        f"{configuration.public_url}/files/",
    )
