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

## Exporting
export-title = Reports from { $drop }
export-made = Made by { $by } on { $day } (UTC) with Kuä.
export-drop = Drop
export-check = Whether this file is still as it was made: sha256sum -c SHA256SUMS, in the folder that it came in.
export-redacted = Left out of this copy: names and descriptions of victims, who the sources are, mailboxes, attachments, and what coordinators wrote. Title, description and other free text stand as they were written, and may still name people.
export-redacted-short = Names and contacts are left out; free text may still hold some.
export-left-out = left out
export-summary = Summary
export-reports = Reports
export-timeline = Timeline
export-event = Event
export-description = What happened
export-precision = Date known
export-language = Language
export-status = Status
export-case-severity = Urgency, by coordinators
export-assignee = Assigned to
export-labels = Labels
export-disputed = Set differently by two at once
export-disputed-status = status
export-disputed-severity = urgency
export-disputed-assignee = assigned to
export-links = Other reports
export-notes = Notes of coordinators
export-replies = Answers to the sender
export-custody = Custody
export-day = Day (UTC)
export-by = Who
export-step = What, and its digest
export-the-drop = the drop
export-received = received { $size } bytes, sealed
export-mailbox = Mailbox
export-file = Name
export-kind = Kind
export-bytes = Bytes
export-age = aged { $number }
export-people = { $number } people
export-victims = Affected
export-perpetrators = Done by
export-source = Source
export-acts-civil = Civil and political rights
export-acts-groups = Rights of groups of people
export-acts-social = Economic, social and cultural rights
export-fetching = Exporting
export-done =
    { $reports ->
        [one] One report, { $files } files, in { $path }. Everybody who can read that folder can read it: keep it sealed, and remove it when it is not needed.
       *[other] { $reports } reports, { $files } files, in { $path }. Everybody who can read that folder can read them: keep it sealed, and remove it when it is not needed.
    }
export-not-for-you =
    { $count ->
        [one] One report is sealed to other coordinators and is not in the export.
       *[other] { $count } reports are sealed to other coordinators and are not in the export.
    }
export-none = No report fits; nothing was written.
