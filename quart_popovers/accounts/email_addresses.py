"""The spelling of names and email addresses by which accounts are found."""

from email_validator import EmailNotValidError, validate_email


def normalise_name(typed: str) -> str:
    """One spelling for all spellings of a username or an email address.

    Addresses are composed (NFC), their domain is in Unicode instead of Punycode, and everything
    is in lower case: mail servers that tell "Ada" from "ada" exist only in the standard (RFC 5321,
    2.4). What is no address is taken for a username.
    """
    try:
        name: str = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        name = typed
    return name.strip().lower()
