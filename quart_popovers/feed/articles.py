"""Comments as HTML, each rendered once for all readers."""

from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from ..web.text import ago
from .queries import FeedPost

# A comment has up to 1,400 code points: 20 MB at most, and 2 MB of comments as people write them.
MOST_REMEMBERED = 2048


def add_article_filter(environment: Environment) -> None:
    """Add `post | article`.

    An article is a pure function of the comment's row, which was just read, and of the words for
    its age. What is remembered is the rendering, so nothing can be stale.
    """

    @lru_cache(MOST_REMEMBERED)
    def render(post: FeedPost, age: str) -> Markup:
        template = environment.get_template("feed/_article.html")
        return Markup(template.render(post=post, age=age))  # noqa: S704 (a template's, escaped)

    environment.filters["article"] = lambda post: render(post, ago(post.timestamp))
