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
inbox-not-for-you =
    { $count ->
        [0] sealed to other coordinators
        [one] sealed to other coordinators; they noted one thing
       *[other] sealed to other coordinators; they noted { $count } things
    }
inbox-delete-asked =
    { $by } wants it deleted; { $hours ->
        [0] less than an hour is left
        [one] one hour is left
       *[other] { $hours } hours are left
    } until { $day } has ended (UTC). kua delete … --keep keeps it.
inbox-leaving =
    { $count ->
        [one] One report is to be deleted
       *[other] { $count } reports are to be deleted, the first of them
    } { $hours ->
        [0] within an hour
        [one] in an hour
       *[other] in { $hours } hours
    }; not shown here: kua inbox --all.
inbox-assignee = { $name } works on it
inbox-disputed = Colleagues changed this at the same time and said different things; kua triage shows both.
status-new = new
status-in-review = in review
status-verified = verified
status-needs-information = to be asked
status-closed = closed
status-rejected = rejected
filter-not-judged =
    { $count ->
        [one] One report could not be opened, so that nobody knows whether it belongs here; kua inbox says why.
       *[other] { $count } reports could not be opened, so that nobody knows whether they belong here; kua inbox says why.
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
delete-asking = Asking the drop
delete-them =
    { $count ->
        [one] One report is to be deleted. Are you sure?
       *[other] { $count } reports are to be deleted. Are you sure?
    }
delete-keep-them =
    { $count ->
        [one] One report is to be kept. Are you sure?
       *[other] { $count } reports are to be kept. Are you sure?
    }
error-no-terminal-for-yes = There is no terminal to ask at whether all that the filter chose is meant. Look first (kua inbox with the same filter), then say --yes.
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
