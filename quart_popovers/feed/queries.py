"""All SQL about comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVarTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, User
from ..people import PERSON_COLUMNS, Person
from ..web.paging import Cursor

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


async def select_feed(db: AsyncSession, cursor: Cursor, limit: int) -> Sequence[FeedPost]:
    """Up to `limit` comments with their authors: newest first, after a mark oldest first."""
    query = select(Post.id, Post.body, Post.timestamp, *PERSON_COLUMNS).join(
        User, User.id == Post.user_id
    )
    rows = await db.execute(in_cursor_order(query, cursor).limit(limit))
    return [
        FeedPost(post_id, body, timestamp, Person(*person))
        for post_id, body, timestamp, *person in rows
    ]


def in_cursor_order(query: Select[*Columns], cursor: Cursor) -> Select[*Columns]:
    """Posts on the cursor's side: newest first, or from `after` on oldest first."""
    if cursor.after is not None:
        return query.where(Post.id > cursor.after).order_by(Post.id)
    if cursor.before is not None:
        query = query.where(Post.id < cursor.before)
    return query.order_by(Post.id.desc())


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
