"""Fetched pictures as files, shared by all workers of a machine."""

import os
import time
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import make_url

from ..settings import DatabaseSettings

# A picture is kept for a day, and fetched again in its second half when somebody looks at it.
KEPT_S = 24 * 3600
FRESH_S = KEPT_S / 2
LARGEST_BYTES = 128 * 1024
# All of them together; the oldest go first. A typical one has 10 KB, an absent one none.
MOST_FILES = 20_000
MOST_BYTES = 256 * 1024 * 1024


class Stored(NamedTuple):
    """A picture and its age. Without a media type: the person has none."""

    content: bytes
    media_type: str | None
    age_s: float


class PictureStore:
    """A folder with a file `<id>-<version>` for each picture. Its functions block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, user_id: int, version: str) -> Stored | None:
        """The picture; None when it is not here, too old, or no picture."""
        try:
            with (self._folder / f"{user_id}-{version}").open("rb") as file:
                age_s = time.time() - os.fstat(file.fileno()).st_mtime
                content = file.read(LARGEST_BYTES)
        except OSError:
            return None
        media_type = image_type(content)
        if age_s > KEPT_S or (content and media_type is None):
            return None
        return Stored(content, media_type, age_s)

    def write(self, user_id: int, version: str, content: bytes) -> None:
        """Store a picture in one step, so that no reader sees a part of it. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._folder / f".{token_hex(8)}"
        try:
            temporary.write_bytes(content)
            temporary.replace(self._folder / f"{user_id}-{version}")
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def remove(self, user_id: int) -> None:
        """Remove this person's pictures. One that cannot be removed is too old within a day."""
        for path in self._folder.glob(f"{user_id}-*"):
            with suppress(OSError):
                path.unlink()

    def remove_old(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        size = 0
        for place, (mtime, path, file_size) in enumerate(sorted(self._list(), reverse=True)):
            size += file_size
            if time.time() - mtime > KEPT_S or place >= MOST_FILES or size > MOST_BYTES:
                with suppress(OSError):
                    Path(path).unlink()

    def _list(self) -> list[tuple[float, str, int]]:
        files = []
        with suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # removed by another worker
                    status = entry.stat(follow_symlinks=False)
                    files.append((status.st_mtime, entry.path, status.st_size))
        return files


def choose_folder(settings: DatabaseSettings) -> Path:
    """Beside SQLite's file; with PostgreSQL in systemd's state directory, else in `instance/`.

    Source: systemd.exec(5), StateDirectory= and $STATE_DIRECTORY.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").parent / "avatars"
    return Path(os.environ.get("STATE_DIRECTORY", "instance").split(":")[0]) / "avatars"


def image_type(content: bytes) -> str | None:
    """The media type of a raster image by its first bytes; None for anything else.

    Source: WHATWG MIME Sniffing, 6.1. SVG is not among them: it is a document.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:14] == b"WEBPVP":
        return "image/webp"
    return None
