"""All SQL of a person's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..avatars.people import Person
from ..feed.queries import FeedPost, in_cursor_order
from ..models import Post, User
from ..web.paging import Cursor


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody may see of a person; the address is not among it."""

    person: Person
    about_me: str
    created_at: datetime
    last_seen: datetime
    post_count: int


async def select_profile(
    db: AsyncSession, username: str, cursor: Cursor, limit: int
) -> tuple[Profile, Sequence[FeedPost]] | None:
    """A person, whatever the case of the name, with up to `limit` comments, in one query.

    The comments are cut in a subquery with a constant author: from a plain join PostgreSQL
    would sort everything a person ever wrote to find the newest ten.
    """
    is_wanted = func.lower(User.username) == username.lower()
    author = select(User.id).where(is_wanted).scalar_subquery()
    own_posts = select(Post.id, Post.body, Post.timestamp, Post.user_id).where(
        Post.user_id == author
    )
    posts = in_cursor_order(own_posts, cursor).limit(limit).subquery()
    found = await db.execute(
        select(
            User.id,
            User.username,
            User.email,
            User.about_me,
            User.created_at,
            User.last_seen,
            User.post_count,
            posts.c.id,
            posts.c.body,
            posts.c.timestamp,
        )
        .outerjoin(posts, posts.c.user_id == User.id)
        .where(is_wanted)
    )
    rows = found.all()
    if not rows:
        return None
    user_id, name, email, about_me, created_at, last_seen, post_count = rows[0][:7]
    person = Person.of(user_id, name, email)
    # A join promises no order; these few are put in order here.
    own = sorted(
        (FeedPost(id_, body, timestamp, person) for *_, id_, body, timestamp in rows if id_),
        key=lambda post: post.id,
        reverse=cursor.after is None,
    )
    return Profile(person, about_me, created_at, last_seen, post_count), own
