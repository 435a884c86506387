"""Static files at addresses with their fingerprint, which browsers may cache for a year."""

import gzip
from functools import cache
from hashlib import sha256
from pathlib import Path

from quart import Quart, Response, request, send_from_directory
from quart.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

FOLDER = Path(__file__).parent.parent / "static"
ONE_DAY_S = 24 * 3600
ONE_YEAR_S = 365 * ONE_DAY_S


def fingerprint(folder: Path) -> str:
    """A short hash of all files together, so that modules can import one another by name."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


STATIC_URL_PATH = f"/static/{fingerprint(FOLDER)}"
NAMES = frozenset(it.relative_to(FOLDER).as_posix() for it in FOLDER.rglob("*") if it.is_file())


@cache
def compressed_files() -> dict[str, bytes]:
    """The files that gzip makes smaller, by name.

    They are compressed once a process, in a few milliseconds, so that nothing has to be built
    before a release and nothing can be out of date.
    """
    files = {name: (FOLDER / name).read_bytes() for name in NAMES}
    compressed = {name: gzip.compress(content, mtime=0) for name, content in files.items()}
    return {name: it for name, it in compressed.items() if len(it) < len(files[name])}


def serve_static_files(app: Quart) -> None:
    """Let browsers cache the current address; answer those of other versions uncached.

    During a deploy, a page from one worker asks another worker for its files.
    """

    @app.get(f"{STATIC_URL_PATH}/<path:filename>")
    async def static(filename: str) -> ResponseReturnValue:
        return await _send(filename, ONE_YEAR_S)

    @app.get("/static/<_version>/<path:filename>")
    async def static_of_another_version(_version: str, filename: str) -> ResponseReturnValue:
        response = await _send(filename, 0)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @app.get("/favicon.ico")
    async def favicon() -> ResponseReturnValue:
        return await send_from_directory(FOLDER, "favicon.ico", cache_timeout=ONE_DAY_S)

    @app.get("/robots.txt")
    async def robots() -> ResponseReturnValue:
        return await send_from_directory(FOLDER, "robots.txt", cache_timeout=ONE_DAY_S)


async def _send(filename: str, max_age_s: int) -> Response:
    # One spelling a file: the folder would also answer `./site.css` and `x/../site.css`.
    if filename not in NAMES:
        raise NotFound()
    response = await send_from_directory(FOLDER, filename, cache_timeout=max_age_s)
    content = compressed_files().get(filename)
    if content:
        response.vary.add("Accept-Encoding")
    if content and request.accept_encodings["gzip"] and response.status_code == 200:
        response.set_data(content)
        response.content_encoding = "gzip"
        response.set_etag(f"{response.get_etag()[0]}-gzip")
        await response.make_conditional(request)
    return response
