"""Row 6: WCAG 2.2 on content shown on hover or focus, by criterion.

1.4.13 dismissible and 2.4.3 are in test_keyboard.py, beside what Escape and Tab do.
"""

from playwright.async_api import expect

from .playground import Playground, link

BEFORE = "<button>before</button> "
THREE = f"{BEFORE}<main>{link('alice')} {link('bo')} {link('chidi')}</main>"


async def test_enter_follows_the_link_as_ever(playground: Playground) -> None:
    """2.1.1: the card takes nothing away from the keyboard."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Enter")

    await playground.page.wait_for_url("**/user/alice")


async def test_enter_in_the_card_follows_the_link_there(playground: Playground) -> None:
    """2.1.1: what a pointer can do in the card, the keyboard can."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Tab")
    await playground.page.keyboard.press("Enter")

    await playground.page.wait_for_url("**/user/alice")


async def test_it_stays_while_pointer_or_focus_is_there(playground: Playground) -> None:
    """1.4.13, hoverable and persistent."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.move_to(playground.card)
    await playground.run(60_000)
    await playground.move_away()
    await playground.run(60_000)

    await playground.is_open("alice")


async def test_focus_is_visible_on_the_link_and_in_the_card(playground: Playground) -> None:
    """2.4.7."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")
    outline = "getComputedStyle(document.activeElement).outlineStyle"

    assert await playground.page.evaluate(outline) != "none"
    await playground.page.keyboard.press("Tab")

    await expect(playground.card.locator(".card-name")).to_be_focused()
    assert await playground.page.evaluate(outline) != "none"


async def test_the_card_never_covers_what_has_focus(playground: Playground) -> None:
    """2.4.11: neither its own link nor the next one that focus comes to."""
    names = [link(f"person-{number}") + "<br>" for number in range(6)]
    await playground.open(f"{BEFORE}<main>{''.join(names)}</main>")
    is_covered = """() => {
      const { left, top } = document.activeElement.getBoundingClientRect();
      return !document.activeElement.contains(document.elementFromPoint(left + 2, top + 8));
    }"""

    for number in range(6):
        await playground.tab_to(f"person-{number}")
        assert not await playground.page.evaluate(is_covered)
        await playground.rest()
        assert not await playground.page.evaluate(is_covered)


async def test_a_status_message_reaches_assistive_technology_without_focus(
    playground: Playground,
) -> None:
    """4.1.3: the region is there before the words, or nothing is announced."""
    await playground.open(THREE)
    playground.gate.clear()
    await playground.tab_to("alice")
    await playground.run(400)
    await playground.is_in_state("loading")
    status = playground.card.get_by_role("status")
    await expect(status).to_be_attached()
    await expect(status).to_be_empty()

    await playground.run(4700)

    await expect(status).to_contain_text("This is taking too long.")
    await expect(playground.link("alice")).to_be_focused()


async def test_trying_again_from_the_keyboard_keeps_focus_in_the_card(
    playground: Playground,
) -> None:
    await playground.open(THREE)
    playground.gate.clear()
    await playground.tab_to("alice")
    await playground.run(5100)
    await playground.is_in_state("error")
    await playground.page.keyboard.press("Tab")
    await expect(playground.card.get_by_role("button")).to_be_focused()

    playground.gate.set()
    await playground.page.keyboard.press("Enter")
    await playground.answered(2)
    await playground.run(200)

    await playground.is_open("alice")
    await expect(playground.card).to_be_focused()
    await playground.page.keyboard.press("Tab")
    await expect(playground.card.locator(".card-name")).to_be_focused()
