"""The servers that tests start are real, and are gone afterwards whatever happened."""

from __future__ import annotations

import io
import subprocess
import sys

import psycopg
import pytest
from minio import Minio
from minio.error import S3Error

from tests import database, servers


def at_template(url: str) -> str:
    return database.named(url, database.TEMPLATE)


def test_postgres_knows_russian_upper_case_and_is_gone_after_a_failure_inside() -> None:
    asked: list[str] = []

    def fail_inside() -> None:
        with servers.postgres() as url:
            asked.append(url)
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT upper('сырьё')").fetchone() == ("СЫРЬЁ",)
            raise LookupError("inside")

    with pytest.raises(LookupError, match="inside"):
        fail_inside()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(asked[0], connect_timeout=2)


def test_a_postgres_like_the_kept_one_is_migrated_and_leaves_that_one_alone() -> None:
    count, kept = "SELECT count(*) > 60 FROM django_migrations", database.cluster()
    with servers.postgres(like=kept) as url, psycopg.connect(at_template(url)) as rows:
        assert rows.execute(count).fetchone() == (True,)
        rows.execute("DROP TABLE django_migrations CASCADE")
    with servers.postgres(like=kept) as url, psycopg.connect(at_template(url)) as rows:
        assert rows.execute(count).fetchone() == (True,)


def test_the_exit_code_of_a_command_beside_a_server_is_handed_on() -> None:
    show = (
        "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'].startswith('postgresql') else 0)"
    )
    command = [sys.executable, "-m", "tests.servers", "postgres", "--", sys.executable, "-c", show]
    assert subprocess.run(command, check=False).returncode == 7


def test_s3_keeps_an_object_and_refuses_a_stranger(s3_server: servers.S3) -> None:
    def client(secret: str) -> Minio:
        key = s3_server.access_key
        return Minio(s3_server.endpoint, access_key=key, secret_key=secret, secure=False)

    owner, stranger = client(s3_server.secret_key), client("another-secret")
    bucket = s3_server.bucket
    owner.put_object(bucket_name=bucket, object_name="photo", data=io.BytesIO(b"1234"), length=4)
    assert owner.get_object(bucket_name=bucket, object_name="photo").read() == b"1234"
    with pytest.raises(S3Error) as refusal:
        stranger.get_object(bucket_name=bucket, object_name="photo")
    assert refusal.value.code == "SignatureDoesNotMatch"
