"""The log: one line a request, and never a secret in it."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from quart import Quart

from tests.conftest import SECRET_KEY
from tests.visitor import PASSWORD, Visitor
from tests.web.asgi import exchange, http_scope

ROOT = Path(__file__).parent.parent.parent
LINE = re.compile(r"id=([0-9a-f]{16}) method=(GET|POST) path=(\S+) status=(\d{3}) ms=\d+\.\d")


async def test_each_request_is_one_line_with_the_id_that_the_answer_carries(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    pages = [await visitor.get(path) for path in ("/login?next=/secret", "/nothing", "/healthz")]

    lines = [LINE.fullmatch(record.message) for record in caplog.records]
    seen = [line and (line[1], line[3], int(line[4])) for line in lines]
    assert seen == [
        (page.headers["x-request-id"], path, page.status)
        for page, path in zip(pages, ("/login", "/nothing", "/healthz"), strict=True)
    ]


async def test_nobody_writes_a_line_of_their_own_into_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    await visitor.get("/a%0Aid=forged%20status=200")

    [record] = caplog.records
    assert "\n" not in record.message
    assert "path=/a%0Aid%3Dforged%20status%3D200" in record.message


async def test_a_method_is_quoted_and_cut_in_the_log(
    app: Quart, caplog: pytest.LogCaptureFixture
) -> None:
    """HTTP/2 lets a client write any bytes there."""
    caplog.set_level(logging.INFO)

    await exchange(app, http_scope(method="GET\nid=forged status=200" + "x" * 10_000))

    [record] = caplog.records
    assert " method=GET%0Aid%3Dforged%20status path=/ " in record.message


async def test_a_long_path_is_cut_in_the_log(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    await visitor.get("/" + "x" * 60_000)

    [record] = caplog.records
    assert f"path=/{'x' * 254} status=" in record.message


async def test_no_password_cookie_token_or_address_is_ever_logged(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [PASSWORD, "ada@example.com", SECRET_KEY]

    await visitor.register("ada")
    await visitor.register("ada")  # refused
    await visitor.sign_in("ada@example.com", "wrong horse")
    signed_in = await visitor.sign_in("ada@example.com")
    form = await visitor.get("/")
    await visitor.post("/", csrf_token=form.csrf_token, body="said aloud")
    await visitor.sign_out()

    cookies = [line.split("=", 1)[1].split(";")[0] for line in signed_in.set_cookies]
    for secret in [*secrets, *cookies, form.csrf_token, "wrong horse"]:
        assert secret
        assert secret not in caplog.text


def test_lines_go_to_standard_output_and_nothing_else_does(database_url: str) -> None:
    program = """
import asyncio
from quart_popovers import create_app

async def ask() -> None:
    app = create_app()
    async with app.test_app():
        await app.test_client().get("/healthz")
        await app.test_client().get("/login")

asyncio.run(ask())
"""
    settings = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": database_url}

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [LINE.search(line) for line in done.stdout.splitlines()]
    assert [line and (line[3], line[4]) for line in lines] == [
        ("/healthz", "200"),
        ("/login", "200"),
    ]
    assert done.stderr == ""
