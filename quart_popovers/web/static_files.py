"""Static files at addresses with their fingerprint, which browsers may cache for a year."""

from hashlib import sha256
from pathlib import Path

from quart import Quart, send_from_directory
from quart.typing import ResponseReturnValue

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


def serve_static_files(app: Quart) -> None:
    """Let browsers cache the current address; answer those of other versions uncached.

    During a deploy, a page from one worker asks another worker for its files.
    """
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = ONE_YEAR_S

    @app.get("/static/<_version>/<path:filename>")
    async def static_of_another_version(_version: str, filename: str) -> ResponseReturnValue:
        response = await send_from_directory(FOLDER, filename, cache_timeout=0)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @app.get("/favicon.ico")
    async def favicon() -> ResponseReturnValue:
        return await send_from_directory(FOLDER, "favicon.ico", cache_timeout=ONE_DAY_S)

    @app.get("/robots.txt")
    async def robots() -> ResponseReturnValue:
        return await send_from_directory(FOLDER, "robots.txt", cache_timeout=ONE_DAY_S)
