"""The object store of this installation: a folder, or an S3 store when `MINIO_ENDPOINT` is set."""

from __future__ import annotations

from functools import lru_cache

from crm.configuration import settings
from engine.files.local import LocalFiles
from engine.files.minio import MinioFiles


@lru_cache(maxsize=1)
def open_files() -> LocalFiles | MinioFiles:
    """Return the store, its bucket made if there was none.

    Raises EngineError when it does not answer."""
    configuration = settings()
    if not configuration.minio_endpoint:
        return local_files()
    access, secret = configuration.minio_access_key, configuration.minio_secret_key
    if access is None or secret is None:  # the settings refuse this before
        raise ValueError("MINIO_ACCESS_KEY and MINIO_SECRET_KEY belong to MINIO_ENDPOINT")
    store = MinioFiles(
        configuration.minio_endpoint,
        access.get_secret_value(),
        secret.get_secret_value(),
        configuration.minio_bucket,
        secure=configuration.minio_secure,
    )
    store.prepare()
    return store


@lru_cache(maxsize=1)
def local_files() -> LocalFiles:
    """Return the folder; its links lead to the office."""
    configuration = settings()
    return LocalFiles(
        configuration.path(configuration.files_dir),
        configuration.secret_key.get_secret_value(),
        f"{configuration.public_url}/files/",
    )
