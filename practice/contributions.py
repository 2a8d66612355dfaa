"""What the ground floor itself contributes to its registers."""

from practice import (
    agenda,
    agenda_letters,
    clients,
    digests,
    file_links,
    invitations,
    notices,
    replanning,
)
from practice.hooks import letters as hook_letters

agenda.RECIPIENTS.add("invitee", invitations.invitees)
agenda.RECIPIENTS.add("inviter", invitations.inviters)
notices.LETTERS.add("invitation", invitations.letter)
notices.LETTERS.add("invitation_reminder", invitations.reminder_letter)
notices.LETTERS.add("invitation_expired", invitations.expired_letter)
notices.EFFECTS.add("expire_invitation", invitations.expire)
notices.LETTERS.add(notices.DIGEST, digests.letter)
agenda.RECIPIENTS.add("owner", agenda_letters.owner)
agenda.RECIPIENTS.add("owners", agenda_letters.owners)
agenda.RECIPIENTS.add("sponsors", agenda_letters.sponsors)
notices.LETTERS.add("entry_due", agenda_letters.due)
notices.LETTERS.add("entry_overdue", agenda_letters.overdue)
clients.FOLLOWERS.add("dates", replanning.client_changed)
notices.EFFECTS.add("follow_client", replanning.follow_client)
notices.LETTERS.add("webhook_disabled", hook_letters.disabled)
file_links.KINDS.add("file", file_links.Linked(find=file_links.file))
