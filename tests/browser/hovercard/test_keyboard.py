"""Row 6: everything without a pointer."""

from playwright.async_api import expect

from .playground import Playground, link

BEFORE = "<button>before</button> "
THREE = f"{BEFORE}<main>{link('alice')} {link('bo')} {link('chidi')}</main>"


async def test_focus_opens_it_after_the_same_delay(playground: Playground) -> None:
    await playground.open(THREE)

    await playground.tab_to("alice")
    await playground.run(100)
    await playground.answered(1)
    await playground.run(299)
    await playground.is_in_state("waiting")
    await playground.run(1)

    await playground.is_open("alice")


async def test_focus_that_is_not_visible_opens_nothing(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.page.get_by_role("button").click()
    await playground.move_away()

    await playground.page.evaluate("document.querySelector('a').focus()")
    await playground.run(1000)

    assert await playground.focused() == "alice"
    await playground.is_closed()


async def test_tab_walks_into_the_card_and_on_to_the_next_link(playground: Playground) -> None:
    """2.4.3: focus order keeps meaning, though the card stands elsewhere in the page."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Tab")
    await expect(playground.card.locator(".card-name")).to_be_focused()
    await playground.run(1000)
    await playground.is_open("alice")
    await playground.page.keyboard.press("Tab")

    await expect(playground.link("bo")).to_be_focused()
    await playground.is_in_state("waiting")
    await expect(playground.card).to_be_hidden()


async def test_shift_tab_walks_back_from_the_card_to_its_link(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Tab")
    await playground.page.keyboard.press("Shift+Tab")
    await playground.run(1000)

    await expect(playground.link("alice")).to_be_focused()
    await playground.is_open("alice")


async def test_escape_closes_it_and_leaves_focus_on_the_link(playground: Playground) -> None:
    """1.4.13, dismissible: without moving pointer or focus."""
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Escape")

    await playground.is_closed()
    await expect(playground.link("alice")).to_be_focused()


async def test_escape_inside_the_card_gives_focus_back_to_the_link(
    playground: Playground,
) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")
    await playground.page.keyboard.press("Tab")

    await playground.page.keyboard.press("Escape")
    await playground.run(1000)

    await expect(playground.link("alice")).to_be_focused()
    await playground.is_closed()


async def test_after_escape_it_stays_closed_until_the_next_visit(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")
    await playground.page.keyboard.press("Escape")

    await playground.run(2000)
    await playground.is_closed()
    await playground.page.keyboard.press("Tab")
    await playground.page.keyboard.press("Shift+Tab")
    await playground.rest()

    await playground.is_open("alice")


async def test_escape_with_the_pointer_on_the_link_waits_for_the_next_visit_too(
    playground: Playground,
) -> None:
    """1.4.13, dismissible: for the pointer."""
    await playground.open(THREE)
    await playground.hover("alice")

    await playground.page.keyboard.press("Escape")
    await playground.move_to("alice", dx=2)
    await playground.run(2000)
    await playground.is_closed()
    await playground.move_away()

    await playground.hover("alice")


async def test_escape_closes_the_card_before_the_dialog_around_it(playground: Playground) -> None:
    await playground.open(f"<dialog>{link('alice')}</dialog>")
    await playground.page.evaluate("document.querySelector('dialog').showModal()")
    await playground.hover("alice")

    await playground.page.keyboard.press("Escape")
    await playground.is_closed()
    await expect(playground.page.locator("dialog")).to_be_visible()
    await playground.page.keyboard.press("Escape")

    await expect(playground.page.locator("dialog")).to_be_hidden()


async def test_alt_arrow_up_opens_it_at_once(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.tab_to("alice")

    await playground.page.keyboard.press("Alt+ArrowUp")
    await playground.is_in_state("loading")
    await playground.answered(1)
    await playground.run(200)

    await playground.is_open("alice")
    await expect(playground.link("alice")).to_be_focused()


async def test_alt_arrow_up_shows_a_kept_card_without_a_skeleton(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")
    await playground.page.keyboard.press("Escape")

    await playground.page.keyboard.press("Alt+ArrowUp")

    await playground.is_open("alice")
    assert "loading" not in await playground.states()


async def test_tabbing_quickly_through_names_opens_and_announces_nothing(
    playground: Playground,
) -> None:
    await playground.open(THREE)

    for _press in range(4):
        await playground.page.keyboard.press("Tab")
        await playground.run(90)

    assert set(await playground.states()) <= {"closed", "waiting"}
    assert playground.asked == []
    await expect(playground.page.locator("[aria-live], [role=status]:not(:empty)")).to_have_count(0)


async def test_tabbing_on_from_an_open_card_waits_the_full_delay(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.keyboard.press("Tab")
    await playground.page.keyboard.press("Tab")
    await playground.run(399)
    await playground.is_in_state("waiting")

    await expect(playground.link("bo")).to_be_focused()


async def test_coming_back_to_the_window_is_no_new_visit(playground: Playground) -> None:
    await playground.open(THREE)
    await playground.open_by_focus("alice")

    await playground.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          delete document.hidden;
          document.activeElement.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
        }"""
    )
    await playground.run(1000)

    await playground.is_closed()
