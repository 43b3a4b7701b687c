# What a submitter reads at a terminal.

answer-yes = yes
answer-no = no

## Sending
submit-connecting = Asking the drop who its coordinators are …
submit-sending = Sending …
submit-waiting = Waiting for the network …
submit-starts-over = The drop has forgotten what was sent. The report is sealed again, with a new key, and sent from the beginning.
submit-accepted = The drop has your report, { $id }, since { $day }. Only the coordinators you wrote to can open it.
submit-come-back = Keep the eight words: with them, and with nothing else, you can add to this report.
submit-receipt-saved = Saved the receipt: { $path }. To check it years later you need the roster, too: kua roster fetch LINK --out roster.json
seal-sealing = Sealing on this device …
seal-done = Sealed into { $path }; its id is { $id }. Whoever carries or sends it cannot open it.

## The codename
codename-this-is = These eight words are your codename. They are shown once:
codename-keep =
    Write them on paper or learn them by heart. Do not photograph them, and send them to nobody.
    Nobody can give them to you again.
codename-ask-word = So that we know you have them: word number { $number }?
codename-wrong-word = That is not the word. Look at the eight words above.

## Writing a report
interview-readers = These people will be able to read what you write, and nobody else:
interview-digits = If you were given digits to compare, they must be these:
interview-hint =
    Only what happened is needed. Press Enter to leave a question out; press Ctrl-C to stop, and nothing is sent.
    Do not write your own name unless you want it known.
interview-choose-readers = Who may read it? All of them if you type nothing:
interview-what = What happened? An empty line ends the text.
interview-title = A title in one line? (Enter takes the beginning of the text)
interview-when = When? A day such as 2026-03-21, a month such as 2026-03, or a year (Enter if you do not know)
interview-when-wrong = Please write a day such as 2026-03-21, a month such as 2026-03, or a year such as 2026.
interview-where = Where? A place in words (Enter if you do not know)
interview-acts = What was done? You may type several numbers:
interview-victim-kind = To whom?
interview-victim-role = What is this person or group, in a few words, without a name? (for example: trade unionist)
interview-perpetrator-type = By whom?
interview-perpetrator-description = What is known of them? (uniform, unit, looks)
interview-severity = How urgent is it?
interview-file =
    A file to go with it, as a path (Enter if none).
interview-numbers = Numbers, with spaces between (Enter for none):
interview-numbers-wrong = Please type numbers from 1 to { $most }.
interview-one-number = Please type one number.
interview-review = This is what will be sealed and sent:
interview-to = To
interview-to-all = all the coordinators named above
interview-send = Seal and send it?
interview-again = Write it again from the beginning?

## What is hidden in files
hidden-found = In { $name } more is hidden than its picture:
hidden-location = the place where it was taken
hidden-device = the device
hidden-author = the author
hidden-time = the time
hidden-thumbnail = a small preview, which may show what was cut off
hidden-comment = a text
hidden-software = the program
hidden-history = what was done to it, and perhaps by whom (XMP, IPTC)
hidden-profile = a colour profile, which may name the device
hidden-trailing = bytes after its end
hidden-unknown = something unknown
hidden-ask = Take it out? The picture stays as it is; the file on your device is not changed.
hidden-removed = It was taken out of what is sent of { $name }.
hidden-kept = It is sent with { $name }: use --strip-metadata to take it out.
hidden-other-format = { $name } is sent as it is: place, device and author may be hidden in it, and cannot be taken out here.
hidden-send-unclean = Send it as it is, with whatever is hidden in it?

## Coming back
return-looking = Looking into your mailbox …
return-codename = Your codename, the eight words:
return-nothing = There is nothing here under this codename. Look at the words again, or at the link.
return-sent = Sent on { $day }: { $id }
return-opened = A coordinator has opened it.
return-not-opened = Nobody has said yet that it was opened.
return-reply = Reply { $number } from { $name }, { $day }:
return-file = With a file: { $name } ({ $size }). kua return --out DIR saves it.
return-saved = Saved: { $path }. Others who use this device can find it.
return-gap = Reply { $number } is not there: you deleted it, or the drop withholds it.
return-double = There are two replies with the number { $number }: two coordinators wrote at once, or you deleted replies in between.
return-refused = { $id } was not shown: { $why }.
return-refused-seal = it was not sealed to you, or was changed
return-refused-author = no coordinator of this drop signed it
return-refused-place = it was written for somebody else, or for another drop
return-refused-form = it breaks the rules of replies
return-menu = 1 write   2 delete the replies   3 look again   4 leave:
return-what = What do you want to add? An empty line ends the text.
acknowledgement = Thank you. Your report has arrived and a coordinator has opened it. Come back with your eight words: if we have questions, you will find them here.

## Receipts
receipt-holds = The receipt holds. On { $day } the drop had this report, of { $size } bytes: { $id }
receipt-file-agrees = { $path } is that report, byte for byte.
receipt-roster-ended = The roster ended on { $day }. Nobody seals to it any more; what it says about the drop's key stays true.
receipt-link-agrees = The roster is signed by the key that the link names.
receipt-digits = It holds only if these digits are the ones that you know this drop by. Compare them:

## The rows of a report
open-occurred = Happened
open-place = Place
open-acts = Acts
open-severity = Urgency
open-victim = Affected
open-perpetrator = Done by
open-source = Source
open-intervention = Intervention
open-attachment = File
