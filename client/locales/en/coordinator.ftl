# What a coordinator reads at a terminal.

## Keys
ask-passphrase = Passphrase of { $path }:
passphrase-suggestion = A good passphrase is six words that do not belong together. For example these, made just now for you:
passphrase-new = New passphrase:
passphrase-again = The same again:
passphrase-differs = The two are not the same. Once more:
key-made =
    Made { $path }. Keep a copy of the file apart; without the passphrase nobody opens it.
    Give the card to those who sign the roster: kua key show { $path } --json
key-made-root =
    Made { $path }. It signs rosters and reads nothing. Keep it on a machine without a network,
    and a copy in another place: without it the link cannot be renewed.
key-export-warning = The next line is the secret key itself. Whoever has it reads every report sealed to it.
key-passphrase-changed = The passphrase is changed. Copies of the file keep the old one.

## The roster
roster-signed =
    Signed { $path }: roster { $serial } with { $count } coordinators, until { $day }.
    Let everybody compare these digits by voice:
roster-published = The drop has roster { $serial } now.
roster-ends-soon = The roster ends in { $days } days: ask the holder of the root to sign a new one in time.

## Reading
inbox-reading = Opening reports
inbox-empty = No reports.
inbox-not-for-you = sealed to other coordinators
inbox-delete-asked = { $by } wants it deleted; it goes when { $day } has ended (UTC). kua delete … --keep keeps it.
inbox-leaving =
    { $count ->
        [one] One report is to be deleted and is not shown; kua inbox --all shows it.
       *[other] { $count } reports are to be deleted and are not shown; kua inbox --all shows them.
    }
disagrees-drop = Careful: inside, this report names another drop than the one that served it.
disagrees-mailbox = Careful: inside, this report names another sender than the drop does.
disagrees-thread = Careful: this report does not belong to the thread that it names: its proof does not hold, or the thread is another person's.
thread-proven = the thread of { $first } (proven)
thread-unproven = the thread of { $first }, as it says itself; kua open of that one proves it
thread-refuted = not the thread of { $first }, which it names
inbox-unverified = only its beginning was read; kua open or kua fetch checks it to its end
shown-otherwise = Careful: the inbox had shown { $id } otherwise. Somebody made that up: do not trust this drop, and tell the other coordinators.
open-fetching = Fetching
fetch-fetching = Saving
open-written = Written to { $path }, readable for everybody who can read that folder. Remove it when it is not needed.
open-id = Id
open-day = Arrived
open-thread = Belongs to

## Deleting
delete-done = { $id } is deleted.
delete-asked = { $id } is marked, and deleted when { $day } has ended (UTC), or at once when a second coordinator asks for it.
delete-kept = { $id } is kept.

## Answering
reply-left = The reply to { $id } lies in the mailbox; its number is { $number }. Only its author can open it.

## Receipts
receipt-served = { $id } is at the drop, whole, as its receipt of { $day } says.
receipt-gone =
    The drop took in { $id } on { $day } and says that it was deleted since. A coordinator can have asked for that, or its
    time was over. Ask your colleagues; if neither is so, the drop took it away.
receipt-dropped = The drop broke its word: it took in { $id } on { $day }, and has neither the report nor a trace of its being deleted. Either somebody took it away, or the operator went back to an older copy. Do not trust this drop until that is explained; ask the sender to send it again.

## The case log
triage-noting = Noting
triage-noted = { $id }: noted as entry { $entry }.
case-status = Status
case-severity-open = as the report says
case-assignee = Assigned to
case-labels = Labels
case-linked = Linked
case-readers = Readers
case-beside =   but also
case-concurrent = { $value } (entry { $entry }, written at the same time)
case-nobody = nobody
status-new = new
status-in-review = in review
status-verified = verified
status-needs-information = needs information
status-closed = closed
status-rejected = rejected
relation-duplicate = duplicate of
relation-same-event = same event as
relation-related = related to
log-status = status: { $status }
log-severity = severity: { $severity }
log-severity-open = severity: as the report says
log-label-on = label put on: { $label }
log-label-off = label taken off: { $label }
log-assignee = assigned to { $name }
log-assignee-none = assigned to nobody
log-note = note:
log-link-on = { $relation } { $id }
log-link-off = no longer: { $relation } { $id }
log-reply = answered the sender (reply { $number }):
log-acknowledgement = told the sender that the report was opened
log-undo = undid entry { $entry }
log-grant = let { $name } read the report
log-handed-out = handed it out ({ $form }) to { $to }; SHA-256 { $digest }
log-unknown = something that a newer version of this program knows: { $json }
log-undone = undone later
log-gap = builds on { $missing }, which is missing here or does not hold: something may be hidden
log-wrong-clock = does not count: its clock does not follow from what it builds on
log-not-a-reader = does not count: its author could not read the report
log-not-on-the-roster = does not count: its author left the roster, and nobody who is on it has built on this; kua triage … --build-on takes it up
log-days-apart = its author dates it { $day }, which is not when the drop took it in
reply-not-noted = The reply is sent, but not noted in the case log: { $why }

## Custody
custody-title = Chain of custody of report { $id } at drop { $drop }
custody-received = Received on { $day }, { $size } bytes sealed; the bytes agree with the id
custody-entry = entry { $entry }
custody-parent = builds on { $entry }
custody-claimed = dated { $day } by its author
custody-fork = After { $after } the log forks: { $branches } were written at the same time.
custody-fork-start = The log begins more than once: { $branches } build on nothing that is here.
custody-heads = The branches are not joined yet; the last entries are { $heads }.
custody-refused = Not an entry of this report: { $id }, stored on { $day }: { $why }

## Grants
grant-granting = Letting in
grant-done = Reports that { $name } can read: { $granted } now, { $already } before. Not yours to give: { $closed }.
grant-handed-out = { $id } is sealed anew in { $path }, and that is noted in the case log. It opens with age and tar.
