"""Row 2: the card leaves the names around it free for the pointer."""

import pytest
from playwright.async_api import expect

from .playground import Playground, link

NAMES = [
    "jo",
    "bartholomew",
    "cy",
    "dorothea",
    "eve",
    "fitzgerald",
    "gus",
    "henrietta",
    "io",
    "jan",
]
COLUMN = f"<main class=column>{''.join(link(name) for name in NAMES)}</main>"
# Room for the card above the first name and below the last one.
TALL = 960


async def visit(playground: Playground, names: list[str]) -> None:
    """Walk from name to name in a straight line; each one's card opens while the pointer rests."""
    for name in names:
        await playground.walk_to(name)
        await expect(playground.page.locator("#hover-card:hover")).to_have_count(0)
        await playground.rest()
        await playground.is_open(name)


async def test_walking_down_and_up_a_column_opens_every_card(playground: Playground) -> None:
    await playground.page.set_viewport_size({"width": 800, "height": TALL})
    await playground.open(COLUMN)
    await playground.hover("jo")

    await visit(playground, NAMES[1:])
    await visit(playground, NAMES[-2::-1])

    assert sorted(playground.asked) == sorted(NAMES)


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1]], ids=["down", "up"])
async def test_without_room_beside_it_the_card_opens_behind_the_pointer(
    playground: Playground, names: list[str]
) -> None:
    await playground.page.set_viewport_size({"width": 400, "height": TALL})
    await playground.open(COLUMN)
    away = 20 if names == NAMES else TALL - 20
    await playground.page.mouse.move(210, away)
    await playground.hover(names[0])

    await visit(playground, names[1:])


async def test_the_next_name_wins_within_the_warm_time(playground: Playground) -> None:
    await playground.page.set_viewport_size({"width": 800, "height": TALL})
    await playground.open(COLUMN)
    await playground.hover("jo")
    await playground.hover("bartholomew")

    await playground.move_to("jo")
    await playground.run(99)
    await playground.is_open("bartholomew")
    await playground.run(1)

    await playground.is_open("jo")


async def test_below_is_the_first_choice_where_nobody_is_covered(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')} and {link('bo')}</main>")

    await playground.hover("alice")

    card = await playground.card.bounding_box()
    anchor = await playground.link("alice").bounding_box()
    assert card is not None
    assert anchor is not None
    assert card["y"] == pytest.approx(anchor["y"] + anchor["height"] + 8, abs=1)
