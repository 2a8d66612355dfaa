"""Two practices and six clients with a row of every kind at each, all of them marked."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils import timezone

from practice import access, assignments, clients, contacts, ids, invitations, keys, seats
from practice.models import (
    AgendaEntry,
    ApiKey,
    Client,
    Contact,
    Event,
    Member,
    Notice,
    Practice,
    Replay,
)
from tests import cast as casting
from tests import make
from tests.callers import Caller
from tests.doors import (
    assessed,
    billed,
    channelled,
    delivered,
    drawers,
    engaged,
    estated,
    filler,
    roadmapped,
)
from tests.doors.canaries import Canaries, Origin, Places, owned_models, plant

# The three places that rows are asked for by id; mill and vineyard exist only to be their competitors.
PLACES = ("orchard", "quarry", "harbour")
LATER = datetime.datetime(2099, 5, 1, 12, 0, tzinfo=datetime.UTC)


@dataclass
class World:
    cast: casting.Cast
    clients: dict[str, Client]
    canaries: Canaries = field(default_factory=Canaries)
    keys: dict[str, str] = field(default_factory=dict)
    people: dict[str, Member | Contact] = field(default_factory=dict)
    rows: dict[tuple[str, str], models.Model] = field(default_factory=dict)
    """The row of each kind at each place, by (place, model name)."""
    spare: dict[tuple[str, str], models.Model] = field(default_factory=dict)
    """A second one in the state that another verb needs."""

    def callers(self) -> dict[str, Caller]:
        """Everybody who may knock, signed in."""
        people = {name: Caller(place) for name, place in self.people.items()}
        return (
            people | {name: Caller(text) for name, text in self.keys.items()} | {"nobody": Caller()}
        )

    def own_name(self, actor: str) -> str:
        """A key may say what it is called."""
        if actor not in self.keys:
            return ""
        return ApiKey.objects.get(prefix=self.keys[actor].split("_")[1]).name

    def id(self, place: str, model: str) -> str:
        return str(self.rows[place, model].pk)


def build(extra: Iterable[type[models.Model]] = ()) -> World:
    cast = casting.build()
    home = {"orchard": cast.orchard, "quarry": cast.quarry, "harbour": cast.zoes_client}
    home["mill"] = make.client(cast.olu, "Mill")
    home["vineyard"] = make.client(cast.olu, "Vineyard")
    home["marina"] = make.client(cast.zoe, "Marina")
    home["cove"] = make.client(cast.zoe, "Cove")
    world = World(cast, home)
    _people(world)
    for place in PLACES:
        _rows_at(world, place)
    for house, owner in (("lantern", cast.olu), ("northlight", cast.zoe)):
        _rows_of_house(world, house, owner)
    for place in PLACES:
        _engaged(world, place)
        _channelled(world, place)
    _keys(world)
    # A third of each kind that the filler cannot make, so that lists of three can be asked for.
    assessed.rows_at(home["mill"], "mill", world.canaries)
    estated.rows_at(home["mill"], "mill", world.canaries)
    roadmapped.rows_at(home["mill"], "mill", world.canaries)
    owned = owned_models(extra)
    for place in PLACES:
        world.rows[place, "event"] = _event(world, place, "client.added")
        filler.fill(world.rows, place, owned, world.canaries)
    plant(world.canaries, _places(world), owned)
    _events(world)
    _refresh(world)
    return world


def _places(world: World) -> Places:
    houses = {world.cast.practice.pk: "lantern", world.cast.other_practice.pk: "northlight"}
    clients_ = {client.pk: name for name, client in world.clients.items()}
    return Places(clients_, houses, {str(row.pk): name for name, row in world.people.items()})


def _people(world: World) -> None:
    cast = world.cast
    amy = make.member(cast.practice, make.user("amy@lantern.test", "Amy"), "associate")
    make.assignment(amy, cast.orchard)
    make.assignment(cast.ada, world.clients["mill"], "CTO")
    named = ("olu", "ada", "ben", "fin", "priya", "marta", "ravi", "zoe")
    world.people = {name: getattr(cast, name) for name in named} | {
        "amy": amy,
        "hana": cast.zoes_contact,
    }
    for role in ("reviewer", "viewer"):
        person = make.user(f"{role}@orchard.test", role)
        world.people[role] = make.contact(cast.orchard, role, role, person, email=person.email)


def _system(client: Client) -> access.Actor:
    return access.system(client.practice_id)


def _rows_at(world: World, place: str) -> None:
    client, by, rival = world.clients[place], _system(world.clients[place]), _rival(world, place)
    hers = make.contact(client, "Plain", "viewer", email=f"plain@{place}.test")
    invited = make.contact(client, "Invited", "viewer", email=f"invited@{place}.test")
    seat = seats.record(
        client, hat="CDO", status="filled", since_on=make.NOW.date(), holder="H", by=by, at=make.NOW
    )
    empty = seats.record(
        client, hat="CIO", status="none", since_on=make.NOW.date(), by=by, at=make.NOW
    )
    pair = clients.mark_competitors(client, rival, by=by, at=make.NOW)
    key, _ = keys.make(by=by, at=make.NOW, name="K", scopes=["read"], client=client)
    invitation = invitations.invite_contact(invited, by=by, at=make.NOW)
    found = [client, hers, seat, pair, key, invitation, _entry(client), _notice(client)]
    found += [_assignment(world, place), client.practice]
    found += assessed.rows_at(client, place, world.canaries)
    world.spare[place, "assessment"] = assessed.run_again(client)
    estate, spare = estated.rows_at(client, place, world.canaries)
    found += estate
    roadmap, more = roadmapped.rows_at(client, place, world.canaries)
    found += roadmap
    world.spare |= {(place, name): row for name, row in {**spare, **more}.items()}
    # Young enough to be rotated, whatever the clock says.
    today = timezone.now()
    type(key).objects.filter(pk=key.pk).update(
        created_at=today, expires_at=today + datetime.timedelta(days=30)
    )
    world.rows |= {(place, row._meta.model_name): row for row in found}
    world.spare |= {(place, "contact"): invited, (place, "seat"): empty}
    world.spare[place, "client"] = rival


def _rival(world: World, place: str) -> Client:
    return world.clients[{"orchard": "mill", "quarry": "vineyard", "harbour": "marina"}[place]]


def _assignment(world: World, place: str) -> models.Model:
    """One that can be withdrawn: not the responsible member's last."""
    client = world.clients[place]
    someone = world.cast.zoe if place == "harbour" else world.cast.fin
    return assignments.assign(
        client, member=someone, hat="CIO", reason="R", by=_system(client), at=make.NOW
    )


def _entry(client: Client | None, practice: Practice | None = None) -> AgendaEntry:
    return AgendaEntry.objects.create(
        practice=client.practice if client else practice,
        client=client,
        kind=invitations.KIND,
        subject_id=ids.new(),
        title="T",
        due_at=LATER,
        client_sees=True,
        created_at=make.NOW,
    )


def _notice(client: Client | None, practice: Practice | None = None) -> Notice:
    """A dead one, which the owner may try again."""
    return Notice.objects.create(
        practice=client.practice if client else practice,
        client=client,
        channel=Notice.Channel.MAIL,
        kind="invitation",
        subject_id=ids.new(),
        occurrence="sent",
        recipient="invitee",
        address="someone@canary.test",
        status=Notice.Status.DEAD,
        due_at=make.NOW,
        created_at=make.NOW,
    )


def _rows_of_house(world: World, house: str, owner: Member) -> None:
    """What belongs to the practice and to no client."""
    by = make.actor(owner)
    key, _ = keys.make(by=by, at=make.NOW, name="K", scopes=["read"])
    invitation = invitations.invite_member(
        email=f"new@{house}.test", role="consultant", by=by, at=make.NOW
    )
    gone = make.member(owner.practice, make.user(f"gone@{house}.test", "Gone"), "finance")
    replay = Replay.objects.create(
        practice=owner.practice,
        credential=by.credential,
        key=f"{house}-key",
        fingerprint="0" * 64,
        created_at=make.NOW,
    )
    found = [
        key,
        invitation,
        replay,
        _entry(None, owner.practice),
        _notice(None, owner.practice),
    ]
    hook, times = channelled.rows_of_house(owner)
    world.rows[house, "webhook"] = hook
    kind, retired = delivered.rows_of_house(owner)
    made = [gone, times, kind, *billed.rows_of_house(owner)]
    stated = {row._meta.model_name: row for row in made}
    world.rows |= {(house, row._meta.model_name): row for row in found}
    world.rows |= {(house, name): row for name, row in stated.items()}
    for place in PLACES:
        if world.clients[place].practice_id == owner.practice_id:
            world.rows |= {(place, name): row for name, row in stated.items()}
            world.spare[place, "kind retired"] = retired


def _engaged(world: World, place: str) -> None:
    cast = world.cast
    people: dict[str, tuple[Member, Contact]] = {
        "orchard": (cast.ada, cast.priya),
        "quarry": (cast.olu, cast.ravi),
        "harbour": (cast.zoe, cast.zoes_contact),
    }
    lead, sponsor = people[place]
    gone = world.rows[place, "member"]
    site = engaged.Site(
        world.clients[place], place, world.canaries, lead=lead, sponsor=sponsor, other=gone
    )
    engaged.rows_at(site)
    world.rows |= {(place, name): row for name, row in site.found.items()}
    world.spare |= {(place, name): row for name, row in site.spare.items()}
    # What is of this place and not for everybody there is somebody's hidden row.
    for drawer, names in engaged.DRAWERS.items():
        for name in names:
            row = site.spare[name]
            world.rows[f"{place}, {drawer}", row._meta.model_name] = row


def _channelled(world: World, place: str) -> None:
    """One's own are the owner's at Orchard, a contact's at Quarry, and at Harbour the other owner's."""
    cast, client = world.cast, world.clients[place]
    owner = cast.zoe if place == "harbour" else cast.olu
    whose = {"orchard": cast.olu, "quarry": cast.ravi, "harbour": cast.zoe}[place]
    found, spare = channelled.rows_at(client, owner, whose)
    world.rows |= {(place, name): row for name, row in found.items()}
    world.spare |= {(place, name): row for name, row in spare.items()}
    others = {
        "orchard": ("ada", "amy", "priya", "viewer"),
        # Hers from before: she works there no longer.
        "quarry": ("olu", "ada"),
        "harbour": ("hana",),
    }[place]
    for name in others:
        row = channelled.item(client, world.people[name])
        world.rows[f"{place}, of {name}", "inboxitem"] = row
    for name in others if place != "quarry" else ("olu",):
        world.rows[f"{place}, of {name}", "feed"] = channelled.feed(world.people[name])
        channelled.choice(world.people[name])


def _keys(world: World) -> None:
    home, other, orchard = world.cast.practice, world.cast.other_practice, world.clients["orchard"]
    world.keys = {
        "bot": world.cast.bot,
        "writer": make.key(home, "Writer", ("read", "write", "commercial")),
        "limited": make.key(home, "Limited", ("read",), orchard),
        "limited_writer": make.key(home, "Limited writer", ("read", "write"), orchard),
        "zoes_bot": make.key(other, "Zoe's", ("read", "write", "commercial")),
    }


def _events(world: World) -> None:
    """Happenings that quote what the rows hold, under marks of their own."""
    for place in PLACES:
        client, mark = world.clients[place], world.canaries.text
        by, here = _system(client), frozenset({place})
        client.refresh_from_db()
        world.rows[place, "contact"].refresh_from_db()
        clients.change(
            client,
            legal_name=mark(Origin(here, "client", "legal_name")),
            po_number=mark(Origin(here, "client", "po_number")),
            day_rate=world.canaries.sum(Origin(here, "client", "day_rate")),
            by=by,
            at=make.NOW,
        )
        name = mark(Origin(here, "apikey", "name"))
        keys.make(by=by, at=make.NOW, name=name, scopes=["read"], client=client)
        assignments.give_reason(
            world.rows[place, "assignment"],
            reason=mark(Origin(here, "assignment", "conflict_reason")),
            by=by,
            at=make.NOW,
        )
        # A personal value that was in the row for a moment: wherever it shows, the log has kept it.
        contact, title = world.rows[place, "contact"], world.rows[place, "contact"].title
        never = mark(Origin(here, "(never)", "personal value in the event log"))
        contacts.change(contact, title=never, by=by, at=make.NOW)
        contacts.change(contact, title=title, by=by, at=make.NOW)


def _refresh(world: World) -> None:
    """Rows as they are now; what the verbs wrote meanwhile gets its origin too."""
    where = _places(world)
    for row in [*world.rows.values(), *world.spare.values(), *world.people.values()]:
        row.refresh_from_db()
    for model in owned_models():
        for row in drawers.rows(model):
            origin = Origin(where.of(row), model._meta.model_name, "id")
            world.canaries.ids.setdefault(str(row.pk), origin)
    for place in PLACES:
        world.rows[place, "event"] = _event(world, place, "client.changed")


def _event(world: World, place: str, kind: str) -> Event:
    return Event.objects.filter(client=world.clients[place], kind=kind)[0]
