"""Row 10: any link, added at any time, on any site."""

import re
from pathlib import Path

from playwright.async_api import Route, expect

from .playground import SCRIPT, Answer, Playground, fragment, link

ROOT = Path(__file__).parent.parent.parent.parent
MODULES = ROOT / "quart_popovers/static/hovercard"
EXAMPLE = ROOT / "docs/hovercard-example"

RECORD_EVENTS = """
window.heard = [];
for (const type of ["hovercard:open", "hovercard:close"]) {
  document.addEventListener(type, (event) =>
    window.heard.push(`${type} ${event.target.textContent}`));
}
"""


async def heard(playground: Playground) -> list[str]:
    events: list[str] = await playground.page.evaluate("window.heard")
    return events


async def call(playground: Playground, method: str) -> None:
    """What another script of the page does: import the module, call it."""
    await playground.page.evaluate(
        f"async () => {{ (await import('{SCRIPT}')).hovercard.{method}; }}"
    )


async def test_links_added_later_need_no_registration(playground: Playground) -> None:
    await playground.open("<main></main>")

    await playground.page.evaluate(
        """() => {
          const link = document.createElement("a");
          link.textContent = "alice";
          link.href = "/user/alice";
          link.dataset.hovercardUrl = "/user/alice/popup";
          document.querySelector("main").append(link);
        }"""
    )

    await playground.hover("alice")


async def test_one_attribute_attaches_it_to_any_element(playground: Playground) -> None:
    book = '<button data-hovercard-url="/user/emma/popup">A <i>book</i></button>'
    await playground.open(f"<main>{book}</main>")

    await playground.move_to(playground.page.locator("i"))
    await playground.rest()

    await playground.is_open("emma")


async def test_links_without_the_attribute_are_left_alone(playground: Playground) -> None:
    await playground.open('<main><a href="/user/alice">alice</a></main>')

    await playground.move_to("alice")
    await playground.run(1000)

    await playground.is_closed()
    assert playground.asked == []


async def test_an_empty_address_is_no_trigger(playground: Playground) -> None:
    empty = '<a href="/user/alice" data-hovercard-url="">alice</a>'
    await playground.open(f"<main>{empty}</main>")

    await playground.move_to("alice")
    await playground.run(1000)

    await playground.is_closed()
    assert await playground.page.evaluate("window.calls") == 0


async def test_a_card_opens_no_card_of_its_own(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    playground.answers["alice"] = Answer(fragment("alice", about=link("bo")))
    await playground.hover("alice")

    await playground.move_to(playground.card.get_by_text("bo"))
    await playground.run(5000)

    await playground.is_open("alice")
    assert playground.asked == ["alice"]


async def test_it_says_on_the_link_when_a_card_opens_and_closes(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')} {link('bo')}</main>")
    await playground.page.evaluate(RECORD_EVENTS)

    await playground.hover("alice")
    await playground.hover("bo")
    await playground.move_away()
    await playground.run(250)

    assert await heard(playground) == [
        "hovercard:open alice",
        "hovercard:close alice",
        "hovercard:open bo",
        "hovercard:close bo",
    ]


async def test_it_can_be_closed_from_outside(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")

    await call(playground, "close()")

    await playground.is_closed()


async def test_it_can_be_closed_in_answer_to_its_own_event(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.page.evaluate(
        f"""async () => {{
          const {{ hovercard }} = await import("{SCRIPT}");
          document.addEventListener("hovercard:open", hovercard.close);
        }}"""
    )

    await playground.move_to("alice")
    await playground.rest()

    await playground.is_closed()


async def test_it_can_be_refreshed_from_outside(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")
    playground.answers["alice"] = Answer(fragment("alice", comments=13))

    await call(playground, "refresh()")

    await expect(playground.card.locator("dd")).to_have_text("13")
    assert "loading" not in await playground.states()


async def test_one_person_or_all_can_be_forgotten(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')} {link('bo')}</main>")
    await playground.hover("alice")
    await playground.hover("bo")

    await call(playground, "forget('/user/alice/popup')")
    await playground.hover("alice")
    await playground.hover("bo")
    await call(playground, "forget()")
    await playground.hover("alice")

    assert playground.asked == ["alice", "bo", "alice", "alice"]


async def test_its_words_can_be_in_another_language(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.page.evaluate(
        f"async () => Object.assign((await import('{SCRIPT}')).words, {{ label: 'Vorschau: ' }})"
    )

    await playground.hover("alice")

    await expect(playground.page.get_by_role("dialog", name="Vorschau: alice")).to_be_visible()


async def test_a_card_that_the_page_brings_along_is_used(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main><aside id='hover-card'></aside>")

    await playground.hover("alice")

    await expect(playground.page.locator("aside#hover-card:popover-open")).to_have_count(1)


COLOURS = """() => {
  const style = (selector) => getComputedStyle(document.querySelector(`#hover-card ${selector}`));
  const card = getComputedStyle(document.querySelector("#hover-card"));
  return [card.backgroundColor, card.color, style("dt").color, card.borderTopColor, card.boxShadow];
}"""


async def test_variables_of_the_page_do_not_change_the_card(playground: Playground) -> None:
    """As shadcn/ui sets them: `--surface: 0 0% 100%` is no colour."""
    await playground.open(f"<main>{link('alice')}</main>")
    await playground.hover("alice")
    expected = await playground.page.evaluate(COLOURS)

    await playground.page.evaluate("document.documentElement.className = 'host-variables'")

    assert await playground.page.evaluate(COLOURS) == expected
    assert expected[:2] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


async def test_its_colours_are_properties_of_its_own(playground: Playground) -> None:
    await playground.open(f"<main>{link('alice')}</main>", attributes="class=host-colours")

    await playground.hover("alice")

    colours = [f"rgb({number}, {number}, {number})" for number in range(1, 5)]
    shadow = "rgb(6, 6, 6) 1px 1px 0px 0px"
    assert await playground.page.evaluate(COLOURS) == [*colours, shadow]


def test_the_documentation_lists_every_property() -> None:
    style = (MODULES / "hovercard.css").read_text()
    rows = re.findall(r"^\| `(--[a-z-]+)`", (ROOT / "docs/hovercard.md").read_text(), re.MULTILINE)

    read = set(re.findall(r"var\((--[a-z-]+)", style))

    assert read == set(rows)
    assert all(name.startswith("--hovercard-") for name in read)


async def test_scripts_in_a_fragment_do_not_run(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(f"<main>{link('alice')}</main>")
    hostile = (
        fragment("alice") + "<script>window.ran = 1</script><img src='data:,' onerror='ran = 1'>"
    )
    playground.answers["alice"] = Answer(hostile)

    await playground.hover("alice")

    assert await playground.page.evaluate("window.ran") is None
    await expect(playground.card.locator("script, [onerror]")).to_have_count(0)
    complaints.clear()


async def test_the_modules_know_nothing_of_people() -> None:
    code = "".join(path.read_text() for path in MODULES.glob("*.js") if "min" not in path.name)

    for word in ("/user", "username", "/login", "/popup", "comment"):
        assert word not in code, word


async def test_the_modules_run_as_they_are_too(playground: Playground) -> None:
    """The bundle is for speed; index.js and what it imports work without any tool."""
    source = SCRIPT.replace("hovercard.min.js", "index.js")
    await playground.page.route(f"**{SCRIPT}", lambda route: answer_with_import(route, source))
    await playground.open(f"<main>{link('alice')}</main>")

    await playground.hover("alice")


async def answer_with_import(route: Route, source: str) -> None:
    await route.fulfill(body=f'import "{source}";', content_type="text/javascript")


async def test_the_example_works_when_copied_as_it_says(playground: Playground) -> None:
    async def serve(route: Route) -> None:
        name = route.request.url.partition("/example/")[2]
        folder = MODULES if name.startswith("hovercard.") else EXAMPLE
        await route.fulfill(path=folder / name)

    await playground.page.route("**/example/**", serve)
    await playground.page.goto("/example/index.html")
    await expect(playground.card).to_be_attached()

    await playground.page.mouse.move(1, 1)
    await playground.page.get_by_role("link", name="Emma").hover()

    await playground.is_open("Emma")
    await expect(playground.card).to_contain_text("1815")
