"""Row 1: a card opens only for a pointer that rests."""

import pytest

from .playground import Playground, link

NAMES = ["ada", "bo", "chidi", "dora", "emeka", "fatima", "grace", "hiro", "ines", "jo"]


async def test_a_card_opens_after_the_pointer_has_rested_400_ms(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")

    await playground.move_to("alice")
    await playground.run(100)
    await playground.answered(1)
    await playground.run(299)
    await playground.is_in_state("waiting")
    await playground.run(1)

    await playground.is_open("alice")


async def test_the_request_starts_after_100_ms_of_rest(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")

    await playground.move_to("alice")
    await playground.run(99)
    assert playground.asked == []
    await playground.run(1)
    await playground.answered(1)

    assert playground.asked == ["alice"]
    await playground.is_in_state("waiting")


async def test_with_250_ms_of_network_it_opens_at_400_ms_and_never_shows_loading(
    playground: Playground,
) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    playground.gate.clear()

    await playground.move_to("alice")
    await playground.run(100 + 250)
    playground.gate.set()
    await playground.answered(1)
    await playground.run(49)
    await playground.is_in_state("waiting")
    await playground.run(1)

    await playground.is_open("alice")
    assert await playground.states() == ["closed", "waiting", "open"]


@pytest.mark.parametrize(("dx", "dy"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
async def test_movement_in_any_direction_arms(playground: Playground, dx: int, dy: int) -> None:
    await playground.open(f"<main class=far>{link('alice')}</main>")
    await scroll_link_under_pointer(playground)
    await playground.run(100)

    await playground.page.mouse.move(215 + dx, 212 + dy)
    await playground.rest()

    await playground.is_open("alice")


async def test_content_that_scrolls_under_a_resting_pointer_opens_nothing(
    playground: Playground,
) -> None:
    await playground.open(f"<main class=far>{link('alice')}</main>")

    await scroll_link_under_pointer(playground)
    await playground.run(2000)

    await playground.is_closed()
    assert playground.asked == []


async def test_movement_within_100_ms_of_scrolling_does_not_count(playground: Playground) -> None:
    await playground.open(f"<main class=far>{link('alice')}</main>")

    await scroll_link_under_pointer(playground)
    await playground.run(99)
    await playground.page.mouse.move(216, 212)
    await playground.run(1000)
    await playground.is_closed()
    await playground.page.mouse.move(217, 212)
    await playground.rest()

    await playground.is_open("alice")


async def test_scrolling_while_waiting_starts_over(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")

    await playground.move_to("alice")
    await playground.run(300)
    await scroll_by(playground, 2)
    await playground.run(1000)

    await playground.is_closed()


async def test_scrolling_somewhere_else_in_the_page_does_not_matter(
    playground: Playground,
) -> None:
    await playground.open(f"<main>{link('alice')}</main><div class=clipped id=feed></div>")

    await playground.page.evaluate("document.querySelector('#feed').scrollTop = 50")
    await playground.hover("alice")


async def test_moving_on_inside_the_link_waits_for_100_ms_of_rest(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice', 'a long name of alice')}</main>")

    await playground.move_to("alice")
    for step in range(8):
        await playground.run(60)
        await playground.move_to("alice", dx=3 + step)
    await playground.run(99)
    await playground.is_in_state("waiting")
    assert playground.asked == []
    await playground.run(1)

    await playground.answered(1)
    assert "loading" in await playground.states()
    await playground.run(200)
    await playground.is_open("alice")


async def test_a_sweep_over_ten_names_opens_nothing_and_asks_at_most_once(
    playground: Playground,
) -> None:
    await playground.open(f"<main>{' '.join(link(name) for name in NAMES)}</main>")

    for name in NAMES:
        await playground.move_to(name)
        await playground.run(80)
    await playground.move_away()
    await playground.run(2000)

    await playground.is_closed()
    assert len(playground.asked) <= 1
    assert set(await playground.states()) == {"closed", "waiting"}


async def scroll_by(playground: Playground, pixels: int) -> None:
    """Wheel without moving the pointer, and wait until the page has scrolled and said so."""
    page = playground.page
    listen = "void (window.scrolled = new Promise((done) => (window.onscroll = () => done())))"
    await page.evaluate(listen)
    await page.mouse.wheel(0, pixels)
    await page.evaluate("window.scrolled")


async def scroll_link_under_pointer(playground: Playground) -> None:
    """The pointer rests at (215, 212); the link arrives there by scrolling alone."""
    await playground.page.mouse.move(215, 212)
    await scroll_by(playground, 1500)
    under = "document.elementFromPoint(215, 212).closest('a')?.textContent"
    assert await playground.page.evaluate(under) == "alice"
