"""`manage.py setup`: founds a practice with its first owner, at the console of an empty installation."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from practice import access, practices, users
from practice.refusals import Refusal

PASSWORD = "REMIT_SETUP_PASSWORD"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    help = (
        "Founds a practice with its first owner. Asks for what is not given; the password comes "
        f"from {PASSWORD} or the keyboard, never from an option, which other users could read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--practice", help="name of the practice")
        parser.add_argument("--name", help="name of its first owner")
        parser.add_argument("--email", help="the owner's address, with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        practice = options["practice"] or _ask("Name of the practice")
        name = options["name"] or _ask("Your name")
        email = options["email"] or _ask("Your e-mail address")
        password = os.environ.get(PASSWORD) or _new_password()
        at, by = timezone.now(), access.system(source="console")
        try:
            with transaction.atomic():
                owner = users.make(email=email, name=name, password=password, at=at)
                practices.found(name=practice, owner=owner, at=at, by=by)
        except Refusal as refusal:
            raise CommandError(_said(refusal)) from None
        self.stdout.write(
            f"{practice} is founded. Sign in as {owner.email} at {settings.REMIT_URL}/desk/"
        )


def _ask(what: str) -> str:
    try:
        answer = input(f"{what}: ").strip()
    except EOFError:
        answer = ""
    if not answer:
        raise CommandError(f"{what} is needed.")
    return answer


def _new_password() -> str:
    password = getpass("Password: ")
    if getpass("Again: ") != password:
        raise CommandError("The two passwords differ.")
    return password


def _said(refusal: Refusal) -> str:
    errors = getattr(refusal, "errors", None)
    if not errors:
        return refusal.sentence
    return "\n".join(f"{field}: {' '.join(said)}" for field, said in errors.items())
