"""Row 7, and axe: what assistive technology announces, and what it does not."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from .playground import Playground, link

ONE = f"<main><h1>Playground</h1>{link('alice')} says hello</main>"


async def violations(playground: Playground) -> list[dict[str, Any]]:
    await playground.page.clock.resume()  # axe waits for timers of its own
    results = await Axe().run(playground.page)
    found: list[dict[str, Any]] = results.response["violations"]
    return found


async def test_the_link_keeps_its_name_and_role(playground: Playground) -> None:
    await playground.open(ONE)

    await playground.hover("alice")

    snapshot = await playground.page.locator("main").aria_snapshot()
    assert '- link "alice":' in snapshot


async def test_the_card_is_a_labelled_dialog_that_is_not_modal(playground: Playground) -> None:
    await playground.open(ONE)

    await playground.hover("alice")

    dialog = playground.page.get_by_role("dialog", name="Profile preview: alice")
    await expect(dialog).to_be_visible()
    await expect(dialog).not_to_have_attribute("aria-modal", "true")
    await expect(playground.page.get_by_role("heading", name="Playground")).to_be_visible()


async def test_the_card_is_tied_to_its_link_while_it_is_open(playground: Playground) -> None:
    await playground.open(ONE)
    await playground.hover("alice")
    await expect(playground.link("alice")).to_have_attribute("aria-details", "hover-card")

    await playground.page.keyboard.press("Escape")

    assert await playground.link("alice").get_attribute("aria-details") is None


async def test_its_arrival_is_not_shouted(playground: Playground) -> None:
    await playground.open(ONE)

    await playground.hover("alice")

    shouting = "[aria-live], [role=alert], [role=log], [role=status]:not(:empty)"
    await expect(playground.page.locator(shouting)).to_have_count(0)


async def test_the_link_does_not_claim_to_expand(playground: Playground) -> None:
    """The decision and its source are in docs/hovercard.md."""
    await playground.open(ONE)
    await playground.hover("alice")

    for attribute in ("aria-expanded", "aria-haspopup", "aria-controls", "title"):
        assert await playground.link("alice").get_attribute(attribute) is None


async def test_axe_finds_nothing_with_the_card_open(playground: Playground) -> None:
    await playground.open(ONE)
    await playground.hover("alice")

    assert await violations(playground) == []


async def test_axe_finds_nothing_in_dark_colours(playground: Playground) -> None:
    await playground.page.emulate_media(color_scheme="dark")
    await playground.open(ONE, attributes='class="system-colours"')
    await playground.hover("alice")

    assert await violations(playground) == []


@pytest.mark.parametrize("passed_ms", [400, 5200])
async def test_axe_finds_nothing_while_it_loads_nor_when_it_failed(
    playground: Playground, passed_ms: int
) -> None:
    await playground.open(ONE)
    playground.gate.clear()
    await playground.move_to("alice")
    await playground.run(passed_ms)
    await expect(playground.card).to_be_visible()

    assert await violations(playground) == []
