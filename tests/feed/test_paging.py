"""Reading the feed and a person's comments page by page, while others post."""

from collections.abc import AsyncIterator
from itertools import chain

import pytest

from quart_popovers.settings import Settings
from tests.visitor import MakePost, MakeUser, Page, SignIn, Visitor

PLACES = ["/", "/user/bo"]
DAMAGED = ["0", "-1", "x", "1.5", "", "9223372036854775808", "1e3", "1'--", "null", "1,2"]


@pytest.fixture
async def ada(sign_in: SignIn) -> Visitor:
    return await sign_in("ada")


@pytest.fixture
async def bo(make_user: MakeUser) -> int:
    return await make_user("bo")


async def read_on(visitor: Visitor, page: Page, rel: str) -> AsyncIterator[Page]:
    """This page, and those that its links of this kind lead to."""
    yield page
    while link := page.link(rel):
        page = await visitor.get(link)
        yield page


@pytest.mark.parametrize("place", PLACES)
async def test_nothing_is_skipped_or_shown_twice_while_others_post(
    ada: Visitor, bo: int, make_post: MakePost, place: str
) -> None:
    posts = [await make_post(bo, f"{number}") for number in range(25)]

    read = []
    async for page in read_on(ada, await ada.get(place), "next"):
        read.append(page.post_ids)
        posts += [await make_post(bo, "in between") for _ in range(3)]

    assert [len(ids) for ids in read] == [10, 10, 5]
    assert list(chain(*read)) == posts[24::-1]


@pytest.mark.parametrize("place", PLACES)
async def test_newer_links_lead_back_to_what_was_posted_meanwhile(
    ada: Visitor, bo: int, make_post: MakePost, place: str
) -> None:
    posts = [await make_post(bo, f"{number}") for number in range(21)]
    last_page = await ada.get(f"{place}?before={posts[1]}")
    posts += [await make_post(bo, "meanwhile") for _ in range(2)]

    read = [page.post_ids async for page in read_on(ada, last_page, "prev")]

    assert [len(ids) for ids in read] == [1, 10, 10, 2]
    assert list(chain(*reversed(read))) == posts[::-1]


@pytest.mark.parametrize(
    ("count", "links"), [(9, [None, None]), (10, [None, None]), (11, ["?before=2", None])]
)
async def test_the_first_page_links_on_only_if_there_is_more(
    ada: Visitor, bo: int, make_post: MakePost, count: int, links: list[str | None]
) -> None:
    posts = [await make_post(bo) for _ in range(count)]

    for place in PLACES:
        page = await ada.get(place)

        assert page.post_ids == posts[::-1][:10]
        assert [page.link("next"), page.link("prev")] == [link and place + link for link in links]


@pytest.mark.parametrize("place", PLACES)
async def test_the_page_after_a_mark_is_the_ten_just_newer(
    ada: Visitor, bo: int, make_post: MakePost, place: str
) -> None:
    posts = [await make_post(bo) for _ in range(15)]

    page = await ada.get(f"{place}?after={posts[2]}")

    assert page.post_ids == posts[12:2:-1]
    assert page.link("prev") == f"{place}?after={posts[12]}"
    assert page.link("next") == f"{place}?before={posts[3]}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("mark", ["before=1", "after={newest}", f"after={2**63 - 1}"])
async def test_beyond_either_end_one_is_sent_to_the_first_page(
    ada: Visitor, bo: int, make_post: MakePost, place: str, mark: str
) -> None:
    newest = await make_post(bo)

    page = await ada.get(f"{place}?{mark.format(newest=newest)}")

    assert (page.status, page.location) == (303, place)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["before", "after"])
@pytest.mark.parametrize("mark", DAMAGED)
@pytest.mark.usefixtures("bo")
async def test_a_damaged_mark_is_a_400_with_a_page(
    ada: Visitor, place: str, key: str, mark: str
) -> None:
    page = await ada.get(f"{place}?{key}={mark}")

    assert page.status == 400
    assert "This address or form is not valid." in page.text
    assert "Sign out" in page.navigation


async def test_a_profile_pages_through_that_person_only(
    ada: Visitor, bo: int, make_user: MakeUser, make_post: MakePost
) -> None:
    chidi = await make_user("chidi")
    posts = [await make_post(person) for _ in range(12) for person in (bo, chidi)]

    pages = read_on(ada, await ada.get("/user/bo"), "next")
    read = [page.post_ids async for page in pages]

    assert list(chain(*read)) == posts[-2::-2]


class TestThreeAPage:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"posts_per_page": 3})

    @pytest.mark.parametrize("place", PLACES)
    async def test_the_setting_says_how_many_are_on_a_page(
        self, ada: Visitor, bo: int, make_post: MakePost, place: str
    ) -> None:
        for _ in range(4):
            await make_post(bo)

        page = await ada.get(place)

        assert len(page.post_ids) == 3
