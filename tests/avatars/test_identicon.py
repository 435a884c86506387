"""The drawing itself."""

from xml.etree import ElementTree

from quart_popovers.avatars.identicon import GRID, draw_identicon


def cells(key: str) -> set[tuple[int, int]]:
    path = ElementTree.fromstring(draw_identicon(key))[1].attrib["d"]
    drawn = [cell.removesuffix("h1v1h-1z").split() for cell in path.split("M")[1:]]
    return {(int(column), int(row)) for column, row in drawn}


def test_it_is_mirrored_as_faces_are() -> None:
    drawn = cells("0123456789abcdef" * 2)

    assert drawn
    assert drawn == {(GRID - 1 - column, row) for column, row in drawn}


def test_another_key_is_another_picture_and_the_same_key_the_same() -> None:
    one, other = "0123456789abcdef" * 2, "fedcba9876543210" * 2

    assert draw_identicon(one) == draw_identicon(one)
    assert draw_identicon(one) != draw_identicon(other)


def test_every_key_draws_within_the_grid() -> None:
    assert cells("f" * 32) == {(column, row) for column in range(GRID) for row in range(GRID)}
    assert cells("0" * 32) == set()
