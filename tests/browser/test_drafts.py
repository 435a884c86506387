"""What is typed and not yet saved: kept in the tab, for this person, until it is posted."""

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import sign_in_as
from tests.visitor import PASSWORD

TEXT = "a thought that took a while"
STORED = "Object.values(sessionStorage).join()"

BREAK_STORAGE = {
    "blocked": """Object.defineProperty(window, "sessionStorage",
        { get() { throw new DOMException("blocked", "SecurityError"); } });""",
    "full": """Storage.prototype.setItem =
        () => { throw new DOMException("full", "QuotaExceededError"); };""",
}


def field(page: Page) -> Locator:
    return page.get_by_label("Say something")


async def post(page: Page) -> None:
    await page.get_by_role("button", name="Post").click()


async def lose_the_sign_in(page: Page) -> None:
    await page.context.clear_cookies()


async def sign_in_on_this_page(page: Page, name: str) -> None:
    await page.get_by_label("Username or email").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text(f"Welcome back, {name}!")).to_be_visible()


async def test_a_comment_is_still_there_after_a_look_at_a_profile(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)

    await page.get_by_role("link", name="jo", exact=True).first.click()
    await expect(page.get_by_role("heading", name="jo")).to_be_visible()
    await page.get_by_role("link", name="Home").click()

    await expect(field(page)).to_have_value(TEXT)
    await expect(page.get_by_text("Your unsaved text was restored.")).to_be_visible()
    await expect(page.locator(".character-count")).to_have_text(f"{140 - len(TEXT)} left")


async def test_a_comment_outlives_the_sign_in(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)

    await lose_the_sign_in(page)
    await post(page)
    await expect(page.get_by_text("Please sign in to see this page.")).to_be_visible()
    await sign_in_on_this_page(page, "ada")

    await expect(field(page)).to_have_value(TEXT)


async def test_it_is_for_the_person_who_typed_it(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)

    await lose_the_sign_in(page)
    await sign_in_as("bo", page)
    await expect(field(page)).to_have_value("")
    await lose_the_sign_in(page)
    await sign_in_as("ada", page)

    await expect(field(page)).to_have_value(TEXT)


async def test_a_posted_comment_is_no_draft(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)

    await post(page)
    await expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    await expect(field(page)).to_have_value("")
    await page.goto("/")

    await expect(field(page)).to_have_value("")
    assert await page.evaluate(STORED) == ""


async def test_a_refused_comment_stays_a_draft(signed_in_page: Page, complaints: list[str]) -> None:
    page = signed_in_page
    await field(page).fill("x" * 141)

    await post(page)
    await expect(page).to_have_title("Error: Home · Quart Popovers")
    await expect(page.locator(".draft-note")).to_have_count(0)
    await page.goto("/")

    await expect(field(page)).to_have_value("x" * 141)
    complaints.clear()


async def test_a_refused_comment_outlives_the_sign_in(
    signed_in_page: Page, complaints: list[str]
) -> None:
    page = signed_in_page
    await field(page).fill("x" * 141)
    await post(page)
    await expect(page).to_have_title("Error: Home · Quart Popovers")

    await lose_the_sign_in(page)
    await post(page)
    await expect(page.get_by_text("Please sign in to see this page.")).to_be_visible()
    await sign_in_on_this_page(page, "ada")

    await expect(field(page)).to_have_value("x" * 141)
    complaints.clear()


@pytest.mark.parametrize("failure", ["no network", "503"])
async def test_a_comment_that_did_not_arrive_stays_a_draft(
    signed_in_page: Page, complaints: list[str], failure: str
) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)
    if failure == "503":
        await page.route("**/", lambda route: route.fulfill(status=503, body="Busy"))
    else:
        await page.route("**/", lambda route: route.abort("connectionfailed"))

    await post(page)
    await page.wait_for_load_state()
    await page.unroute("**/")
    await page.goto("/")

    await expect(field(page)).to_have_value(TEXT)
    complaints.clear()


async def test_a_profile_is_kept_and_can_be_discarded(signed_in_page: Page) -> None:
    page = signed_in_page
    about_me = page.get_by_label("About me")
    await page.goto("/edit-profile")
    await about_me.fill(TEXT)
    await page.goto("/")
    await page.goto("/edit-profile")
    await expect(about_me).to_have_value(TEXT)
    await expect(page.get_by_label("Username")).to_have_value("ada")

    await page.get_by_role("button", name="Discard").click()

    await expect(about_me).to_have_value("I am ada.")
    await expect(page.locator(".draft-note")).to_have_count(0)
    await expect(page.get_by_label("Username")).to_be_focused()
    await page.reload()
    await expect(about_me).to_have_value("I am ada.")


async def test_a_saved_profile_is_no_draft(signed_in_page: Page) -> None:
    page = signed_in_page
    await page.goto("/edit-profile")
    await page.get_by_label("About me").fill("I am ada!")

    await page.get_by_role("button", name="Save changes").click()

    await expect(page.get_by_text("Your changes have been saved.")).to_be_visible()
    assert await page.evaluate(STORED) == ""


async def test_signing_out_removes_drafts(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)
    await page.goto("/user/ada")

    await page.get_by_role("button", name="Sign out").click()

    await expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert await page.evaluate(STORED) == ""


async def test_signing_out_in_another_tab_removes_them_too(
    signed_in_page: Page, context: BrowserContext
) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)

    other = await context.new_page()
    await other.goto("/")
    await other.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_text("You are signed out.")).to_be_visible()
    await sign_in_as("ada", page)

    await expect(field(page)).to_have_value("")


async def test_two_tabs_have_drafts_of_their_own(
    signed_in_page: Page, context: BrowserContext
) -> None:
    page = signed_in_page
    other = await context.new_page()
    await other.goto("/")
    await field(page).fill(TEXT)
    await field(other).fill("something else")

    await post(other)
    await expect(other.get_by_text("Your comment is posted.")).to_be_visible()
    await page.reload()

    await expect(field(page)).to_have_value(TEXT)


async def test_a_message_about_another_tabs_comment_removes_no_draft(signed_in_page: Page) -> None:
    page = signed_in_page
    await field(page).fill(TEXT)
    token = await page.locator(".post-form [name=csrf_token]").input_value()
    answer = await page.context.request.post(
        "/", form={"csrf_token": token, "body": "from another tab"}, max_redirects=0
    )
    assert answer.status == 303

    await page.goto("/")

    await expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    await expect(field(page)).to_have_value(TEXT)


async def test_passwords_addresses_and_hidden_fields_are_never_stored(signed_in_page: Page) -> None:
    page = signed_in_page
    await page.evaluate(
        """() => {
          for (const type of ["password", "email", "hidden"]) {
            const input = document.createElement("input");
            Object.assign(input, { type, name: type, value: `secret-${type}` });
            document.querySelector(".post-form").append(input);
          }
        }"""
    )

    await field(page).fill(TEXT)

    stored = await page.evaluate(STORED)
    assert TEXT in stored
    assert "secret" not in stored
    assert await page.locator(".post-form [name=csrf_token]").input_value() not in stored


async def test_a_draft_has_a_bounded_size(signed_in_page: Page) -> None:
    await field(signed_in_page).fill("x" * 20_000)

    assert 10_000 <= len(await signed_in_page.evaluate(STORED)) < 11_000


async def test_a_longer_text_stays_whole_in_a_form_that_was_refused(
    signed_in_page: Page, complaints: list[str]
) -> None:
    await field(signed_in_page).fill("x" * 20_000)

    await post(signed_in_page)

    await expect(signed_in_page).to_have_title("Error: Home · Quart Popovers")
    await expect(field(signed_in_page)).to_have_value("x" * 20_000)
    complaints.clear()


@pytest.mark.parametrize("way", BREAK_STORAGE)
async def test_without_storage_everything_else_works(page: Page, way: str) -> None:
    await page.add_init_script(BREAK_STORAGE[way])
    await sign_in_as("ada", page)
    await field(page).fill(TEXT)
    await come_back(page)
    await expect(field(page)).to_have_value(TEXT)

    await post(page)

    await expect(page.get_by_text("Your comment is posted.")).to_be_visible()


async def come_back(page: Page) -> None:
    """As from the back/forward cache, which the driver switches off."""
    await page.evaluate(
        "void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )


async def test_a_page_from_the_back_forward_cache_keeps_a_draft(signed_in_page: Page) -> None:
    await field(signed_in_page).fill(TEXT)

    await come_back(signed_in_page)

    await expect(field(signed_in_page)).to_have_value(TEXT)
    await expect(signed_in_page.locator(".draft-note")).to_have_count(0)


async def test_a_page_from_the_back_forward_cache_drops_what_was_posted(
    signed_in_page: Page,
) -> None:
    await field(signed_in_page).fill(TEXT)
    await signed_in_page.evaluate("sessionStorage.clear()")

    await come_back(signed_in_page)

    await expect(field(signed_in_page)).to_have_value("")
    await expect(signed_in_page.locator(".character-count")).to_have_text("140 left")


async def test_a_page_from_the_back_forward_cache_shows_what_was_typed_since(
    signed_in_page: Page,
) -> None:
    await field(signed_in_page).fill(TEXT)
    await signed_in_page.evaluate(
        """([before, after]) => {
          const [key, draft] = Object.entries(sessionStorage)[0];
          sessionStorage.setItem(key, draft.replace(before, after));
        }""",
        [TEXT, "newer"],
    )

    await come_back(signed_in_page)

    await expect(field(signed_in_page)).to_have_value("newer")
    await expect(signed_in_page.locator(".character-count")).to_have_text("135 left")
