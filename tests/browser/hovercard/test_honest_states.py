"""Row 4: skeletons and errors: late, failed, offline, gone, signed out, busy."""

import pytest
from playwright.async_api import expect

from .playground import Answer, Playground, link

ONE = f"<main>{link('alice')}</main>"
SIGN_IN = 'data-hovercard-sign-in="/login"'


async def show(playground: Playground, answer: Answer) -> None:
    """Hover alice, who answers like this, until the card says something."""
    playground.answers["alice"] = answer
    await playground.move_to("alice")
    await playground.run(100)
    await playground.answered(1)
    await playground.run(300)


async def show_skeleton(playground: Playground) -> None:
    playground.gate.clear()
    await playground.move_to("alice")
    await playground.run(400)
    await playground.is_in_state("loading")


async def test_a_late_answer_shows_a_skeleton_with_the_name_the_link_knows(
    playground: Playground,
) -> None:
    await playground.open(ONE)

    await show_skeleton(playground)

    await expect(playground.card.locator(".card-name")).to_have_text("alice")
    await expect(playground.card).to_have_attribute("aria-busy", "true")


async def test_the_skeleton_has_the_size_and_place_of_the_card(playground: Playground) -> None:
    await playground.open(ONE)

    await show_skeleton(playground)
    skeleton = await playground.card.bounding_box()
    playground.gate.set()
    await playground.answered(1)
    await playground.run(200)
    await playground.is_open("alice")

    assert await playground.card.bounding_box() == skeleton


async def test_a_skeleton_stays_at_least_200_ms_and_goes_all_at_once(
    playground: Playground,
) -> None:
    await playground.open(ONE)
    await show_skeleton(playground)

    playground.gate.set()
    await playground.answered(1)
    await playground.run(199)
    await playground.is_in_state("loading")
    await expect(playground.card.locator("dd")).to_have_count(0)
    await playground.run(1)

    await playground.is_open("alice")
    await expect(playground.card.locator("dd")).to_have_count(1)


async def test_after_5_s_it_counts_as_failed(playground: Playground) -> None:
    await playground.open(ONE)
    await show_skeleton(playground)

    await playground.run(4699)
    await playground.is_in_state("loading")
    await playground.run(1)

    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("This is taking too long.")


async def test_an_error_offers_to_try_again(playground: Playground, complaints: list[str]) -> None:
    await playground.open(ONE)
    await show(playground, Answer(status=500))
    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("This card could not be loaded.")

    playground.answers.clear()
    await playground.card.get_by_role("button", name="Try again").click()
    await playground.is_in_state("loading")
    await playground.answered(2)
    await playground.run(200)

    await playground.is_open("alice")
    complaints.clear()


async def test_offline_says_so_and_goes_on_by_itself_when_online(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(ONE)
    await playground.page.context.set_offline(True)
    await show(playground, Answer(is_lost=True))
    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("You are offline.")

    playground.answers.clear()
    await playground.page.context.set_offline(False)
    await playground.answered(2)
    await playground.run(200)

    await playground.is_open("alice")
    complaints.clear()


async def test_a_person_who_no_longer_exists_says_so(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(ONE)

    await show(playground, Answer("<p>404</p>", status=404))

    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("No longer here.")
    await expect(playground.card.get_by_role("button")).to_have_count(0)
    complaints.clear()


@pytest.mark.parametrize("status", [401, 303])
async def test_signed_out_meanwhile_offers_to_sign_in_and_come_back(
    playground: Playground, complaints: list[str], status: int
) -> None:
    await playground.open(ONE, attributes=SIGN_IN)

    await show(playground, Answer(status=status, headers={"Location": "/login"}))

    await playground.is_in_state("error")
    sign_in = playground.card.get_by_role("link", name="Sign in")
    await expect(sign_in).to_have_attribute("href", "/login?next=%2Fplayground")
    complaints.clear()


@pytest.mark.parametrize("status", [429, 503])
async def test_too_many_requests_waits_and_then_works_by_itself(
    playground: Playground, complaints: list[str], status: int
) -> None:
    await playground.open(ONE)
    await show(playground, Answer(status=status, headers={"Retry-After": "3"}))
    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("Try again in a moment")

    playground.answers.clear()
    await playground.run(2600)
    assert len(playground.asked) == 1
    await playground.run(100)
    await playground.answered(2)

    await playground.is_open("alice")
    complaints.clear()


async def test_while_told_to_wait_no_other_card_is_asked_for(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(f"<main>{link('alice')} {link('bo')}</main>")
    await show(playground, Answer(status=429, headers={"Retry-After": "3"}))

    await playground.move_to("bo")
    await playground.run(100)
    await playground.is_in_state("error")
    assert playground.asked == ["alice"]
    await playground.run(2600)
    await playground.answered(2)

    await playground.is_open("bo")
    assert playground.asked == ["alice", "bo"]
    complaints.clear()


async def test_an_error_is_not_kept(playground: Playground, complaints: list[str]) -> None:
    await playground.open(ONE)
    await show(playground, Answer(status=500))
    await playground.is_in_state("error")
    playground.answers.clear()

    await playground.move_away()
    await playground.run(1000)
    await playground.hover("alice")

    await playground.is_open("alice")
    complaints.clear()


async def test_a_whole_page_in_place_of_a_fragment_never_gets_into_the_card(
    playground: Playground, complaints: list[str]
) -> None:
    await playground.open(ONE)

    page = "<!doctype html><title>502</title><h1>Bad gateway</h1>"
    await show(playground, Answer(page, status=502))

    await expect(playground.card).not_to_contain_text("Bad gateway")
    complaints.clear()


WHOLE_PAGE = "<!doctype html><html><title>Portal</title><p>Sign in to the network</p></html>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(WHOLE_PAGE, "text/html"), ('{"username": "alice"}', "application/json")],
    ids=["page", "json"],
)
async def test_only_fragments_of_html_get_into_the_card(
    playground: Playground, body: str, content_type: str
) -> None:
    await playground.open(ONE)

    await show(playground, Answer(body, content_type=content_type))

    await playground.is_in_state("error")
    await expect(playground.card).to_contain_text("This card could not be loaded.")
    await expect(playground.card).not_to_contain_text("Sign in to the network")
    await expect(playground.card).not_to_contain_text("username")
