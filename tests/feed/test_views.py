"""Posting and reading comments."""

import asyncio
import re

import pytest
from sqlalchemy import func, select

from quart_popovers.models import Post, User
from tests.visitor import Fetch, MakePost, MakeUser, SignIn

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("path", ["/", "/index"])
async def test_a_comment_is_posted_and_shown_first(
    sign_in: SignIn, make_post: MakePost, make_user: MakeUser, path: str
) -> None:
    await make_post(await make_user("bo"), "I was first")
    ada = await sign_in("ada")

    page = await ada.submit(path, body=" Hello, all \r\nof you! ")
    shown = await ada.follow(page)
    again = await ada.get("/")

    assert (page.status, page.location) == (303, "/")
    assert shown.flashes == ["Your comment is posted."]
    assert again.flashes == []
    assert shown.comments == ["Hello, all \nof you!", "I was first"]


async def test_a_comment_shows_avatar_author_time_and_text(
    sign_in: SignIn, make_post: MakePost, make_user: MakeUser
) -> None:
    await make_post(await make_user("bo"), "Hi")
    ada = await sign_in("ada")

    page = await ada.get("/")

    [article] = re.findall(r"<article.*?</article>", page.text, re.DOTALL)
    assert re.search(
        r'<img src="/avatars/\d+-[0-9a-f]{32}\.svg\?v=drawn" class="avatar" alt=""', article
    )
    assert '<a class="username" href="/user/bo" data-hovercard-url="/user/bo/popup">' in article
    assert "</a> said " in article
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"[^>]*>', article)
    assert "just now" in article


async def test_an_empty_feed_says_so(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/")

    assert "Nobody has said anything yet" in page.text


@pytest.mark.parametrize(
    "body", ["x", "x" * 140, FAMILY * 140, "é" * 140, "नि" * 140, "a\r\n" * 69 + "bc", "0"]
)
async def test_up_to_140_characters_as_a_person_counts_them_are_posted(
    sign_in: SignIn, body: str
) -> None:
    ada = await sign_in("ada")

    page = await ada.post_comment(body)

    assert page.status == 303


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "Write something first."),
        (" \r\n\t ", "Write something first."),
        ("x" * 141, "At most 140 characters, please: this has 141."),
        (FAMILY * 141, "At most 140 characters, please: this has 141."),
        ("a\r\n" * 70 + "bc", "At most 140 characters, please: this has 142."),
        ("Z" + "\u0335" * 1400, "Too many combining marks."),
    ],
)
async def test_a_comment_of_another_length_is_refused_and_kept_in_the_form(
    sign_in: SignIn, make_post: MakePost, make_user: MakeUser, body: str, message: str
) -> None:
    earlier = await make_post(await make_user("bo"))
    ada = await sign_in("ada")

    page = await ada.post_comment(body)

    assert page.status == 422
    assert message in page.errors_beside("body")
    assert page.value_of("body") == body.replace("\r\n", "\n").strip()
    assert page.post_ids == [earlier]


async def test_people_write_in_the_direction_of_their_script(sign_in: SignIn) -> None:
    ada = await sign_in("ada", about_me="שלום")
    await ada.post_comment("مرحبا")

    feed, profile, card = [await ada.get(path) for path in ("/", "/user/ada", "/user/ada/popup")]
    form = await ada.get("/edit-profile")

    assert '<p class="post-body" dir="auto">مرحبا</p>' in feed.text
    assert '<p class="about-me" dir="auto">שלום</p>' in profile.text
    assert '<p class="card-about" dir="auto">שלום</p>' in card.text
    assert re.search(r'<textarea[^>]* dir="auto"[^>]* id="body"', feed.text)
    assert re.search(r'<textarea[^>]* dir="auto"[^>]* id="about_me"', form.text)


async def test_a_row_of_blank_lines_is_one(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")

    await ada.post_comment("a\r\n\r\n \r\n\r\nb\r\n\r\nc")

    assert await fetch(select(Post.body)) == [("a\n\nb\n\nc",)]


async def test_what_people_write_is_never_markup(sign_in: SignIn) -> None:
    ada = await sign_in("ada", about_me="<img src=x onerror=alert(1)>")
    await ada.post_comment("<script>alert('&')</script> https://example.com/?a=1&b=\"x")

    feed, profile = await ada.get("/"), await ada.get("/user/ada")

    for page in (feed, profile):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" in page.text
        assert '<a href="https://example.com/?a=1&amp;b=" rel="nofollow ugc noopener">' in page.text
    assert "<img src=x" not in profile.text


async def test_a_form_that_is_sent_twice_makes_one_comment(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")
    form = await ada.get("/")

    pages = await asyncio.gather(
        *(ada.post("/", csrf_token=form.csrf_token, body="once") for _ in range(2))
    )

    assert [page.status for page in pages] == [303, 303]
    assert await fetch(select(Post.body)) == [("once",)]
    assert await fetch(select(User.post_count)) == [(1,)]


async def test_equal_comments_of_two_forms_are_two(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")

    await ada.post_comment("again")
    await ada.post_comment("again")

    assert await fetch(select(func.count()).select_from(Post)) == [(2,)]


async def test_the_old_form_with_another_text_is_another_comment(
    sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    form = await ada.get("/")

    await ada.post("/", csrf_token=form.csrf_token, body="one")
    await ada.post("/", csrf_token=form.csrf_token, body="two")

    assert await fetch(select(Post.body).order_by(Post.id)) == [("one",), ("two",)]


async def test_comments_at_the_same_time_are_all_counted(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")
    forms = [await ada.get("/") for _ in range(8)]

    await asyncio.gather(
        *(
            ada.post("/", csrf_token=form.csrf_token, body=f"{number}")
            for number, form in enumerate(forms)
        )
    )

    assert await fetch(select(User.post_count)) == [(8,)]


async def test_a_page_of_the_feed_takes_two_statements(
    sign_in: SignIn, make_user: MakeUser, make_post: MakePost, statements: list[str]
) -> None:
    for name in ("bo", "chidi", "dora"):
        await make_post(await make_user(name))
    ada = await sign_in("ada")
    statements.clear()

    await ada.get("/")

    viewer, comments = statements
    assert "sign_ins" in viewer
    assert "posts" in comments


async def test_whatever_text_there_is_may_be_said(sign_in: SignIn, fetch: Fetch) -> None:
    """Right-to-left overrides, the replacement character, the end of Unicode: all is text."""
    ada = await sign_in("ada")
    body = "\u202eevil \ufffd \U0010ffff \ufeff \u2028 \x1b[31m \x7f 🐎"

    posted = await ada.post_comment(body)
    page = await ada.get("/")

    assert posted.status == 303
    assert await fetch(select(Post.body)) == [(body,)]
    # Isolated, so that an override ends where the comment does.
    assert '<p class="post-body" dir="auto">\u202eevil' in page.text
