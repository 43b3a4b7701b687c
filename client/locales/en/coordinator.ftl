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
    them from share1 on. Spaces and capital letters do not matter, and kua notices
    a typing error.
error-share-none = { $what } holds no recovery share. A share begins with share1; name the page as kua key split wrote it, or copy it again.
error-share-damaged = { $what } has a typing error, or is not all of a share: compare it with the paper, group by group.
error-share-newer = { $what } is of a newer kind than this program knows. Get the newest version.
error-share-foreign = { $what } does not belong to the other shares: another key, or another splitting of it. Pages that belong together have the same set.
error-share-twice = This is one share twice: { $what }. Take another one with it.
error-share-contradict = Two different shares have the same number, and one of them is false: { $what }. Try with one of them at a time.
error-share-too-few = { $have } of { $need } shares: { $missing } more are needed. Nothing can be said about the key until then.
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
    What was sealed to { $name } since { $since } stays open to that key. The drop hands it out no more; copies that were
    fetched before, or that come from the drop's disk, still open. Nothing takes that back, not even a new root. So think of
    the people in those reports, warn whom you have to, and delete what is done with: kua delete.
roster-rotated =
    New reports are sealed to the new key of { $name } as soon as the drop has this roster:
      kua roster publish URL { $path }
    The old key still opens what was sealed to it since { $since }, and only the old key does: { $name } keeps that vault.
    It also still speaks to the drop for { $name }. If it may be in other hands, sign with --leaked instead.
roster-leaked =
    The old key of { $name } opens nothing new, and the drop refuses it, as soon as it has this roster. Do it now:
      kua roster publish URL { $path }
    Whoever has the old key can open what was sealed to it since { $since } and was fetched before, or comes from the drop's
    disk. Nothing takes that back, not even a new root. So think of the people in those reports, warn whom you have to, and
    delete what is done with: kua delete. { $name } gets older reports from a colleague now.

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
