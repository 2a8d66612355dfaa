"""Contacts, seats, members and invitations by verb."""

import datetime

import pytest

from practice import contacts, invitations, members, practices, seats
from practice.access import system
from practice.models import AgendaEntry, Contact, Event, Invitation, Member, Notice, Seat
from practice.refusals import Invalid, NotAllowed, NotFound, Taken
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)


def test_a_contact_is_counted_on_the_client_until_closed(cast):
    by = make.actor(cast.ada)
    cast.orchard.refresh_from_db()
    before = cast.orchard.contacts_count
    contact = contacts.add(cast.orchard, by=by, at=NOW, name="Nils", role="viewer")
    cast.orchard.refresh_from_db()
    assert cast.orchard.contacts_count == before + 1
    contacts.change(contact, by=by, at=NOW, active=False)
    cast.orchard.refresh_from_db()
    assert cast.orchard.contacts_count == before


def test_an_address_belongs_to_one_contact_per_client(cast):
    by = make.actor(cast.ada)
    with pytest.raises(Taken):
        contacts.add(
            cast.orchard, by=by, at=NOW, name="P", role="viewer", email="PRIYA@orchard.test"
        )
    other = contacts.add(
        cast.quarry,
        by=make.actor(cast.olu),
        at=NOW,
        name="P",
        role="viewer",
        email="priya@orchard.test",
    )
    assert other.client == cast.quarry


def test_the_log_says_that_a_contact_changed_but_not_to_what(cast):
    contacts.change(cast.priya, by=make.actor(cast.ada), at=NOW, name="Priya N.")
    event = Event.objects.get(kind="contact.changed")
    assert (event.before, event.after) == ({"name": "(personal)"}, {"name": "(personal)"})


def test_a_closed_contact_cannot_get_in(cast, api, page):
    caller, browser = api(cast.priya), page(cast.priya)
    assert caller.get("clients/").status_code == 200
    contacts.change(cast.priya, by=make.actor(cast.ada), at=NOW, active=False)
    assert caller.get("clients/").status_code == 401
    assert browser.get("/portal/").status_code == 302


def test_a_seat_keeps_its_history(cast):
    by, day = make.actor(cast.ada), datetime.date(2026, 1, 10)
    seats.record(cast.orchard, hat="CTO", status="none", since_on=day, by=by, at=NOW)
    present = seats.record(
        cast.orchard, hat="CTO", status="filled", holder="Ada", since_on=day + DAY, by=by, at=NOW
    )
    stretches = list(Seat.objects.filter(client=cast.orchard, hat="CTO").order_by("since_on"))
    assert [(s.status, s.until_on) for s in stretches] == [("none", day + DAY), ("filled", None)]
    assert stretches[1] == present


def test_a_seat_change_cannot_lie_before_the_present_one(cast):
    by, day = make.actor(cast.ada), datetime.date(2026, 1, 10)
    seats.record(cast.orchard, hat="CTO", status="none", since_on=day, by=by, at=NOW)
    with pytest.raises(seats.BeforePresent):
        seats.record(cast.orchard, hat="CTO", status="filled", since_on=day - DAY, by=by, at=NOW)


def test_an_empty_seat_has_no_holder(cast):
    with pytest.raises(Invalid) as refused:
        seats.record(
            cast.orchard,
            hat="CTO",
            status="none",
            holder="Ada",
            since_on=NOW.date(),
            by=make.actor(cast.ada),
            at=NOW,
        )
    assert list(refused.value.errors) == ["holder"]


def test_the_last_owner_stays_owner(cast):
    by = make.actor(cast.olu)
    with pytest.raises(members.LastOwner):
        members.change(cast.olu, by=by, at=NOW, role="consultant")
    members.change(cast.ada, by=by, at=NOW, role="owner")
    assert members.change(cast.olu, by=by, at=NOW, role="consultant").role == "consultant"


def test_only_an_owner_invites_members(cast):
    with pytest.raises(NotAllowed):
        invitations.invite_member(
            email="new@lantern.test", role="owner", by=make.actor(cast.ada), at=NOW
        )


def test_an_invitation_is_accepted_once_by_its_address_only(cast):
    by = make.actor(cast.olu)
    row = invitations.invite_member(email="new@lantern.test", role="associate", by=by, at=NOW)
    found = invitations.find(invitations.token(row), at=NOW)
    stranger, invited = make.user("else@lantern.test"), make.user("new@lantern.test")
    with pytest.raises(invitations.WrongPerson):
        invitations.accept(found, user=stranger, by=system(), at=NOW)
    joined = invitations.accept(found, user=invited, by=system(), at=NOW)
    assert (type(joined), joined.role, joined.practice) == (Member, "associate", cast.practice)
    with pytest.raises(invitations.InvitationEnded):
        invitations.accept(found, user=invited, by=system(), at=NOW)
    with pytest.raises(invitations.InvitationEnded):
        invitations.find(invitations.token(row), at=NOW)


def test_a_contact_accepts_and_acts_for_that_client(cast):
    by = make.actor(cast.ada)
    contact = contacts.add(
        cast.orchard, by=by, at=NOW, name="Nils", role="viewer", email="nils@orchard.test"
    )
    row = invitations.invite_contact(contact, by=by, at=NOW)
    joined = invitations.accept(row, user=make.user("nils@orchard.test"), by=system(), at=NOW)
    assert (type(joined), joined.pk, joined.user.email) == (
        Contact,
        contact.pk,
        "nils@orchard.test",
    )


def test_the_token_is_in_no_table(cast):
    row = invitations.invite_member(
        email="n@lantern.test", role="owner", by=make.actor(cast.olu), at=NOW
    )
    text = invitations.token(row)
    stored = [
        str(value)
        for r in (*Invitation.objects.values(), *Notice.objects.values())
        for value in r.values()
    ]
    assert not any(text in value or text.split(":")[-1] in value for value in stored)


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "eyJh:sig", "é" * 40])
def test_a_made_up_token_finds_nothing(db, text):
    with pytest.raises(NotFound):
        invitations.find(text, at=NOW)


def test_an_invitation_ends_when_its_time_is_up(cast):
    row = invitations.invite_member(
        email="n@lantern.test", role="owner", by=make.actor(cast.olu), at=NOW
    )
    with pytest.raises(invitations.InvitationEnded):
        invitations.find(invitations.token(row), at=row.expires_at)


def test_inviting_a_contact_again_ends_the_earlier_link(cast):
    by = make.actor(cast.ada)
    contact = contacts.add(
        cast.orchard, by=by, at=NOW, name="N", role="viewer", email="n@orchard.test"
    )
    first = invitations.invite_contact(contact, by=by, at=NOW)
    second = invitations.invite_contact(contact, by=by, at=NOW)
    first.refresh_from_db()
    assert (first.status, second.status) == ("revoked", "pending")
    statuses = AgendaEntry.objects.order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "open"]


def test_a_contact_whose_address_changes_loses_the_open_invitation(cast):
    by = make.actor(cast.ada)
    contact = contacts.add(
        cast.orchard, by=by, at=NOW, name="N", role="viewer", email="n@orchard.test"
    )
    row = invitations.invite_contact(contact, by=by, at=NOW)
    contacts.change(contact, by=by, at=NOW, email="other@orchard.test")
    row.refresh_from_db()
    assert row.status == "revoked"


def test_the_same_person_is_not_invited_twice_as_member(cast):
    by = make.actor(cast.olu)
    invitations.invite_member(email="n@lantern.test", role="owner", by=by, at=NOW)
    with pytest.raises(Taken):
        invitations.invite_member(email="N@lantern.test", role="owner", by=by, at=NOW)
    with pytest.raises(Taken):
        invitations.invite_member(email="ada@lantern.test", role="owner", by=by, at=NOW)


def test_a_member_who_left_joins_again_as_the_same_member(cast):
    by = make.actor(cast.olu)
    members.change(cast.ben, by=by, at=NOW, active=False)
    row = invitations.invite_member(email="ben@lantern.test", role="consultant", by=by, at=NOW)
    again = invitations.accept(row, user=cast.ben.user, by=system(), at=NOW)
    assert (again.pk, again.active, again.role) == (cast.ben.pk, True, "consultant")


def test_one_login_in_two_practices_never_mixes(cast, api):
    make.contact(cast.zoes_client, "Ada", "sponsor", cast.ada.user, email="ada@lantern.test")
    as_member = api(cast.ada).get("clients/").json()["results"]
    as_contact = api(Contact.objects.get(user=cast.ada.user)).get("clients/").json()["results"]
    assert [r["name"] for r in as_member] == ["Orchard"]
    assert [r["name"] for r in as_contact] == ["Harbour"]


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"nonsense": 1}, "policy.nonsense"),
        ({"api_key_longest_days": "long"}, "policy.api_key_longest_days"),
        ({"api_key_longest_days": True}, "policy.api_key_longest_days"),
        ({"api_key_longest_days": 0}, "policy.api_key_longest_days"),
        ([], "policy"),
    ],
)
def test_a_policy_is_a_known_key_with_an_allowed_value(cast, policy, field):
    with pytest.raises(Invalid) as refused:
        practices.change(cast.practice, by=make.actor(cast.olu), at=NOW, policy=policy)
    assert list(refused.value.errors) == [field]


def test_a_logo_is_written_anew_as_a_small_png(cast):
    import io

    from PIL import Image

    raw = io.BytesIO()
    Image.new("RGB", (900, 300), "#aa3311").save(raw, "JPEG", comment=b"<script>")
    by = make.actor(cast.olu)
    changed = practices.set_logo(cast.practice, by=by, at=NOW, image=raw.getvalue())
    with Image.open(io.BytesIO(changed.logo)) as logo:
        assert (logo.format, logo.size) == ("PNG", (320, 107))
    assert b"script" not in changed.logo


@pytest.mark.parametrize(
    "image", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n broken", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(cast, image):
    with pytest.raises(Invalid):
        practices.set_logo(cast.practice, by=make.actor(cast.olu), at=NOW, image=image)
