"""Row 3: caching, revalidation, shared and aborted requests."""

from playwright.async_api import expect

from .playground import Answer, Playground, fragment, link

TWO = f"<main>{link('alice')} and {link('bo')}</main>"


async def visit_again(playground: Playground, name: str, after_ms: int) -> None:
    await playground.move_away()
    await playground.run(after_ms)
    await playground.hover(name)


async def test_an_answer_is_fresh_for_a_minute(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")

    await visit_again(playground, "alice", after_ms=59_000)

    assert playground.asked == ["alice"]


async def test_an_older_answer_is_shown_at_once_and_revalidated(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    await playground.move_away()
    await playground.run(60_000)
    playground.gate.clear()

    await playground.hover("alice")

    assert await playground.requests[1].header_value("If-None-Match") == '"1"'
    playground.gate.set()
    await playground.answered(2)
    await playground.is_open("alice")
    assert "loading" not in await playground.states()


async def test_not_modified_makes_it_fresh_again(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    await visit_again(playground, "alice", after_ms=60_000)
    await playground.answered(2)

    await visit_again(playground, "alice", after_ms=59_000)

    assert playground.asked == ["alice", "alice"]


async def test_news_change_in_place_without_moving_the_card(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    await playground.move_away()
    await playground.run(60_000)
    playground.gate.clear()
    await playground.hover("alice")
    before = await playground.card.bounding_box()

    playground.answers["alice"] = Answer(fragment("alice", comments=13), headers={"ETag": '"2"'})
    playground.gate.set()

    await expect(playground.card.locator("dd")).to_have_text("13")
    assert await playground.card.bounding_box() == before
    assert (await playground.states())[-1] == "open"


async def test_news_wait_while_the_reader_selects_in_the_card(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    await playground.move_away()
    await playground.run(60_000)
    playground.gate.clear()
    await playground.hover("alice")
    await playground.page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('#hover-card .card-about'))"
    )

    playground.answers["alice"] = Answer(fragment("alice", comments=13), headers={"ETag": '"2"'})
    playground.gate.set()
    await playground.answered(2)

    await expect(playground.card.locator("dd")).to_have_text("12")


async def test_without_a_network_the_older_answer_stays(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    playground.answers["alice"] = Answer(is_lost=True)

    await visit_again(playground, "alice", after_ms=60_000)
    await playground.answered(2)

    await playground.is_open("alice")
    complaints.clear()


async def test_the_same_person_under_ten_links_is_asked_for_once(playground: Playground) -> None:
    links = "<br>".join(link("alice", f"alice {number}") for number in range(10))
    await playground.open(f"<main>{links}</main>")

    for number in range(10):
        await playground.move_to(playground.page.get_by_text(f"alice {number}", exact=True))
        await playground.rest()
        await playground.is_open("alice")
        await playground.move_away()
        await playground.run(1000)

    assert playground.asked == ["alice"]


async def test_two_links_that_wish_for_one_person_share_the_request(
    playground: Playground,
) -> None:
    await playground.open(f"<main>{link('alice', 'one')} {link('alice', 'two')}</main>")
    playground.gate.clear()

    await playground.move_to(playground.page.get_by_text("one", exact=True))
    await playground.run(400)
    await playground.is_in_state("loading")
    await playground.move_to(playground.page.get_by_text("two", exact=True))
    await playground.run(100)
    playground.gate.set()

    await playground.is_open("alice")
    assert playground.asked == ["alice"]
    assert playground.aborted == []


async def test_a_request_nobody_waits_for_is_aborted_in_silence(playground: Playground) -> None:
    await playground.open(TWO)
    playground.gate.clear()

    await playground.move_to("alice")
    await playground.run(100)
    async with playground.page.expect_event("requestfailed") as failed:
        await playground.move_away()
    await playground.run(1000)

    assert (await failed.value).failure == "net::ERR_ABORTED"
    await playground.is_closed()


async def test_a_form_with_the_attribute_drops_the_stale_entry(playground: Playground) -> None:
    form = '<form method="dialog" data-hovercard-forget="/user/alice/popup"><button>Follow</button>'
    await playground.open(f"{TWO}<dialog open>{form}</form></dialog>")
    await playground.hover("alice")
    await playground.hover("bo")

    await playground.page.get_by_text("Follow").click()
    await playground.hover("alice")
    await playground.hover("bo")

    assert playground.asked == ["alice", "bo", "alice"]


async def test_coming_back_from_another_page_drops_everything(playground: Playground) -> None:
    await playground.open(TWO)
    await playground.hover("alice")
    await playground.move_away()
    await playground.run(1000)

    await playground.page.evaluate(
        "void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )
    await playground.hover("alice")

    assert playground.asked == ["alice", "alice"]
