"""Rows 4 and 5: the size of the card, and changes of it."""

import pytest

from .playground import Answer, Playground, fragment, link
from .test_place import MARGIN, boxes, gap


async def test_a_card_that_grows_stays_whole_and_beside_its_link(playground: Playground) -> None:
    await playground.page.set_viewport_size({"width": 800, "height": 420})
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")
    card, anchor = await boxes(playground, "alice")
    assert card["y"] > anchor["y"]

    await playground.page.evaluate(
        "document.querySelector('#hover-card .card-about').style.blockSize = '120px'"
    )
    await playground.page.screenshot()

    grown, anchor = await boxes(playground, "alice")
    assert grown["height"] > card["height"] + 50
    assert grown["y"] >= MARGIN
    assert grown["y"] + grown["height"] <= 420 - MARGIN
    assert gap(grown, anchor) == pytest.approx(MARGIN, abs=1)


LONG_NAME = "bartholomew" * 6


@pytest.mark.parametrize("is_late", [False, True], ids=["card", "skeleton"])
async def test_a_long_name_is_one_line_with_an_ellipsis(
    playground: Playground, is_late: bool
) -> None:
    await playground.open(f"<main>{link(LONG_NAME, 'bo')} {link('chidi', LONG_NAME)}</main>")
    if is_late:
        playground.gate.clear()
    await playground.move_to("chidi" if is_late else LONG_NAME)
    await playground.rest()
    await playground.is_in_state("loading" if is_late else "open")

    name = playground.card.locator(".card-name")
    height = "name => name.offsetHeight / parseFloat(getComputedStyle(name).lineHeight)"
    assert await name.evaluate(height) == pytest.approx(1, abs=0.3)
    assert await name.evaluate("name => name.scrollWidth > name.clientWidth")
    assert await name.evaluate("name => getComputedStyle(name).textOverflow") == "ellipsis"


async def test_a_card_without_a_text_has_no_hole_in_it(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')} {link('bo')}</main>")
    silent = '<p class="card-about"><bdi>I am bo.</bdi></p>'
    playground.answers["bo"] = Answer(fragment("bo").replace(silent, ""))
    await playground.hover("alice")
    with_text = await playground.card.bounding_box()

    await playground.hover("bo")

    without_text = await playground.card.bounding_box()
    assert with_text is not None
    assert without_text is not None
    assert without_text["height"] < with_text["height"] < 190
