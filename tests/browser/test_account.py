"""One's own account, in a browser."""

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, sign_in_as


async def test_a_session_that_is_ended_elsewhere_is_over_at_the_next_hover(
    page: Page, context: BrowserContext, chromium: Browser, people: Site, complaints: list[str]
) -> None:
    await sign_in_as("ada", page)
    phone = await chromium.new_context(base_url=people.url)
    on_phone = await phone.new_page()
    await sign_in_as("ada", on_phone)

    await on_phone.goto("/user/ada")
    await on_phone.get_by_role("link", name="Account", exact=True).click()
    await on_phone.get_by_role("link", name="Sessions").click()
    await expect(on_phone.get_by_text("This browser")).to_be_visible()
    await on_phone.get_by_role("button", name="End all others").click()
    await expect(on_phone.get_by_role("status")).to_have_text("All other browsers are signed out.")
    await phone.close()
    await page.bring_to_front()
    await page.mouse.move(1, 1)
    await page.locator(".username[data-hovercard-url]").first.hover()

    await expect(page.locator("#hover-card")).to_contain_text("You are signed out.")
    complaints[:] = [it for it in complaints if "401" not in it]
    assert context.pages == [page]


async def test_the_export_is_a_file_to_keep(page: Page) -> None:
    await sign_in_as("ada", page)
    await page.goto("/account")

    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export").click()

    assert (await download.value).suggested_filename == "quart-popovers-ada.json"
