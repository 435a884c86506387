"""Row 2: moving from the link to the card, and from name to name."""

import pytest
from playwright.async_api import expect

from .playground import Playground, link

TWO = f"<main>{link('alice')} and {link('bo')}</main>"
THREE = f"<main>{link('alice')} {link('bo')} {link('chidi')}</main>"


async def test_leaving_starts_a_grace_of_250_ms(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await playground.move_away()
    await playground.run(249)
    await playground.is_open("alice")
    await playground.run(1)

    await playground.is_closed()


@pytest.mark.parametrize("place", ["link", "card"])
async def test_coming_back_in_time_keeps_it_open(playground: Playground, place: str) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await playground.move_away()
    await playground.run(249)
    await playground.move_to(playground.card if place == "card" else "alice")
    await playground.run(5000)

    await playground.is_open("alice")
    assert (await playground.states()).count("open") == 1


async def test_leaving_the_card_starts_the_grace_too(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await playground.move_to(playground.card)
    await playground.run(1000)
    await playground.move_away()
    await playground.run(249)
    await playground.is_open("alice")
    await playground.run(1)

    await playground.is_closed()


async def test_a_diagonal_way_across_the_gap_reaches_the_card(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    start = await playground.link("alice").bounding_box()
    end = await playground.card.bounding_box()
    assert start is not None
    assert end is not None

    steps = 12
    for step in range(1, steps + 1):
        x = start["x"] + (end["x"] + end["width"] - 20 - start["x"]) * step / steps
        y = start["y"] + 10 + (end["y"] + end["height"] - 20 - start["y"]) * step / steps
        await playground.page.mouse.move(x, y)
        await playground.run(20)
    await playground.run(1000)

    await playground.is_open("alice")


async def test_once_open_the_next_name_opens_after_100_ms_without_animation(
    playground: Playground,
) -> None:
    await playground.open(TWO)
    await playground.hover("bo")
    await playground.hover("alice")
    await expect(playground.card).not_to_have_attribute("data-animated", "")

    await playground.move_to("bo")
    await playground.run(99)
    await playground.is_open("alice")
    await playground.run(1)

    await playground.is_open("bo")
    assert await playground.page.evaluate("document.getAnimations().length") == 0


async def test_a_first_card_comes_with_an_animation(playground: Playground) -> None:
    await playground.open(TWO)

    await playground.hover("alice")

    await expect(playground.card).to_have_attribute("data-animated", "")


async def test_for_400_ms_after_closing_the_next_name_opens_after_100_ms(
    playground: Playground,
) -> None:
    await playground.open(TWO)
    await playground.hover("bo")
    await playground.hover("alice")
    await playground.move_away()
    await playground.run(250)
    await playground.is_closed()

    await playground.run(399)
    await playground.move_to("bo")
    await playground.run(100)

    await playground.is_open("bo")
    await expect(playground.card).not_to_have_attribute("data-animated", "")


async def test_after_that_it_takes_400_ms_again(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("bo")
    await playground.move_away()
    await playground.run(250 + 400)

    await playground.move_to("bo")
    await playground.run(399)
    await playground.is_in_state("waiting")
    await playground.run(1)

    await playground.is_open("bo")


async def test_the_old_card_stays_until_the_new_one_is_ready(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    playground.gate.clear()

    await playground.move_to("bo")
    await playground.run(399)
    await playground.is_open("alice")
    playground.gate.set()

    await playground.is_open("bo")
    assert await playground.states() == ["closed", "waiting", "open"]


async def test_after_400_ms_a_skeleton_takes_the_old_cards_place(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    playground.gate.clear()

    await playground.move_to("bo")
    await playground.run(400)

    await playground.is_in_state("loading")
    await expect(playground.card).to_contain_text("bo")


async def test_turning_back_from_the_next_name_keeps_the_old_card(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await playground.move_to("bo")
    await playground.run(99)
    await playground.move_to("alice")
    await playground.run(5000)

    await playground.is_open("alice")
    assert playground.asked == ["alice"]


async def test_leaving_the_next_name_for_nowhere_closes_the_old_card(
    playground: Playground,
) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await playground.move_to("bo")
    await playground.run(99)
    await playground.move_away()
    await playground.run(250)

    await playground.is_closed()


async def test_there_are_never_two_cards(playground: Playground) -> None:
    await playground.open(THREE)

    for name in ("alice", "chidi", "alice"):
        await playground.hover(name)
        await expect(playground.page.locator(":popover-open")).to_have_count(1)
        await expect(playground.page.locator("#hover-card")).to_have_count(1)


@pytest.mark.parametrize("corner", ["top left", "top right", "bottom left", "bottom right"])
async def test_the_card_does_not_lie_under_the_pointer_nor_take_the_click(
    playground: Playground, corner: str
) -> None:
    await playground.open(f'<p class="corner {corner}">{link("alice")}</p>')
    await playground.hover("alice")

    under = await playground.page.evaluate(
        """() => {
          const box = document.querySelector("a").getBoundingClientRect();
          const points = [[box.left + 1, box.top + 1], [box.right - 1, box.bottom - 1]];
          return points.map(([x, y]) => document.elementFromPoint(x, y).textContent);
        }"""
    )
    assert under == ["alice", "alice"]
    await playground.page.mouse.down()
    await playground.page.mouse.up()

    await playground.page.wait_for_url("**/user/alice")
