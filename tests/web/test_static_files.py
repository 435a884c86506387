"""Files with a fingerprint in their address."""

import gzip
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from quart import Quart

from quart_popovers.web.static_files import STATIC_URL_PATH, fingerprint
from tests.visitor import SignIn, Visitor


async def test_the_current_address_is_kept_for_a_year(visitor: Visitor) -> None:
    page = await visitor.get(f"{STATIC_URL_PATH}/site.css")

    assert page.status == 200
    assert "max-age=31536000" in page.headers["cache-control"]
    assert page.set_cookies == ()


async def test_the_address_of_another_version_is_answered_and_not_kept(visitor: Visitor) -> None:
    current = await visitor.get(f"{STATIC_URL_PATH}/site.css")

    page = await visitor.get("/static/0123456789ab/site.css")

    assert (page.status, page.text) == (200, current.text)
    assert page.headers["cache-control"] == "no-cache"
    assert parsedate_to_datetime(page.headers["expires"]) <= datetime.now(UTC)


@pytest.mark.parametrize("version", [STATIC_URL_PATH, "/static/0123456789ab"])
async def test_text_is_compressed_for_browsers_that_take_it(app: Quart, version: str) -> None:
    plain = await app.test_client().get(f"{version}/site.css")
    accepting = {"Accept-Encoding": "br, gzip"}

    answer = await app.test_client().get(f"{version}/site.css", headers=accepting)

    content = await answer.get_data(as_text=False)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(content))
    assert gzip.decompress(content) == await plain.get_data(as_text=False)
    assert answer.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers
    for it in (answer, plain):
        assert it.headers["vary"] == "Accept-Encoding"
        assert it.headers["content-type"] == "text/css; charset=utf-8"


async def test_a_compressed_file_that_has_not_changed_is_a_304(app: Quart) -> None:
    accepting = {"Accept-Encoding": "gzip"}
    first = await app.test_client().get("/static/0123456789ab/site.css", headers=accepting)
    known = accepting | {"If-None-Match": first.headers["etag"]}

    again = await app.test_client().get("/static/0123456789ab/site.css", headers=known)

    assert again.status_code == 304
    assert await again.get_data(as_text=False) == b""


async def test_a_part_of_a_file_is_not_compressed(app: Quart) -> None:
    headers = {"Accept-Encoding": "gzip", "Range": "bytes=0-9"}

    answer = await app.test_client().get(f"{STATIC_URL_PATH}/site.css", headers=headers)

    assert answer.status_code == 206
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        f"{STATIC_URL_PATH}/no-such-file.css",
        "/static/0123456789ab/no-such-file.css",
        "/static/site.css",
        f"{STATIC_URL_PATH}/../settings.py",
        f"{STATIC_URL_PATH}/%2e%2e/settings.py",
        "/static/0123456789ab/..%2fsettings.py",
    ],
)
async def test_what_is_not_there_or_outside_is_a_404(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    assert page.status == 404


@pytest.mark.parametrize("version", [STATIC_URL_PATH, "/static/0123456789ab"])
@pytest.mark.parametrize(
    "spelling", ["./site.css", "././site.css", "x/../site.css", "site.css/", "site.css/."]
)
async def test_a_file_has_one_spelling(visitor: Visitor, version: str, spelling: str) -> None:
    page = await visitor.get(f"{version}/{spelling}")

    assert page.status == 404


async def test_every_file_that_a_page_names_is_there(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    pages = [await ada.get(path) for path in ("/", "/user/ada", "/edit-profile")]
    named = {
        it for page in pages for it in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    }

    answers = {path: (await ada.get(path)).status for path in named}

    assert answers
    assert set(answers.values()) == {200}
    assert all(path.startswith(STATIC_URL_PATH) for path in answers)


def test_any_change_of_any_file_is_another_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    seen = [fingerprint(tmp_path)]

    (tmp_path / "a.css").write_text("b")
    seen.append(fingerprint(tmp_path))
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    seen.append(fingerprint(tmp_path))

    assert len(set(seen)) == 3


@pytest.mark.parametrize(
    ("path", "kind", "begin"),
    [
        ("/favicon.ico", "image/", b"\0\0\1\0\1\0"),
        ("/robots.txt", "text/plain", b"User-agent: *\nDisallow:\n"),
    ],
)
async def test_what_programs_ask_for_unasked_is_there(
    app: Quart, path: str, kind: str, begin: bytes
) -> None:
    answer = await app.test_client().get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert (await answer.get_data(as_text=False)).startswith(begin)
    assert answer.headers["cache-control"] == "public, max-age=86400"
