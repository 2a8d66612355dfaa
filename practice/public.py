"""Pages outside the two sites: the front door, joining, switching, the logo, and what is said when something is wrong."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from practice import access, brand, digests, identity, invitations, users
from practice.models import Contact, Invitation, Member, Practice, User
from practice.refusals import NotFound, Refusal
from practice.rest import problems

HOME = {Member: "/desk/", Contact: "/portal/"}
BACKEND = "practice.sign_in.Backend"


@require_GET
@never_cache
def front(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        here = request.here  # type: ignore[attr-defined]
        return HttpResponseRedirect(here.home if here else "/switch/")
    return render(request, "public/front.html", {"signup_open": settings.SIGNUP_OPEN})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Every place of this login, and which of them one acts from."""
    there = {identity.name_of(place): place for place in identity.places(request.user)}  # type: ignore[arg-type]
    if request.method == "POST":
        place = there.get(request.POST.get("place", ""))
        if place is None:
            raise Http404
        identity.choose(request, place)
        # What one place had still to say is not for the other.
        list(messages.get_messages(request))
        return HttpResponseRedirect(HOME[type(place)])
    here = request.here  # type: ignore[attr-defined]
    now = identity.name_of(here.place) if here else ""
    context = {"places": [(name, place, name == now) for name, place in there.items()]}
    return render(request, "public/switch.html", context)


class JoinForm(forms.Form):
    """A login for somebody who has none; the address is the invited one."""

    name = forms.CharField(
        max_length=120,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Choose a password",
        help_text="At least 12 characters. A few unrelated words are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Looking never uses an invitation up: mail programs follow links. Only the button does."""
    now = timezone.now()
    try:
        row = invitations.find(token, at=now)
    except Refusal as refusal:
        return _no_invitation(request, refusal)
    signed_in = request.user.is_authenticated
    known = not signed_in and User.objects.filter(email__iexact=row.email).exists()
    form = (
        None if signed_in or known else JoinForm(request.POST or None, initial={"name": row.name})
    )
    if request.method == "POST" and not known and (form is None or form.is_valid()):
        try:
            return _accept(request, row, form)
        except Refusal as refusal:
            if form is None:
                return _no_invitation(request, refusal)
            _show(form, refusal)
    context = {
        "invitation": row,
        "practice": row.practice,
        "accent": brand.accent(row.practice.colour),
        "form": form,
        "known": known,
        "mine": signed_in and request.user.email.lower() == row.email.lower(),  # type: ignore[union-attr]
        "here_url": request.path,
    }
    # The address is the secret. The site-wide "same-origin" referrer policy keeps it from other hosts; "no-referrer"
    # would also blank the form's Origin header, and with that every honest POST fails the CSRF check.
    return render(request, "public/join.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@csrf_exempt
def no_digest(request: HttpRequest, token: str) -> HttpResponse:
    """The way out that each digest carries: no sign-in, because the address itself is the permission.

    Looking changes nothing, since mail programs follow links. They POST without a form of ours (RFC 8058).
    """
    try:
        place = (
            digests.stop(token, at=timezone.now())
            if request.method == "POST"
            else digests.of_token(token)
        )
    except Refusal:
        return not_found(request)
    context = {"stopped": request.method == "POST", "place": place}
    return render(request, "public/no_digest.html", context)


def _accept(request: HttpRequest, row: Invitation, form: JoinForm | None) -> HttpResponse:
    now = timezone.now()
    source = "portal" if row.contact_id else "desk"
    # Nobody of this practice yet: the person acts as themselves, not as who they are elsewhere.
    by = replace(
        access.system(row.practice_id, source=source), request_id=identity.request_id(request)
    )
    with transaction.atomic():
        user = request.user
        if form is not None:
            given = form.cleaned_data
            user = users.make(email=row.email, at=now, **given)
        place = invitations.accept(row, user=user, by=by, at=now)  # type: ignore[arg-type]
    if form is not None:
        login(request, user, backend=BACKEND)
    identity.choose(request, place)
    return HttpResponseRedirect(HOME[type(place)])


def _show(form: JoinForm, refusal: Refusal) -> None:
    for field, sentences in (getattr(refusal, "errors", None) or {"": [refusal.sentence]}).items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _no_invitation(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    sentence = (
        "This link is not complete. Open it again from the mail, or ask for a new one."
        if isinstance(refusal, NotFound)
        else refusal.sentence
    )
    context = {"title": "This invitation cannot be used", "sentence": sentence}
    return render(request, "public/notice.html", context, status=refusal.status)


@require_GET
def logo(request: HttpRequest) -> HttpResponse:
    """The picture of the practice one acts from; never another's, whatever is asked."""
    here = request.here  # type: ignore[attr-defined]
    if here is None:
        raise Http404
    picture = Practice.objects.filter(pk=here.practice.pk).values_list("logo", flat=True).get()
    if picture:
        answer = HttpResponse(bytes(picture), content_type="image/png")
    else:
        answer = HttpResponse(_monogram(here.practice), content_type="image/svg+xml")
    # The address names practice and version (practice/brand.py), so a stale copy is never asked for.
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _monogram(practice: Practice) -> str:
    """Stands in until there is a logo."""
    letter = escape(practice.name[:1].upper())
    ground = brand.palette(practice.colour)["600"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" '
        f'rx="8" fill="{ground}"/><text x="20" y="28" text-anchor="middle" fill="#fff" '
        f'font-family="Inter,Helvetica,Arial,sans-serif" font-size="22" font-weight="600">{letter}</text></svg>'
    )


# When something is wrong. The same words whether a thing is missing or another's.

WRONG = {
    400: ("The request cannot be understood", "Go back and try again from the page before."),
    403: ("Not allowed", "Your role does not allow this. An owner of the practice can say more."),
    404: ("Not found", "There is no such page, or it is not yours to see."),
    500: (
        "Our fault",
        "Something went wrong on our side. Nothing was changed. Try again in a minute.",
    ),
}


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _wrong(request, 400, "malformed", "The request cannot be understood.")


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _wrong(request, 403, "not_allowed", "Not allowed.")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _wrong(request, 404, NotFound.code, NotFound.sentence)


def broken(request: HttpRequest) -> HttpResponse:
    return _wrong(request, 500, "internal", "Something went wrong on our side.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.plain(403, "not_allowed", "The CSRF token is missing or wrong.")
    context = {
        "title": "This page was open for too long",
        "sentence": "Your sign-in changed since the page was opened, or cookies are off. "
        "Nothing was sent. Open the page again and repeat the last step.",
    }
    return HttpResponse(render_to_string("public/notice.html", context), status=403)


def _wrong(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.plain(status, code, detail)
    title, sentence = WRONG[status]
    # Without the request: nothing about who is here, and no query while things are broken.
    page = render_to_string("public/notice.html", {"title": title, "sentence": sentence})
    return HttpResponse(page, status=status)
