"""Why what is no resource and no admin page is no door, or how it is scoped. What is not named here fails the suite."""

# Routes by their pattern; one that ends in /* stands for all below it.
ROUTES = {
    "/": "front page: sends people on, shows nothing of anybody",
    "/switch/": "the places of the login itself",
    "/join/{token}/": "whoever holds the mailed link, which is signed, single-use and expiring",
    "/calendar/{token}.ics": "what the person of the feed may see now; tests/doors/test_channels.py asks as everybody",
    "/files/{token}/": "whoever the link was made for, who is asked anew; tests/practice/test_file_links.py replays them",
    "/no-digest/{token}/": "whoever holds the mailed link, which is signed: it stops one person's own digest",
    "/logo/": "of the practice one acts from",
    "/accounts/*": "allauth: the login's own mail addresses, factors and password",
    "/heads/{practice}/": "hashes, meant for everybody; tests/deliverables/test_anchors.py looks that there is no more",
    "/contributions/{token}/": "whoever was asked about a section, by a link kept as a hash, expiring and revocable",
    "/packs/{token}/*": "whoever holds a pack's link, kept as a hash, expiring and revocable",
    "/registers/{token}/*": "whoever holds a register's link, kept as a hash, expiring and revocable",
    "/answer/{token}/*": "whoever holds the prospect's link, kept as a hash, expiring and revocable",
    "/api/v1/lenses/*": "published frameworks, the same for everybody; runs store nothing",
    "/api/v1/panel/evaluate/": "computes from the facts that were sent; reads and stores no row",
    "/api/v1/spectrum/": "published points, moves and prices, the same for everybody",
    "/api/v1/deliverable-catalogue/*": "the catalogue that comes with the program, the same for everybody",
    "/api/v1/balances/": "of the one engagement that is named; tests/doors/test_computed.py asks for others'",
    "/api/v1/hat-balances/": "of the one engagement that is named; tests/doors/test_computed.py asks for others'",
    "/api/v1/decision-check/": "of the one engagement that is named; tests/doors/test_computed.py asks for others'",
    "/api/v1/decision-report/": "of the one engagement that is named; tests/doors/test_computed.py asks for others'",
    "/api/v1/spend-report/": "of the one client that is named; tests/doors/test_computed.py asks for others'",
    "/api/v1/portfolio/": "of the engagements one sees; tests/doors/test_computed.py asks as everybody",
    "/api/v1/me/": "what the credential itself says",
    "/api/v1/me/preferences/": "one's own; tests/doors/test_channels.py asks as everybody",
    "/api/schema/": "the contract, the same for everybody",
    "/api/docs/": "the contract, the same for everybody",
    "/healthz": "one word",
    "/readyz": "one word each for database, broker and clockwork",
    "/metrics": "counts of the installation, for the bearer of METRICS_TOKEN",
}
# Management commands run as whoever administers the machine, who has the database anyway.
COMMANDS = {
    "evaluate": "computes from a file of answers; reads no row",
    "prepare": "migrates and, where nothing is, founds the demo practice",
    "setup": "founds a practice for a new owner; reads no row",
    "verify_log": "checks the logs where they lie; says numbers of entries and what is wrong with them",
    "tick": "what the tasks of the worker do, once",
    "grant": "gives a role of the database what the rows of each table allow: whoever runs it owns the tables already",
}
# Tasks take no actor: each says which verb gives the practice to every row it touches.
TASKS = {
    "practice.tasks.deliver": "deliveries carry the practice of their webhook; only events of it become some",
    "practice.tasks.drain": "notices carry their practice; effects act as the system within it",
    "practice.tasks.render": "papers carry their client; what they say is read as the system within its practice",
    "practice.tasks.tick": "agenda entries hand their own practice and client to the notices they make",
}
