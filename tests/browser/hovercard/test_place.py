"""Row 5: where the card is placed, and how it follows its link."""

import pytest
from playwright.async_api import FloatRect, expect

from .playground import Playground, link

VIEWS = {"wide": (800, 600), "narrow": (320, 568), "flat": (1000, 240)}
PLACES = {
    place.replace(" ", "-"): place
    for place in (
        "top left",
        "top right",
        "bottom left",
        "bottom right",
        "top middle",
        "bottom middle",
        "centre",
    )
}
MARGIN = 8


async def boxes(playground: Playground, name: str) -> tuple[dict[str, float], dict[str, float]]:
    """Of the card and of the link."""
    card = await playground.card.bounding_box()
    anchor = await playground.link(name).bounding_box()
    assert card is not None
    assert anchor is not None
    return as_box(card), as_box(anchor)


def as_box(found: FloatRect) -> dict[str, float]:
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def gap(card: dict[str, float], anchor: dict[str, float]) -> float:
    """How far the card is from the link; negative where it covers it."""
    across = max(card["x"] - anchor["x"] - anchor["width"], anchor["x"] - card["x"] - card["width"])
    down = max(card["y"] - anchor["y"] - anchor["height"], anchor["y"] - card["y"] - card["height"])
    return max(across, down)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_the_card_is_whole_and_beside_its_link(
    playground: Playground, view: str, direction: str
) -> None:
    width, height = VIEWS[view]
    await playground.page.set_viewport_size({"width": width, "height": height})
    links = [
        f'<p class="corner {place}">{link(name, "name")}</p>' for name, place in PLACES.items()
    ]
    await playground.open("".join(links), attributes=f'dir="{direction}"')

    for name in PLACES:
        await playground.hover(name)
        card, anchor = await boxes(playground, name)
        assert card["x"] >= MARGIN, name
        assert card["y"] >= MARGIN, name
        assert card["x"] + card["width"] <= width - MARGIN, name
        assert card["y"] + card["height"] <= height - MARGIN, name
        assert gap(card, anchor) == pytest.approx(MARGIN, abs=1), name
        await playground.page.keyboard.press("Escape")


@pytest.mark.parametrize("line", [0, 1])
async def test_of_a_link_that_wraps_the_line_under_the_pointer_is_the_anchor(
    playground: Playground, line: int
) -> None:
    name = link("alice", "alice of the long name")
    await playground.open(f"<main><p class=narrow>So said {name}</p></main>")
    rects = await playground.page.evaluate(
        "[...document.querySelector('a').getClientRects()].map(({x, y, width, height}) => "
        "({x, y, width, height}))"
    )
    assert len(rects) > 1
    anchor = rects[line]

    x, y = anchor["x"] + anchor["width"] / 2, anchor["y"] + anchor["height"] / 2
    await playground.page.mouse.move(x - 2, y)
    await playground.page.mouse.move(x, y)
    await playground.rest()
    await playground.is_open("alice")

    card, _link = await boxes(playground, "alice")
    assert card["y"] == pytest.approx(anchor["y"] + anchor["height"] + MARGIN, abs=1)
    assert card["x"] == pytest.approx(anchor["x"], abs=1)


async def test_where_no_side_has_room_it_scrolls_instead_of_covering_its_link(
    playground: Playground,
) -> None:
    await playground.page.set_viewport_size({"width": 500, "height": 260})
    await playground.open(f'<p class="corner centre">{link("alice")}</p>')

    await playground.hover("alice")

    card, anchor = await boxes(playground, "alice")
    assert card["y"] >= MARGIN
    assert card["y"] + card["height"] <= 260 - MARGIN
    assert gap(card, anchor) == pytest.approx(MARGIN, abs=1)
    content = await playground.page.evaluate("document.querySelector('#hover-card').scrollHeight")
    assert content > card["height"]


async def test_nothing_cuts_the_card_off_or_covers_it(playground: Playground) -> None:
    cover = "<p class=cover>A header that sticks above everything</p>"
    await playground.open(f"{cover}<main><div class=clipped>{link('alice')}</div></main>")

    await playground.hover("alice")

    is_on_top = await playground.page.evaluate(
        """() => {
          const card = document.querySelector("#hover-card");
          const { left, top, right, bottom } = card.getBoundingClientRect();
          const points = [[left, top], [right, top], [left, bottom], [right, bottom]];
          const [x, y] = [(left + right) / 2, (top + bottom) / 2];
          return points.map(([cornerX, cornerY]) =>
            // 6 px in from the rounded corner.
            card.contains(document.elementFromPoint(
              cornerX + 6 * Math.sign(x - cornerX), cornerY + 6 * Math.sign(y - cornerY))));
        }"""
    )
    assert is_on_top == [True] * 4


async def test_it_follows_its_link_while_the_page_scrolls(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")
    card, anchor = await boxes(playground, "alice")

    await playground.page.evaluate("scrollTo(0, 60)")
    await expect_at(playground, "alice", anchor["y"] - 60)

    moved, _link = await boxes(playground, "alice")
    assert moved["y"] == pytest.approx(card["y"] - 60, abs=1)


async def test_it_follows_its_link_inside_a_box_that_scrolls(playground: Playground) -> None:
    await playground.open(f"<main><div class=clipped>{link('alice')}</div></main>")
    await playground.hover("alice")
    card, anchor = await boxes(playground, "alice")

    await playground.page.evaluate("document.querySelector('.clipped').scrollTop = 10")
    await expect_at(playground, "alice", anchor["y"] - 10)

    moved, _link = await boxes(playground, "alice")
    assert moved["y"] == pytest.approx(card["y"] - 10, abs=1)


async def test_it_follows_when_something_is_inserted_above_its_link(playground: Playground) -> None:
    await playground.open(f"<section>{link('alice')}</section>")
    await playground.page.evaluate("document.body.style.minBlockSize = 0")
    await playground.hover("alice")
    card, anchor = await boxes(playground, "alice")

    await playground.page.evaluate(
        "document.body.prepend(Object.assign(document.createElement('p'), {textContent: 'News'}))"
    )
    await playground.page.screenshot()

    moved, moved_link = await boxes(playground, "alice")
    assert moved_link["y"] > anchor["y"]
    assert moved["y"] - card["y"] == pytest.approx(moved_link["y"] - anchor["y"], abs=1)


async def expect_at(playground: Playground, name: str, y: float) -> None:
    """The scroll event comes with the next frame, and a picture asks for one."""
    await playground.page.screenshot()
    _card, anchor = await boxes(playground, name)
    assert anchor["y"] == pytest.approx(y, abs=1)


async def test_it_closes_when_its_link_leaves_the_view(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")

    await playground.page.evaluate("scrollTo(0, 600)")

    await playground.is_closed()


async def test_it_closes_when_its_link_scrolls_out_of_its_own_box(playground: Playground) -> None:
    await playground.open(f"<main><div class=clipped>{link('alice')}</div></main>")
    await playground.hover("alice")

    await playground.page.evaluate("document.querySelector('.clipped').scrollTop = 200")

    await playground.is_closed()


async def test_it_closes_at_once_when_its_link_is_removed(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")

    await playground.page.evaluate("document.querySelector('main').remove()")

    await playground.is_closed()


async def test_a_link_removed_while_waiting_opens_nothing(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")

    await playground.move_to("alice")
    await playground.run(300)
    await playground.page.evaluate("document.querySelector('main').remove()")
    await playground.run(1000)

    await playground.is_closed()


async def test_the_wheel_over_the_card_scrolls_the_page(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")
    await playground.move_to(playground.card)

    await playground.page.evaluate(
        "void (window.scrolled = new Promise((done) => (window.onscroll = () => done())))"
    )
    await playground.page.mouse.wheel(0, 40)
    await playground.page.evaluate("window.scrolled")

    await playground.is_open("alice")


async def test_it_works_inside_a_modal_dialog_and_out_of_it_again(playground: Playground) -> None:
    dialog = f"<dialog>{link('bo')}<p>A dialog of some height</p><form method=dialog>"
    await playground.open(f"<main>{link('alice')}</main>{dialog}<button>Close</button></form>")
    await playground.page.evaluate("document.querySelector('dialog').showModal()")

    await playground.hover("bo")
    await playground.move_to(playground.card.locator(".card-name"))
    await playground.run(1000)
    await playground.is_open("bo")
    await expect(playground.card.locator(".card-name:hover")).to_have_count(1)
    await playground.page.keyboard.press("Escape")
    await playground.page.keyboard.press("Escape")

    await expect(playground.page.locator("dialog")).to_be_hidden()
    await playground.hover("alice")


async def test_no_css_places_it(playground: Playground) -> None:
    """WebKit 2.50 (Safari 26) hangs on position-try once a dialog around it is closed."""
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")

    style = "getComputedStyle(document.querySelector('#hover-card'))"

    assert await playground.page.evaluate(f"{style}.positionTryFallbacks") == "none"
    assert await playground.page.evaluate(f"{style}.positionArea") == "none"


async def test_a_dialog_that_is_removed_does_not_take_the_card_with_it(
    playground: Playground,
) -> None:
    await playground.open(f"<main>{link('alice')}</main><dialog>{link('bo')}</dialog>")
    await playground.page.evaluate("document.querySelector('dialog').showModal()")
    await playground.hover("bo")

    await playground.page.evaluate("document.querySelector('dialog').remove()")
    await playground.run(1000)

    await playground.move_away()
    await playground.hover("alice")


async def test_the_page_does_not_shift_by_a_pixel(playground: Playground) -> None:
    await playground.page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => window.shifts.push(...list.getEntries()))
          .observe({ type: "layout-shift", buffered: true });"""
    )
    await playground.open(f"<main>{link('alice')} {link('bo')} <p>Text</p></main>")
    playground.gate.clear()
    await playground.move_to("alice")
    await playground.run(400)
    await playground.page.screenshot()
    playground.gate.set()
    await playground.answered(1)
    await playground.run(200)
    await playground.is_open("alice")
    await playground.page.screenshot()
    await playground.hover("bo")
    await playground.page.screenshot()
    await playground.move_away()
    await playground.run(250)
    await playground.page.screenshot()

    assert await playground.page.evaluate("window.shifts.map(({ value }) => value)") == []
