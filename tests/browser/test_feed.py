"""What scripts add to the feed, and that it does without them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site, rest_on, sign_in_as

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "140 left"),
        ("abc", "137 left"),
        ("  abc  ", "137 left"),
        (FAMILY, "139 left"),
        ("e\u0301", "139 left"),
        ("नमस्ते", "137 left"),
        ("a\nb", "137 left"),
        ("a\n\n \n\nb", "136 left"),
        ("x" * 140, "0 left"),
        (FAMILY * 141, "1 too many"),
    ],
)
async def test_the_counter_counts_as_the_server_does(
    signed_in_page: Page, text: str, said: str
) -> None:
    await signed_in_page.get_by_label("Say something").fill(text)

    await expect(signed_in_page.locator(".character-count")).to_have_text(said)


async def test_edit_profile_counts_too(signed_in_page: Page) -> None:
    await signed_in_page.goto("/edit-profile")

    await signed_in_page.get_by_label("About me").fill("x" * 100)

    await expect(signed_in_page.locator(".character-count")).to_have_text("40 left")


async def test_a_time_is_kept_current_and_tells_its_local_date(page: Page) -> None:
    await page.clock.install()
    await sign_in_as("ada", page)
    await page.get_by_label("Say something").fill("now")
    await page.get_by_role("button", name="Post").click()
    time = newest_time(page)
    await expect(time).to_have_text("just now")

    await page.clock.run_for("03:05")

    await expect(time).to_have_text("3 minutes ago")
    moment = await time.get_attribute("datetime")
    full = await page.evaluate(
        """moment => new Intl.DateTimeFormat(undefined, {dateStyle: "full", timeStyle: "short"})
        .format(new Date(moment))""",
        moment,
    )
    await expect(time).to_have_attribute("title", full)


def newest_time(page: Page) -> Locator:
    return page.locator("article[data-post-id] time").first


async def test_a_double_click_posts_once(signed_in_page: Page) -> None:
    await signed_in_page.get_by_label("Say something").fill("only once, please")

    await signed_in_page.get_by_role("button", name="Post").dblclick()

    await expect(signed_in_page.get_by_text("Your comment is posted.")).to_be_visible()
    await signed_in_page.goto("/")
    await expect(signed_in_page.get_by_text("only once, please")).to_have_count(1)


async def test_right_to_left_words_are_aligned_to_the_right(signed_in_page: Page) -> None:
    page, words = signed_in_page, "مرحبا بالعالم"
    body, about_me = page.get_by_label("Say something"), page.get_by_label("About me")

    await body.fill(words)
    assert await body.evaluate("it => getComputedStyle(it).direction") == "rtl"
    await page.get_by_role("button", name="Post").click()
    comment = page.locator(".post-body").first
    await expect(comment).to_have_text(words)
    assert await gaps(comment) == (True, False)
    await page.goto("/edit-profile")
    await about_me.fill(words)
    assert await about_me.evaluate("it => getComputedStyle(it).direction") == "rtl"
    await page.get_by_role("button", name="Save changes").click()
    assert await gaps(page.locator(".about-me")) == (True, False)
    await page.goto("/")
    await rest_on(page.locator("article .username").first)
    assert await gaps(page.locator("#hover-card:popover-open .card-about")) == (True, False)


async def gaps(element: Locator) -> tuple[bool, bool]:
    """Whether there is room to the left and to the right of the words."""
    left, right = await element.evaluate(
        """element => {
            const range = document.createRange();
            range.selectNodeContents(element);
            const words = range.getBoundingClientRect(), box = element.getBoundingClientRect();
            return [words.left - box.left, box.right - words.right];
        }"""
    )
    return left > 1, right > 1


class TestWithoutJavaScript:
    @pytest.fixture
    async def page(self, chromium: Browser, people: Site) -> AsyncIterator[Page]:
        context = await chromium.new_context(base_url=people.url, java_script_enabled=False)
        yield await context.new_page()
        await context.close()

    async def test_people_post_and_page_as_ever(self, page: Page) -> None:
        await sign_in_as("bo", page)

        await page.get_by_label("Say something").fill("Look, no script")
        await page.get_by_role("button", name="Post").click()

        await expect(page.get_by_text("Your comment is posted.")).to_be_visible()
        newest = await ids(page)
        await page.get_by_role("link", name="Older").click()
        older = await ids(page)
        await page.get_by_role("link", name="Newer").click()
        assert len(newest) == 10
        assert max(older) < min(newest)
        assert await ids(page) == newest

    async def test_a_name_leads_to_the_profile_and_times_are_words(self, page: Page) -> None:
        await sign_in_as("chidi", page)
        await expect(newest_time(page)).to_have_text("just now")

        await page.get_by_role("link", name="jo", exact=True).first.click()

        await expect(page.get_by_role("heading", name="jo")).to_be_visible()

    async def test_people_sign_out_with_a_plain_form(self, page: Page) -> None:
        await sign_in_as("dora", page)

        await page.get_by_role("button", name="Sign out").click()

        await expect(page.get_by_text("You are signed out.")).to_be_visible()


async def ids(page: Page) -> list[int]:
    articles = await page.locator("article[data-post-id]").all()
    return [int(await it.get_attribute("data-post-id") or 0) for it in articles]
