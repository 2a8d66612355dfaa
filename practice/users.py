"""Logins: making one for somebody whose address is proven."""

import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from practice.models import User
from practice.refusals import Invalid, Taken


def make(*, email: str, name: str, password: str, at: datetime.datetime, hashed: str = "") -> User:
    """A login whose mailbox was proven by the link or by whoever runs set-up.

    `hashed`: of that password, where it was hashed before; to hash it costs a quarter of a second.
    """
    user = User(email=email.strip().lower(), name=name.strip(), created_at=at)
    try:
        validate_password(password, user)
        user.clean_fields(exclude=["password"])
    except ValidationError as wrong:
        raise Invalid(
            wrong.message_dict if hasattr(wrong, "error_dict") else {"password": wrong.messages}
        ) from wrong
    if User.objects.filter(email__iexact=user.email).exists():
        raise Taken("There is a login with this address already.", "email")
    if hashed:
        user.password = hashed
    else:
        user.set_password(password)
    with transaction.atomic():
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
