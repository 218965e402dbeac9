"""The reader's own account at an outlet: where the form is and how a live session shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in with the user's own account. Names no secret: those come from the environment only.

    `page`: the address of the page with the form; its action and hidden fields are read at run time.
    `form`: CSS selector of the form; None: the only form with a password field.
    `user_field`: names of the field for the user, the first that the form has is taken.
    `password_field`: name of the field for the password.
    `check`: CSS selector of something that a page shows while the session lives; None: nothing is known to
    show it.
    """

    page: str
    form: str | None = None
    user_field: tuple[str, ...] = ("username", "email", "name")
    password_field: str = "password"  # noqa: S105  # the name of a form field
    check: str | None = None
