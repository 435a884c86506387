"""All SQL of a person's page."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..feed.queries import FeedPost, in_cursor_order
from ..models import Post, User
from ..people import PROFILE_COLUMNS, Profile
from ..web.paging import Cursor


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
        select(posts.c.id, posts.c.body, posts.c.timestamp, *PROFILE_COLUMNS)
        .select_from(User)
        .outerjoin(posts, posts.c.user_id == User.id)
        .where(is_wanted)
    )
    rows = found.all()
    if not rows:
        return None
    person = Profile(*rows[0][3:])
    # A join promises no order; these few are put in order here.
    own = sorted(
        (
            FeedPost(post_id, body, said_at, person)
            for post_id, body, said_at, *_ in rows
            if post_id
        ),
        key=lambda post: post.id,
        reverse=cursor.after is None,
    )
    return person, own
