"""Static files under an address that holds their fingerprint, so browsers keep them for good."""

from hashlib import sha256
from pathlib import Path

from quart import Quart, Response
from quart.typing import ResponseReturnValue

FOLDER = Path(__file__).parent.parent / "static"
ONE_YEAR_S = 365 * 24 * 3600


def fingerprint(folder: Path) -> str:
    """A short hash of all files; one for all, so that modules may import one another by name."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


STATIC_URL_PATH = f"/static/{fingerprint(FOLDER)}"


def serve_static_files(app: Quart) -> None:
    """Keep the current address for a year; answer another version's with ours, unkept.

    The second happens while a new release is rolled out: a page from one worker asks another.
    """
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = ONE_YEAR_S

    @app.get("/static/<_version>/<path:filename>")
    async def static_of_another_version(_version: str, filename: str) -> ResponseReturnValue:
        response: Response = await app.send_static_file(filename)
        response.headers["Cache-Control"] = "no-cache"
        return response
