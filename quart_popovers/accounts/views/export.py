"""Account → Export."""

import asyncio

from quart import Response
from quart.typing import ResponseReturnValue
from quart_auth import Unauthorized, login_required

from ...database import reading
from ...web.rate_limits import EXPORTS, limit
from ..blueprint import blueprint
from ..export import as_json
from ..queries.everything import select_everything
from ..sign_ins import current_viewer


@blueprint.get("/account/export")
@login_required
async def export() -> ResponseReturnValue:
    """Give a person everything that the site keeps of them, as a file."""
    viewer = await current_viewer()
    await limit(EXPORTS, str(viewer.id))
    async with reading() as db:
        everything = await select_everything(db, viewer.id)
    if everything is None:
        raise Unauthorized()
    content = await asyncio.to_thread(as_json, everything)
    disposition = f'attachment; filename="quart-popovers-{everything.person.username}.json"'
    return Response(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
