"""Row 8: touch and pens."""

from collections.abc import Mapping

import pytest
from playwright.async_api import Browser, expect

from .playground import Playground, link

BODY = f"<main>{link('alice')} says hello</main>"


@pytest.fixture(scope="session")
def chromium(desktop_chromium: Browser) -> Browser:
    """The browser that people have, whose gestures are the system's."""
    return desktop_chromium


async def touch(playground: Playground, kind: str, *points: Mapping[str, float]) -> None:
    cdp = await playground.devtools()
    event = {"type": kind, "touchPoints": [dict(point) for point in points]}
    await cdp.send("Input.dispatchTouchEvent", event)


async def middle_of(playground: Playground, name: str) -> dict[str, float]:
    box = await playground.link(name).bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


async def press_long(playground: Playground, name: str) -> None:
    await touch(playground, "touchStart", await middle_of(playground, name))
    await playground.run(100)
    await playground.answered(await playground.page.evaluate("window.calls"))
    await playground.run(400)


@pytest.fixture
async def by_touch(playground: Playground) -> Playground:
    cdp = await playground.devtools()
    await cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    await playground.open(BODY)
    return playground


async def test_a_tap_follows_the_link_at_once(by_touch: Playground) -> None:
    await touch(by_touch, "touchStart", await middle_of(by_touch, "alice"))
    await by_touch.run(60)
    await touch(by_touch, "touchEnd")

    await by_touch.page.wait_for_url("**/user/alice")
    assert by_touch.asked == []


async def test_a_long_press_of_500_ms_opens_the_card(by_touch: Playground) -> None:
    await touch(by_touch, "touchStart", await middle_of(by_touch, "alice"))
    await by_touch.run(100)
    await by_touch.answered(1)
    await by_touch.run(399)
    await by_touch.is_in_state("waiting")
    await by_touch.run(1)

    await by_touch.is_open("alice")


async def test_lifting_the_finger_neither_follows_the_link_nor_closes_the_card(
    by_touch: Playground,
) -> None:
    await press_long(by_touch, "alice")

    await touch(by_touch, "touchEnd")
    await by_touch.run(5000)

    await by_touch.is_open("alice")
    assert by_touch.page.url.endswith("/playground")


async def test_a_tap_elsewhere_closes_it(by_touch: Playground) -> None:
    await press_long(by_touch, "alice")
    await touch(by_touch, "touchEnd")

    await touch(by_touch, "touchStart", {"x": 20, "y": 500})

    await by_touch.is_closed()
    await touch(by_touch, "touchEnd")


async def test_a_tap_on_the_link_of_an_open_card_follows_it(by_touch: Playground) -> None:
    await press_long(by_touch, "alice")
    await touch(by_touch, "touchEnd")

    await touch(by_touch, "touchStart", await middle_of(by_touch, "alice"))
    await touch(by_touch, "touchEnd")

    await by_touch.page.wait_for_url("**/user/alice")


async def test_a_tap_inside_the_card_acts_there(by_touch: Playground) -> None:
    await press_long(by_touch, "alice")
    await touch(by_touch, "touchEnd")
    box = await by_touch.card.locator(".card-name").bounding_box()
    assert box is not None

    await touch(by_touch, "touchStart", {"x": box["x"] + 5, "y": box["y"] + 5})
    await touch(by_touch, "touchEnd")

    await by_touch.page.wait_for_url("**/user/alice")


async def test_a_finger_that_drags_opens_nothing(by_touch: Playground) -> None:
    start = await middle_of(by_touch, "alice")

    await touch(by_touch, "touchStart", start)
    await touch(by_touch, "touchMove", {"x": start["x"], "y": start["y"] + 40})
    await by_touch.run(1000)

    await by_touch.is_closed()


async def test_the_menu_of_a_long_press_gives_way_to_the_card(by_touch: Playground) -> None:
    await touch(by_touch, "touchStart", await middle_of(by_touch, "alice"))
    await by_touch.run(450)

    is_left_to_the_system = await by_touch.page.evaluate(
        """document.querySelector("a").dispatchEvent(
          new PointerEvent("contextmenu", { bubbles: true, cancelable: true }))"""
    )

    assert not is_left_to_the_system
    await expect(by_touch.card).to_be_visible()


async def test_a_mouse_keeps_its_menu(playground: Playground) -> None:
    await playground.open(BODY)
    await playground.hover("alice")

    is_left_to_the_system = await playground.page.evaluate(
        """document.querySelector("a").dispatchEvent(
          new PointerEvent("contextmenu", { bubbles: true, cancelable: true }))"""
    )

    assert is_left_to_the_system


async def test_a_pen_that_hovers_counts_as_a_pointer(playground: Playground) -> None:
    await playground.open(BODY)
    cdp = await playground.devtools()
    place = await middle_of(playground, "alice")

    for step in range(2):
        event = {"type": "mouseMoved", "pointerType": "pen", "x": place["x"] + step}
        await cdp.send("Input.dispatchMouseEvent", event | {"y": place["y"]})
    await playground.rest()

    await playground.is_open("alice")
