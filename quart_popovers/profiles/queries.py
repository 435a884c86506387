"""All SQL of a person's page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, bindparam, func, select

from ..database import Read
from ..feed.queries import FeedPost, cut
from ..models import Post, User
from ..people import PROFILE_COLUMNS, Profile
from ..web.paging import SIDES, Cursor, Side


def _profile(side: Side) -> Select[*tuple[Any, ...]]:
    """A person with comments, one a row; the columns of the comments come first.

    The comments are cut in a subquery with a constant author: from a plain join PostgreSQL
    would sort everything a person ever wrote to find the newest ten.
    """
    is_wanted = func.lower(User.username) == bindparam("username", type_=String)
    author = select(User.id).where(is_wanted).scalar_subquery()
    own_posts = select(Post.id, Post.body, Post.timestamp, Post.user_id).where(
        Post.user_id == author
    )
    posts = cut(own_posts, side).subquery()
    return (
        select(posts.c.id, posts.c.body, posts.c.timestamp, *PROFILE_COLUMNS)
        .select_from(User)
        .outerjoin(posts, posts.c.user_id == User.id)
        .where(is_wanted)
    )


PROFILE = {side: Read(_profile(side)) for side in SIDES}


async def select_profile(
    username: str, cursor: Cursor, limit: int
) -> tuple[Profile, Sequence[FeedPost]] | None:
    """A person, whatever the case of the name, with up to `limit` comments, in one query."""
    rows = await PROFILE[cursor.side].rows(username=username.lower(), mark=cursor.mark, limit=limit)
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
        reverse=cursor.side != "newer",
    )
    return person, own
