"""Many people post at once: everybody's comment is kept, once, and nobody waits long."""

import asyncio
from pathlib import Path

from tests.serving.people import PEOPLE
from tests.serving.posters import count_comments, sign_in_posters
from tests.serving.server import Server

POSTERS = 64
ROUNDS = 5
LONGEST_WAIT_S = 5  # the issue's own figure


async def test_64_people_post_through_two_workers_without_an_error_or_a_long_wait(
    each_database_url: str, tmp_path: Path
) -> None:
    async with Server(each_database_url, tmp_path, workers=2) as server:
        posters = await sign_in_posters(server.browser(), PEOPLE, POSTERS)
        for _ in range(ROUNDS):
            await asyncio.gather(*(poster.post() for poster in posters))
        comments = await count_comments(each_database_url)

    record = posters[0].record
    assert record.wrong == []
    assert record.longest_s < LONGEST_WAIT_S
    assert comments == dict.fromkeys(record.answered, 1)
    assert comments.total() == POSTERS * ROUNDS


async def test_a_form_sent_twice_at_once_is_one_comment(
    each_database_url: str, tmp_path: Path
) -> None:
    async with Server(each_database_url, tmp_path, workers=2) as server:
        posters = await sign_in_posters(server.browser(), PEOPLE, 16)
        twice = [
            poster.browser.another().post("/", csrf_token=poster.token, body=poster.name)
            for poster in posters
            for _click in ("first", "second")
        ]
        answers = await asyncio.gather(*twice)
        comments = await count_comments(each_database_url)

    assert {page.status for page in answers} == {303}
    assert comments == {poster.name: 1 for poster in posters}


async def test_visitors_who_leave_while_they_post_leave_nothing_locked(
    each_database_url: str, tmp_path: Path
) -> None:
    async with Server(each_database_url, tmp_path, workers=2) as server:
        leaving, *staying = await sign_in_posters(server.browser(), PEOPLE, 9)
        for n in range(50):
            await leaving.browser.send_and_leave("/", csrf_token=leaving.token, body=f"Bye {n}")
            await staying[n % 8].post()
        comments = await count_comments(each_database_url)

    assert staying[0].record.wrong == []
    assert set(staying[0].record.answered) <= set(comments)
    assert max(comments.values()) == 1


async def test_a_form_whose_answer_was_lost_is_sent_again_and_is_one_comment(
    each_database_url: str, tmp_path: Path
) -> None:
    async with Server(each_database_url, tmp_path, workers=2) as server:
        (poster,) = await sign_in_posters(server.browser(), PEOPLE[:1], 1)
        form = {"csrf_token": poster.token, "body": "Once"}
        is_kept = asyncio.Event()
        lost = asyncio.create_task(poster.browser.send_and_leave("/", is_kept, **form))
        while not await count_comments(each_database_url):
            await asyncio.sleep(0.01)
        is_kept.set()
        await lost
        again = await poster.browser.post("/", **form)
        comments = await count_comments(each_database_url)

    assert again.status == 303
    assert comments == {"Once": 1}
