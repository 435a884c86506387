"""Fetched pictures as files."""

import os
import time
from pathlib import Path

import pytest

from quart_popovers.avatars import store as storing
from quart_popovers.avatars.store import PictureStore, choose_folder, image_type
from quart_popovers.settings import DatabaseSettings
from tests.avatars.gravatar_server import PNG

VERSION = "0123456789abcdef"


@pytest.fixture
def store(folder: Path) -> PictureStore:
    return PictureStore(folder)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_written_is_read_with_its_type(store: PictureStore) -> None:
    store.write(1, VERSION, PNG)

    stored = store.read(1, VERSION)

    assert stored
    assert (stored.content, stored.media_type) == (PNG, "image/png")


def test_an_absent_picture_is_remembered(store: PictureStore) -> None:
    store.write(1, VERSION, b"")

    stored = store.read(1, VERSION)

    assert stored
    assert (stored.content, stored.media_type) == (b"", None)


def test_nothing_is_read_for_another_person_or_version(store: PictureStore) -> None:
    store.write(1, VERSION, PNG)

    assert store.read(11, VERSION) is None
    assert store.read(1, VERSION[::-1]) is None


def test_a_file_that_is_no_image_is_not_served(store: PictureStore, folder: Path) -> None:
    store.write(1, VERSION, PNG)
    (folder / f"1-{VERSION}").write_text("<script>alert(1)</script>")

    assert store.read(1, VERSION) is None


def test_a_failed_write_leaves_nothing_behind(store: PictureStore, folder: Path) -> None:
    (folder / f"1-{VERSION}").mkdir(parents=True)

    with pytest.raises(OSError):  # noqa: PT011 (differs from system to system)
        store.write(1, VERSION, PNG)

    assert names(folder) == {f"1-{VERSION}"}


def test_removing_a_person_keeps_the_others(store: PictureStore, folder: Path) -> None:
    for user_id in (1, 11, 2):
        store.write(user_id, VERSION, PNG)
    store.write(1, VERSION[::-1], PNG)

    store.remove(1)

    assert names(folder) == {f"11-{VERSION}", f"2-{VERSION}"}


def test_before_the_first_picture_there_is_nothing_to_remove(store: PictureStore) -> None:
    store.remove(1)
    store.remove_old()

    assert store.read(1, VERSION) is None


@pytest.mark.parametrize(
    ("name", "most", "kept"),
    [
        ("KEPT_S", 2.5 * 3600, {2, 1}),
        ("MOST_FILES", 3, {3, 2, 1}),
        ("MOST_BYTES", 2 * len(PNG), {2, 1}),
    ],
)
def test_the_oldest_go_when_they_are_too_old_or_too_many(
    store: PictureStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    most: float,
    kept: set[int],
) -> None:
    monkeypatch.setattr(storing, name, most)
    for hours in (4, 3, 2, 1):
        store.write(hours, VERSION, PNG)
        os.utime(folder / f"{hours}-{VERSION}", (time.time() - hours * 3600,) * 2)

    store.remove_old()

    assert names(folder) == {f"{hours}-{VERSION}" for hours in kept}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_raster_images_are_told_by_their_first_bytes(
    content: bytes, media_type: str | None
) -> None:
    assert image_type(content) == media_type


def test_pictures_lie_beside_the_database_or_in_the_state_directory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sqlite = DatabaseSettings(_env_file=None, database_url="sqlite:////srv/site.db")
    postgresql = DatabaseSettings(_env_file=None, database_url="postgresql://host/site")

    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    without_systemd = [choose_folder(it) for it in (sqlite, postgresql)]
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/other")
    with_systemd = [choose_folder(it) for it in (sqlite, postgresql)]

    assert without_systemd == [Path("/srv/avatars"), Path("instance/avatars")]
    assert with_systemd == [Path("/srv/avatars"), Path("/var/lib/one/avatars")]
