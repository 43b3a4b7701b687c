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
    and a copy in another place, or shares of it with other people (kua key split): without it the link cannot be renewed.
key-export-warning = The next line is the secret key itself. Whoever has it reads every report sealed to it.
key-passphrase-changed = The passphrase is changed. Copies of the file keep the old one.

## Recovery shares
key-split =
    Made { $shares } shares in { $path }, of which any { $threshold } restore the key. Their set is { $set }.
    Print each page, give it to another person, and remove the folder: { $threshold } of these files together are the key.
    Try it once before you rely on it: kua key combine { $path }/… --out test.kua
key-restored =
    Made { $path }, the key of { $name }. What was sealed to it opens again. The roster has to name this line as sign:
key-restored-root =
    Made { $path }, the root { $name }. Compare its digits with those that you know the drop by:
share-ask = Share { $number }, from share1 on:
share-goes-on = Next line (characters to come: { $missing }; Enter alone ends it):
share-more = { $have } of { $need }. One more:
share-typed = What you typed
share-page-title = Kuä: recovery share { $index } of { $shares }
share-page-coordinator =
    This is one of { $shares } shares of the key named above, which opens reports to this
    drop. Any { $threshold } of them together restore it. Fewer tell nothing about it.
share-page-root =
    This is one of { $shares } shares of the key named above. It signs who may read the
    reports to this drop. Any { $threshold } of them together restore it. Fewer tell nothing
    about it.
share-page-keep =
    Keep this page where nobody else finds it, apart from the other shares. Do not
    photograph it. Give it to nobody who asks by telephone or by message: those who
    need it meet. Tell the others if it is lost or was seen by somebody.

    To restore the key, bring { $threshold } shares together at a computer without a network:

        kua key combine SHARE SHARE … --out restored.kua

    SHARE is a file with such a page. Without files, kua asks for the shares: type
    them from share1 on. Spaces, line ends and capital letters do not matter, and
    kua notices a typing error.
error-share-none = { $what } holds no recovery share. A share begins with share1; name the page as kua key split wrote it, or copy it again.
error-share-damaged = { $what } has a typing error, or is not all of a share: compare it with the paper, group by group.
error-share-newer = { $what } is of a newer kind than this program knows. Get the newest version.
error-share-foreign = { $what } does not belong to the other shares: another key, or another splitting of it. Pages that belong together have the same set.
error-share-twice = This is one share twice: { $what }. Take another one with it.
error-share-contradict = Two different shares have the same number, and one of them is false: { $what }. Try with one of them at a time.
error-share-too-few = { $have } of { $need } shares; still missing: { $missing }. Nothing can be said about the key until then.
error-share-false = { $what } is false: somebody changed it. Leave it away; the others restore the key.
error-share-some-false = These shares do not restore the key that was split: at least one of them is false. Bring one more, to find out which.

## The roster
roster-signed =
    Signed { $path }: roster { $serial } with { $count } coordinators, until { $day }.
    Let everybody compare these digits by voice:
roster-published = The drop has roster { $serial } now.
roster-ends-soon = The roster ends in { $days } days: ask the holder of the root to sign a new one in time.
key-exchanged = Nothing is sealed to this key any more: the roster has a newer one for { $name }. New reports open with that.
roster-fetched = Saved { $path }: roster { $serial }, signed by the root that the link names, until { $day }.
roster-removed =
    This closes what is sealed under the new roster to { $name }, as soon as the drop has it:
      kua roster publish URL { $path }
    What was sealed to { $name } since { $since } stays open to that key, and so do older reports that a colleague granted;
    kua custody shows of each whether that was done. The drop hands them out no more; copies that were fetched before, or
    that come from the drop's disk, still open. Nothing takes that back, not even a new root. So think of the people in
    those reports, warn whom you have to, and delete what is done with: kua delete.
roster-rotated =
    New reports are sealed to the new key of { $name } as soon as the drop has this roster:
      kua roster publish URL { $path }
    The old key still opens what was sealed to it since { $since }, and older reports that a colleague granted, and only the
    old key does: { $name } keeps that vault. It also still speaks to the drop for { $name }. If it may be in other hands, sign with --leaked instead.
roster-leaked =
    The old key of { $name } opens nothing new, and the drop refuses it, as soon as it has this roster. Do it now:
      kua roster publish URL { $path }
    Whoever has the old key can open what was sealed to it since { $since }, and older reports that a colleague granted (kua
    custody shows of each whether that was done), if it was fetched before, or comes from the drop's disk. Nothing takes that
    back, not even a new root. So think of the people in those reports, warn whom you have to, and delete what is done with:
    kua delete. { $name } gets older reports from a colleague now.

## Reading
inbox-reading = Opening reports
inbox-empty = No reports.
inbox-none-fits = No report fits the filter.
inbox-not-for-you =
    { $count ->
        [0] sealed to other coordinators
        [one] sealed to other coordinators; one sealed entry or grant lies with it
       *[other] sealed to other coordinators; { $count } sealed entries and grants lie with it
    }
inbox-delete-asked =
    { $by } wants it deleted; it goes { $hours ->
        [0] within an hour
        [one] in an hour at the earliest
       *[other] in { $hours } hours at the earliest
    }. kua delete … --keep keeps it.
inbox-expired =
    { $days ->
        [one] Its time is over: it goes when the drop has served for one more day.
       *[other] Its time is over: it goes when the drop has served for { $days } more days.
    } kua export keeps what is needed.
inbox-false-day = The drop dates it on a day that is not reached yet: its clock is wrong, or this device's.
inbox-overdue =
    { $count ->
        [one] One report or reply should have been deleted since { $day } and is still there
       *[other] { $count } reports and replies should have been deleted since { $day } and are still there
    }: the drop was switched off, or its clock is not proven. Its operator sees more with kua-server clock.
inbox-leaving =
    { $count ->
        [one] One report is to be deleted
       *[other] { $count } reports are to be deleted, the first of them
    } { $hours ->
        [0] within an hour
        [one] in an hour
       *[other] in { $hours } hours
    }; not shown here: kua inbox --all.
inbox-reading-logs = Reading case logs
inbox-logs-unread =
    { $count ->
        [one] One case log could not be read just now; what is shown of it may be out of date.
       *[other] { $count } case logs could not be read just now; what is shown of them may be out of date.
    }
inbox-assignee = { $name } works on it
inbox-disputed = Colleagues changed this at the same time and said different things; kua triage shows both.
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
error-several = Left undone: { $failed } of { $count } reports, for the reasons that stand above. Put that right and give the command again for these alone.

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
error-no-terminal-for-yes = There is no terminal to ask at whether all these reports are meant. Look first (kua inbox, with the same filter if there is one), then say --yes.
delete-done = { $id } is deleted.
delete-asked =
    { $id } is marked. It is deleted when the drop has served for { $hours ->
        [one] one more hour
       *[other] { $hours } more hours
    }, or at once when a second coordinator asks for it.
delete-kept = { $id } is kept.

## Answering
reply-replying = Answering
reply-them =
    { $count ->
        [one] One report is to be answered. Are you sure?
       *[other] { $count } reports are to be answered. Are you sure?
    }
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
case-beside = { "  " }but also
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
reply-not-noted = The reply to { $id } is sent, but not noted in the case log: { $why }

## Custody
custody-checking = Checking
custody-title = Chain of custody of report { $id } at drop { $drop }
custody-received = Received on { $day }, { $size } bytes sealed; the bytes agree with the id
custody-entry = entry { $entry }
custody-parent = builds on { $entry }
custody-claimed = dated { $day } by its author
custody-fork = After { $after } the log forks: { $branches } were written without knowledge of each other.
custody-fork-start = The log begins more than once: { $branches } build on nothing that is here.
custody-heads = The branches are not joined yet; the last entries are { $heads }.
custody-refused = Not an entry of this report: { $id }, stored on { $day }: { $why }

## Grants
grant-granting = Letting in
grant-them =
    { $count ->
        [one] Somebody is to be let into one report. Are you sure?
       *[other] Somebody is to be let into { $count } reports. Are you sure?
    }
grant-done = Reports that { $name } can read: { $granted } now, { $already } before. Not yours to give: { $closed }.
grant-handed-out = { $id } is sealed anew in { $path }, and that is noted in the case log. It opens with age and tar.

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
export-attachments = Attachments
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
export-noting = Noting
export-handed-out = That it is given to { $to } stands in the case logs, with the SHA-256 of SHA256SUMS: { $digest }
error-not-handed-out =
    Nothing was written, since the case log of { $id } could not be told of it: { $why } { $noted ->
        [0] No log says that it was handed out.
        [one] One other log says already that it was handed out; put a note there that it was not.
       *[other] { $noted } other logs say already that it was handed out; put notes there that it was not.
    }
export-done =
    { $reports ->
        [one] One report
       *[other] { $reports } reports
    } and { $files ->
        [0] no files
        [one] one file
       *[other] { $files } files
    } in { $path }. Everybody who can read that folder can read all of it: keep it sealed, and remove it when it is not needed.
export-not-for-you =
    { $count ->
        [one] One report is sealed to other coordinators and is not in the export.
       *[other] { $count } reports are sealed to other coordinators and are not in the export.
    }
export-none = No report fits; nothing was written.

## Work without the drop
error-not-asked = This cannot be done without the drop, and it was not asked. Give the command without --offline, once the drop can be reached.
no-answer-yet = No answer from the drop yet. Ctrl-C ends the waiting.
no-answer-offline-works = No answer from the drop yet. With --offline this works on what is known already; Ctrl-C ends the waiting.
offline-as-of = This is what was known on { $day }. What you note is sent with the next command that reaches the drop.
unsent-sending = Sending what was noted without the drop
unsent-sent =
    { $count ->
        [one] One entry that waited has been sent.
       *[other] { $count } entries that waited have been sent.
    }
unsent-waits =
    { $count ->
        [one] One entry waits for the drop: the next command that reaches it sends it.
       *[other] { $count } entries wait for the drop: the next command that reaches it sends them.
    }
unsent-stays =
    { $count ->
        [one] One entry goes on waiting: { $why }
       *[other] { $count } entries go on waiting: { $why }
    }
unsent-gone = { $id } has been deleted at the drop: what was noted about it meanwhile is dropped.
log-unsent = not sent yet

## Mistakes
error-no-such-report = No report of this drop has an id that begins with { $prefix }. All of them: kua inbox --all
error-roster-none = { $path } is not a signed roster: { $why }. Name the file that kua roster new made, or that kua roster fetch saved.
error-ambiguous = Several ids begin with { $prefix }, so type more of it: { $ids }
error-not-for-you = { $what } was not sealed to your key. A colleague who can read it lets you in: kua grant
error-recipient = { $beginning }… is no recipient: { $why }. One begins with age1pq1 and has { $length } characters: copy it again, all of it.
error-damaged = { $path } is damaged or was tampered with: find out why, then remove it.
error-weak-passphrase = This passphrase is too easy to guess: take six words that do not belong together.
