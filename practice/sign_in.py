"""What we tell allauth: who may sign up, that signing up founds a practice, and how a session finds its login."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import UUIDField
from django.http import HttpRequest
from django.utils import timezone

from practice import access, practices
from practice.models import User
from practice.rest.prepared import PreparedRow, Slot

# Asked on every request of a session.
LOGIN = PreparedRow(lambda: User.objects.filter(pk=Slot("id", UUIDField())))


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        user = LOGIN.one(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_OPEN

    def new_user(self, request: HttpRequest) -> User:
        return User(created_at=timezone.now())

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """People sign in with their e-mail address; there are no user names."""


class PracticeSignUp(SignupForm):
    """A person and their practice in one step."""

    name = forms.CharField(max_length=120, label="Your name")
    practice_name = forms.CharField(max_length=120, label="Name of your practice")
    field_order = ["practice_name", "name", "email", "password1"]

    @transaction.atomic  # a login without its practice would be a dead end
    def save(self, request: HttpRequest) -> Any:
        user = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        practices.found(
            name=self.cleaned_data["practice_name"],
            owner=user,
            at=timezone.now(),
            by=access.system(source="desk"),
        )
        return user
