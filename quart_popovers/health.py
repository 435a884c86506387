"""Tells a load balancer or a supervisor whether this worker and its database answer."""

from quart import Blueprint, Response
from sqlalchemy import text

from .database import DatabaseAway, reading, within_patience

blueprint = Blueprint("health", __name__)

ANSWER_WITHIN_S = 2


@blueprint.get("/healthz")
async def check() -> Response:
    """200 `ok`, or 503 when the database does not answer."""
    try:
        async with within_patience(ANSWER_WITHIN_S), reading() as db:
            await db.execute(text("SELECT 1"))
    except DatabaseAway:
        return Response("database does not answer\n", 503, content_type="text/plain")
    return Response("ok\n", content_type="text/plain")
