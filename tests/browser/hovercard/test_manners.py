"""Row 9: what keeps the card open, what closes it, and what prevents it."""

import pytest
from playwright.async_api import expect

from .playground import Playground, link

TEXT = f"<main>{link('alice')} says <span id=words>hello to everybody</span></main>"
HIDE = """
Object.defineProperty(document, "hidden", { value: true, configurable: true });
document.dispatchEvent(new Event("visibilitychange"));
"""


async def test_a_press_cancels_and_suppresses_it_until_the_pointer_has_left(
    playground: Playground,
) -> None:
    await playground.open(TEXT)
    await playground.page.evaluate(
        "void (document.querySelector('a').onclick = (event) => event.preventDefault())"
    )
    await playground.move_to("alice")
    await playground.run(300)

    await playground.page.mouse.down()
    await playground.page.mouse.up()
    await playground.move_to("alice", dx=3)
    await playground.run(2000)
    await playground.is_closed()
    await playground.move_away()

    await playground.hover("alice")


async def test_a_press_closes_an_open_card(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")

    await playground.page.mouse.down()

    await playground.is_closed()


async def test_a_press_elsewhere_closes_it_too(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    await playground.move_away()

    await playground.page.mouse.down()

    await playground.is_closed()


async def test_a_press_inside_the_card_leaves_it_open(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    await playground.move_to(playground.card.locator(".card-about"))

    await playground.page.mouse.down()
    await playground.page.mouse.up()
    await playground.run(1000)

    await playground.is_open("alice")


async def test_after_a_press_inside_it_closes_like_any_other(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    await playground.move_to(playground.card.locator(".card-about"))
    await playground.page.mouse.down()
    await playground.page.mouse.up()

    await playground.move_away()
    await playground.run(250)

    await playground.is_closed()


async def test_a_selection_inside_holds_it_open(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    box = await playground.card.locator(".card-about bdi").bounding_box()
    assert box is not None

    mouse = playground.page.mouse
    await mouse.move(box["x"] + 1, box["y"] + 8)
    await mouse.down()
    await mouse.move(box["x"] + 60, box["y"] + 8)
    await playground.move_away()
    await playground.run(1000)
    await playground.is_open("alice")
    await mouse.up()
    await playground.run(5000)

    await playground.is_open("alice")
    assert await playground.page.evaluate("String(getSelection())") != ""


async def test_a_context_menu_inside_holds_it_open(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    await playground.move_to(playground.card.locator(".card-name"))

    await playground.page.evaluate(
        """() => {
          const name = document.querySelector("#hover-card .card-name");
          name.dispatchEvent(new PointerEvent("contextmenu", { bubbles: true }));
          document.documentElement.dispatchEvent(new PointerEvent("pointerleave"));
        }"""
    )
    await playground.run(5000)
    await playground.is_open("alice")
    await playground.move_away()
    await playground.run(250)

    await playground.is_closed()


async def test_focus_inside_holds_it_open(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")
    await playground.page.evaluate("document.querySelector('#hover-card .card-name').focus()")

    await playground.move_away()
    await playground.run(5000)

    await playground.is_open("alice")


async def test_a_mouse_button_that_is_down_opens_nothing(playground: Playground) -> None:
    """As while selecting text across a name."""
    await playground.open(TEXT)
    await playground.move_to(playground.page.locator("#words"))

    await playground.page.mouse.down()
    await playground.move_to("alice")
    await playground.run(2000)

    await playground.is_closed()
    await playground.page.mouse.up()


async def test_a_tab_that_gets_hidden_closes_it(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")

    await playground.page.evaluate(HIDE)

    await playground.is_closed()


async def test_a_hidden_tab_opens_nothing(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.page.evaluate(HIDE)

    await playground.move_to("alice")
    await playground.run(1000)

    await playground.is_closed()


@pytest.mark.parametrize("waited_ms", [300, 1000])
async def test_a_modal_that_opens_closes_it(playground: Playground, waited_ms: int) -> None:
    await playground.open(f"{TEXT}<dialog><button>OK</button></dialog>")
    await playground.move_to("alice")
    await playground.run(waited_ms)

    await playground.page.evaluate("document.querySelector('dialog').showModal()")
    await playground.run(1000)

    await playground.is_closed()


@pytest.mark.parametrize(
    "event",
    [
        "new PageTransitionEvent('pagehide', { persisted: true })",
        "new PopStateEvent('popstate')",
        "new Event('beforeprint')",
    ],
)
async def test_leaving_going_back_and_printing_close_it(playground: Playground, event: str) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")

    await playground.page.evaluate(f"void dispatchEvent({event})")

    await playground.is_closed()


async def test_a_page_shown_from_the_back_forward_cache_has_no_card(
    playground: Playground,
) -> None:
    await playground.open(TEXT)
    await playground.move_to("alice")
    await playground.run(300)

    await playground.page.evaluate(
        """for (const type of ["pagehide", "pageshow"]) {
          dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
        }"""
    )
    await playground.run(1000)

    await playground.is_closed()


async def test_in_print_there_is_no_card(playground: Playground) -> None:
    await playground.open(TEXT)
    await playground.hover("alice")

    await playground.page.emulate_media(media="print")

    await expect(playground.card).to_be_hidden()


async def test_reduced_motion_means_no_animation(playground: Playground) -> None:
    await playground.page.emulate_media(reduced_motion="reduce")
    await playground.open(TEXT)
    playground.gate.clear()

    await playground.move_to("alice")
    await playground.run(400)
    await playground.is_in_state("loading")

    assert await playground.page.evaluate("document.getAnimations().length") == 0


async def test_with_motion_a_first_card_fades_in(playground: Playground) -> None:
    await playground.open(TEXT)
    playground.gate.clear()

    await playground.move_to("alice")
    await playground.run(400)
    await playground.is_in_state("loading")

    assert await playground.page.evaluate("document.getAnimations().length") > 0


async def test_forced_colours_keep_the_edge_of_the_card(playground: Playground) -> None:
    await playground.page.emulate_media(forced_colors="active")
    await playground.open(TEXT)
    await playground.hover("alice")

    edge, ground = await playground.page.evaluate(
        """() => {
          const { borderTopColor, borderTopWidth, backgroundColor } =
            getComputedStyle(document.querySelector("#hover-card"));
          return [borderTopWidth + borderTopColor, borderTopWidth + backgroundColor];
        }"""
    )
    assert edge != ground
    assert edge.startswith("1px")


async def test_dark_mode_has_a_dark_card(playground: Playground) -> None:
    await playground.page.emulate_media(color_scheme="dark")
    await playground.open(TEXT, attributes='class="system-colours"')
    await playground.hover("alice")

    ground = await playground.page.evaluate(
        "getComputedStyle(document.querySelector('#hover-card')).backgroundColor"
    )
    assert ground != "rgb(255, 255, 255)"


async def test_at_200_percent_text_nothing_is_cut_off(playground: Playground) -> None:
    await playground.page.set_viewport_size({"width": 320, "height": 640})
    await playground.open(f"<p>{link('alice')}</p>", attributes='class="large-text"')
    await playground.hover("alice")

    sizes = await playground.page.evaluate(
        """() => {
          const card = document.querySelector("#hover-card");
          const { right, bottom } = card.getBoundingClientRect();
          return [card.scrollWidth - card.clientWidth, card.scrollHeight - card.clientHeight,
            Math.max(0, right + 8 - innerWidth), Math.max(0, bottom + 8 - innerHeight)];
        }"""
    )
    assert sizes == [0, 0, 0, 0]


async def test_with_save_data_nothing_is_asked_for_early(playground: Playground) -> None:
    await playground.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    await playground.open(TEXT)

    await playground.move_to("alice")
    await playground.run(399)
    assert await playground.page.evaluate("window.calls") == 0
    await playground.run(1)
    await playground.answered(1)
    await playground.run(200)

    await playground.is_open("alice")
