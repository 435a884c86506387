"""All SQL about comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVarTuple

from sqlalchemy import Integer, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import Read
from ..models import Post, RowId, User
from ..people import PERSON_COLUMNS, Person
from ..web.paging import SIDES, Cursor, Side

Columns = TypeVarTuple("Columns")


class AlreadyPosted(Exception):
    """The same form has been sent before: a double click, or a retry after a lost answer."""


class AuthorGone(Exception):
    """The author's account was deleted while the comment was on its way."""


@dataclass(frozen=True, slots=True)
class FeedPost:
    """A comment with its author."""

    id: int
    body: str
    timestamp: datetime
    author: Person


def cut(posts: Select[*Columns], side: Side) -> Select[*Columns]:
    """Up to `limit` comments on this side of `mark`: newest first, newer ones oldest first."""
    posts = posts.limit(bindparam("limit", type_=Integer))
    mark = bindparam("mark", type_=RowId)
    if side == "newer":
        return posts.where(Post.id > mark).order_by(Post.id)
    return (posts.where(Post.id < mark) if side == "older" else posts).order_by(Post.id.desc())


FEED = {
    side: Read(
        cut(
            select(Post.id, Post.body, Post.timestamp, *PERSON_COLUMNS).join(
                User, User.id == Post.user_id
            ),
            side,
        )
    )
    for side in SIDES
}


async def select_feed(cursor: Cursor, limit: int) -> Sequence[FeedPost]:
    """Up to `limit` comments with their authors: newest first, newer than a mark oldest first."""
    rows = await FEED[cursor.side].rows(mark=cursor.mark, limit=limit)
    return [
        FeedPost(post_id, body, timestamp, Person(*person))
        for post_id, body, timestamp, *person in rows
    ]


async def insert_post(db: AsyncSession, user_id: int, body: str, form_token: str) -> None:
    """Add a comment and count it.

    Raises AlreadyPosted for a form that was sent before, and AuthorGone for somebody deleted.
    The mark is over token and text: a form that comes back from the browser's history with
    another text is another comment.
    """
    counted = await db.execute(
        update(User)
        .where(User.id == user_id)
        .values(post_count=User.post_count + 1)
        .returning(User.id)
    )
    if counted.one_or_none() is None:
        raise AuthorGone()
    submission = sha256(f"{form_token}\0{body}".encode()).hexdigest()
    try:
        await db.execute(insert(Post).values(user_id=user_id, body=body, submission=submission))
    except IntegrityError as error:
        if "submission" in str(error.orig):
            raise AlreadyPosted from error
        raise
