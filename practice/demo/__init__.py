"""The demo: two invented practices, dated relative to the day it is loaded, made through the verbs alone.

Every name is invented and every address ends in .example, which no mail can reach. Later work adds its part here.
"""

import base64
import datetime
import hashlib
import hmac
from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from practice import (
    access,
    agenda,
    agenda_rules,
    assignments,
    clients,
    contacts,
    identity,
    invitations,
    keys,
    practices,
    seats,
    users,
)
from practice.access import Actor
from practice.demo.dates import ZONE, ago
from practice.demo.stories import (
    ANSEL,
    BETTINA,
    GANTRY,
    LANTERN,
    MEMBERS,
    NELL,
    OWNER,
    PEOPLE,
    STORIES,
    Person,
    Story,
)
from practice.models import AgendaEntry, ApiKey, Client, Contact, Invitation, Member, User

PASSWORD = "try-the-lantern-42"  # noqa: S105 (public on purpose; the demo is never loaded in production)
KEY_NAME = "Demo key"
RECENT = datetime.timedelta(days=3)


def chapters() -> list[Callable[[Member, dict[str, Member], datetime.datetime], None]]:
    """What the apps above tell once the practices stand, in a module `demo` of their own. Imported only here, and all
    of them before the first is told: one can contribute to another."""
    return [
        import_module(f"{app.name}.demo").tell
        for app in apps.get_app_configs()
        if app.name != "practice" and module_has_submodule(app.module, "demo")
    ]


def present() -> bool:
    return User.objects.filter(email=OWNER).exists()


def credentials() -> list[dict[str, str]]:
    """What bin/serve prints: who, where, and with what."""
    shown = [
        ("Owner", "desk", OWNER),
        ("Consultant, CAIO and CTO", "desk", ANSEL),
        ("Associate", "desk", BETTINA),
        ("Finance", "desk", "fintan@lantern-loom.example"),
        ("Owner of another practice, also a contact here", "desk", NELL),
        ("Sponsor of Marmalade Insurance", "portal", "petra@marmalade.example"),
        ("Board member of Marmalade Insurance", "portal", "magnus@marmalade.example"),
        ("Reviewer at Copperkettle Robotics", "portal", "rowan@copperkettle.example"),
    ]
    found = [
        {"who": who, "where": where, "login": login, "secret": PASSWORD}
        for who, where, login in shown
    ]
    key = ApiKey.objects.filter(name=KEY_NAME, practice__name=LANTERN, revoked_at=None).first()
    if key is not None:
        text = keys.text_of(key, _secret())
        found.append({"who": KEY_NAME, "where": "api", "login": "Bearer", "secret": text})
    return found


@transaction.atomic
def load(at: datetime.datetime) -> None:
    """Both practices. One transaction: a demo that stops half way leaves nothing."""
    # They all share one, and it is printed: one hash does for all.
    secret = {"password": PASSWORD, "hashed": make_password(PASSWORD)}
    logins = {
        email: users.make(email=email, name=name, at=ago(at, 1000), **secret)
        for email, name in PEOPLE.items()
    }
    lantern = _found(LANTERN, logins[OWNER], at, colour="#8a4b08", time_zone=ZONE, country="DE")
    gantry = _found(
        GANTRY,
        logins[NELL],
        at,
        colour="#1d6b57",
        time_zone="Europe/London",
        country="GB",
        currency="GBP",
    )
    team = {OWNER: lantern} | {
        email: _join(lantern, logins[email], role, at) for email, role in MEMBERS.items()
    }
    made = {story.name: _tell(story, lantern, team, logins, at) for story in STORIES[LANTERN]}
    for story in STORIES[GANTRY]:
        _tell(story, gantry, {NELL: gantry}, logins, at)
    _compete(made, lantern, team[ANSEL], at)
    _invite(made, lantern, at)
    _key(lantern, at)
    for chapter in chapters():
        chapter(lantern, team, at)
    _heard(at - RECENT)


def _heard(until: datetime.datetime) -> None:
    """What was said of dates until then was said at the time: the first tick tells of the last days, not of years."""
    told = [(kind, rule) for kind, rule in agenda_rules.rules().items() if not rule.effects]
    for kind, rule in told:
        agenda.move_on(AgendaEntry.objects.filter(kind=kind, next_at__lte=until), rule, until)


def _found(name: str, owner: User, at: datetime.datetime, **details: Any) -> Member:
    by = access.system(source="import")
    return practices.found(name=name, owner=owner, at=ago(at, 990), by=by, **details)


def _as(member: Member) -> Actor:
    return identity.actor(member, "import")


def _join(owner: Member, user: User, role: str, at: datetime.datetime) -> Member | Contact:
    asked = ago(at, 980)
    row = invitations.invite_member(email=user.email, role=role, by=_as(owner), at=asked)
    return invitations.accept(row, user=user, by=_as(owner), at=asked)


def _tell(
    story: Story,
    owner: Member,
    team: dict[str, Any],
    logins: dict[str, User],
    at: datetime.datetime,
) -> Client:
    by = _as(owner)
    leader = team.get(story.team[0][0], owner) if story.team else owner
    details = dict(story.details)
    if story.day_rate:
        details["day_rate"] = story.day_rate
    client = clients.add(
        by=by,
        at=ago(at, story.since),
        responsible=leader,
        name=story.name,
        legal_name=f"{story.name} Ltd (invented)",
        industry=story.industry,
        country=story.country,
        time_zone=story.time_zone,
        currency=owner.practice.currency,
        fiscal_year_start=story.fiscal_year_start,
        **details,
    )
    for address, hat in story.team:
        if hat or team[address] != leader:
            assignments.assign(
                client, member=team[address], hat=hat, by=by, at=ago(at, story.since)
            )
    _change_support_to_hats(client, leader, by, at=ago(at, story.since))
    for person in story.people:
        _meet(person, client, owner, logins, at)
    for hat, status, holder, days in story.seats:
        since = ago(at, days)
        seats.record(
            client, hat=hat, status=status, holder=holder, since_on=since.date(), by=by, at=since
        )
    if story.active_since is not None:
        client = clients.change(client, status="active", by=by, at=ago(at, story.active_since))
    if story.ended is not None:
        client = clients.change(client, status="former", by=by, at=ago(at, story.ended))
    return client


def _change_support_to_hats(
    client: Client, leader: Member, by: Actor, at: datetime.datetime
) -> None:
    """Who is responsible is assigned in support at once; with a hat on, that says nothing more."""
    held = leader.assignments.filter(client=client)
    support = held.filter(hat="").first()
    if support is not None and held.count() > 1:
        assignments.withdraw(support, by=by, at=at)


def _meet(
    person: Person,
    client: Client,
    owner: Member,
    logins: dict[str, User],
    at: datetime.datetime,
) -> None:
    met = client.created_at
    contact = contacts.add(
        client,
        by=_as(owner),
        at=met,
        name=person.name,
        role=person.role,
        title=person.title,
        email=person.email,
    )
    if person.email in logins:
        row = invitations.invite_contact(contact, by=_as(owner), at=met)
        invitations.accept(row, user=logins[person.email], by=_as(owner), at=met)


def _compete(
    made: dict[str, Client], owner: Member, consultant: Member, at: datetime.datetime
) -> None:
    """Two insurers with one consultant: flagged, with the reason on record for one of the two."""
    marked = ago(at, 95)
    one, other = made["Marmalade Insurance"], made["Thistledown Mutual"]
    clients.mark_competitors(one, other, by=_as(owner), at=marked)
    flagged = consultant.assignments.filter(client=other, conflict=True).first()
    assignments.give_reason(
        flagged,
        reason="Different lines of business; both sponsors were asked and agreed in writing.",
        by=_as(owner),
        at=marked,
    )


def _invite(made: dict[str, Client], owner: Member, at: datetime.datetime) -> None:
    """One invitation just sent, one that expires within two days, one that ran out."""
    life = settings.INVITATION_DAYS
    new = Contact.objects.get(client=made["Quillfeather Foods"])
    late = Contact.objects.get(client=made["Tidewhistle Clinics"])
    invitations.invite_contact(new, by=_as(owner), at=ago(at, 0))
    invitations.invite_contact(late, by=_as(owner), at=ago(at, life) + datetime.timedelta(hours=32))
    asked = ago(at, life + 5)
    old: Invitation = invitations.invite_member(
        email="wilf@lantern-loom.example",
        name="Wilf Cloudberry",
        role="associate",
        by=_as(owner),
        at=asked,
    )
    ended = old.expires_at
    invitations.expire(old.pk, access.system(owner.practice_id), ended)


def _key(owner: Member, at: datetime.datetime) -> None:
    keys.make(
        by=_as(owner),
        at=at,
        name=KEY_NAME,
        scopes=["read", "write", "commercial"],
        secret=_secret(),
    )


def _secret() -> str:
    """The same for one installation and for no other."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"remit.demo.key", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
