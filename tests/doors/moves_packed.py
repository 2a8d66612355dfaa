"""Valid calls for packs and the links to them."""

from tests.doors.moving import Move, always, nothing, of

MOVES = {
    "POST packs/": Move("pack", of("engagement", title="T", pieces=["DV-05"]), ("pack.made",)),
    "PATCH packs/{id}/": Move("pack", always(title="Renamed"), ("pack.changed",)),
    "DELETE packs/{id}/": Move("pack", nothing, ("pack.removed",), at="pack nobody has"),
    "POST packs/{id}/share/": Move("pack", always(recipient="Nora"), ("pack_share.made",)),
    "POST pack-shares/{id}/revoke/": Move("packshare", nothing, ("pack_share.revoked",)),
}
