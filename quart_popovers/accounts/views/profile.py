"""Edit profile."""

from quart import current_app, flash, redirect, url_for
from quart.typing import ResponseReturnValue
from quart_auth import login_required

from ...avatars.addresses import DRAWN
from ...avatars.gravatars import forget_gravatar
from ...web.csrf import shows_its_form_again
from ...web.forms import RETRY_LATER, form_page
from ...web.rate_limits import PROFILE_CHANGES, RENAMES, limit
from ..blueprint import blueprint
from ..errors import Taken
from ..forms import EditProfileForm
from ..queries.people import update_profile
from ..sign_ins import current_viewer, writing_as_viewer


@blueprint.route("/edit-profile", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def edit_profile() -> ResponseReturnValue:
    """Change the viewer's username, description and picture."""
    viewer = await current_viewer()
    form = await EditProfileForm.from_request(viewer, attempts=(PROFILE_CHANGES, str(viewer.id)))
    if current_app.config["AVATARS"] != "gravatar":
        del form.picture
    if form.is_sent_and_valid():
        try:
            if form.username.data != viewer.username:
                await limit(RENAMES, str(viewer.id))
            async with writing_as_viewer() as (db, person):
                await update_profile(db, person.id, form.values)
        except Taken as taken:
            form.refuse_taken(taken.fields)
        except RETRY_LATER as error:
            form.refuse_for_now(error)
        else:
            if form.picture and form.picture.data == DRAWN:
                await forget_gravatar(viewer.id)
            await flash("Your changes have been saved.", "profile")
            return redirect(url_for("profiles.show", username=form.username.data), 303)
    return await form_page("accounts/edit_profile.html", form)
