"""The life of an account: it is created, its password is changed, and it is deleted."""

from dataclasses import replace

from ..avatars.gravatars import forget_gravatar
from ..database import reading, writing
from .authentication import confirm
from .devices import issue_device_cookie
from .email_addresses import normalise_name
from .errors import WeakPassword
from .passwords import hash_password
from .queries.people import (
    Credentials,
    Viewer,
    delete_user,
    insert_user,
    select_taken,
    update_password_hash,
)
from .queries.sign_ins import delete_other_sign_ins
from .sign_ins import current_browser, current_viewer, writing_as_viewer
from .weak_passwords import explain_weakness


async def create_account(username: str, email: str, password: str) -> None:
    """Raises WeakPassword, Taken and HashingBusy."""
    await _refuse_weak(password, username, email)
    email = normalise_name(email)
    async with reading() as db:
        taken = await select_taken(db, username, email)
    if taken:
        raise taken
    password_hash = await hash_password(password)
    async with writing() as db:
        await insert_user(db, username, email, password_hash)


async def change_password(current_password: str, new_password: str) -> None:
    """Change the viewer's password and end all other sign-ins: one of them may be a thief's.

    Raises WrongPassword, WeakPassword, TooManyRequests and HashingBusy.
    """
    viewer = await current_viewer()
    credentials = await _confirm(viewer, current_password)
    await _refuse_weak(new_password, viewer.username, viewer.email)
    new_hash = await hash_password(new_password, is_known=True)
    async with writing_as_viewer() as (db, person):
        await update_password_hash(db, person.id, credentials.password_hash, new_hash)
        await delete_other_sign_ins(db, person.id, current_browser().token_hash or "")
    issue_device_cookie(replace(credentials, password_hash=new_hash))


async def delete_account(password: str) -> None:
    """Delete the viewer's account with all comments.

    Raises WrongPassword, TooManyRequests and HashingBusy.
    """
    credentials = await _confirm(await current_viewer(), password)
    async with writing_as_viewer() as (db, person):
        await delete_user(db, person.id, credentials.password_hash)
    await forget_gravatar(person.id)


async def _confirm(viewer: Viewer, password: str) -> Credentials:
    return await confirm(viewer.id, current_browser().token_hash or "", password)


async def _refuse_weak(password: str, username: str, email: str) -> None:
    if weakness := await explain_weakness(password, username, email):
        raise WeakPassword(weakness)
