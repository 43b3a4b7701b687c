# What a submitter reads on the page. The rest of its words are shared with the program: see vocabulary, submitter and errors.

## On every page
# Stands in the window's frame and in the list of windows, where others may see it: it tells nothing.
page-title = Form
page-leave = Leave now
page-leave-hint = or press Shift three times
page-leave-count = { $left ->
    [one] Press Shift once more to leave.
   *[other] Press Shift { $left } more times to leave.
}
page-back = Back
page-continue = Continue
page-languages = Language
page-problem = There is a problem
page-wait = One moment …
page-try-again = Try again

## The link
page-link = Which link were you given?
page-link-hint = It looks like https://drop.example/#kua1… Copy all of it.
page-link-address = This is not a link. A drop's link looks like https://drop.example/#kua1…
page-link-incomplete = The part of the link after # is missing. Without it nobody can tell whether this is the right drop. Open the whole link, or ask for it again.
page-checking = Checking who will read what you write …
page-stop = Stop here

## Before you start
page-before = Before you start
page-before-alone = Make sure that nobody can see your screen.
page-before-device = Do not use a device or a network of your work or school.
page-before-tor = Your network can see that you are here, and not what you write. If nobody may know that you are here, open this link in Tor Browser.
page-before-kept = This page keeps nothing on this device. When you close it, what you wrote is gone.
page-before-leave = If you have to hide it quickly, press Leave now at the top, or Shift three times.
page-before-name = Do not write your own name unless you want it known.
page-write = Write a report
page-have-codename = I have a codename

## The questions
page-what = What happened?
page-what-hint = Write it in your own words and in any language. Only this is needed.
page-what-missing = Write what happened
page-title-label = A title in one line, if you like
page-skip = Leave out the other questions
page-when = When did it happen?
page-when-hint = As far as you know: the year alone is enough. You can leave it empty.
page-day = Day
page-month = Month
page-year = Year
page-when-wrong = Write numbers, such as 21, 3 and 2026. A day needs a month, and a month needs a year.
page-about = I am not sure of the date
page-part-of-day = Time of day
page-leave-open = I leave this open
page-where = Where did it happen?
page-where-hint = A place in words. You can leave it empty.
page-acts = What was done?
page-acts-hint = Choose all that fit, or none.
page-victim = To whom was it done?
page-victim-role = What is this person or group?
page-victim-role-hint = In a few words and without a name, for example: trade unionist
page-perpetrator = Who did it?
page-perpetrator-description = What is known of them?
page-perpetrator-description-hint = Uniform, unit, looks, number plates
page-severity = How urgent is it?

## Files
page-files = Files to go with it
page-files-hint = Photos, recordings, documents. You can choose several, or none.
page-file-looking = Looking for what is hidden in { $name } …
page-file-remove = Remove
page-file-clean = Take it out. The picture stays as it is, and so does the file on your device.
page-file-nothing-hidden = Nothing is hidden in it besides its picture.
page-file-not-understood = { $name } is damaged or unusual. It is sent as it is, and nobody can be sure what is hidden in it.
page-file-changed = { $file } cannot be read any more, or was changed. Remove it and choose it again. Nothing was sent.
page-readers = Who may read it?
page-readers-hint = What you send can be opened by those you choose, and by nobody else.
page-readers-missing = Choose at least one person

## Check
page-check = Check what you wrote
page-check-next = It is sealed on this device before it is sent. Only the people above can open it.
page-row-title = Title
page-nothing = Left open
page-change = Change
page-send = Seal and send
page-too-much-text = There are { $bytes } bytes of text, and a report takes at most { $limit }. Put long texts into a file. Nothing was sent.

## The codename
page-codename = Your codename
page-codename-why = With these words you can come back, read answers and write again. Nothing was sent yet.
page-codename-have = I have the words
page-confirm = Two of your words
page-confirm-hint = So that we know you have them. To see all the words again, go back.
page-confirm-word = Word number { $number }
page-confirm-wrong = Word number { $number } is another one. Look at what you wrote down, or go back to see the words.

## Sending
page-sending = Sending
page-stay = Keep this page open until it says that your report has arrived.
page-stage-keys = Making your keys. In Tor Browser this can take half a minute …
page-stage-reading = Reading the files …
page-stage-sending = Sealing and sending …
page-progress = { $done } of { $total }
page-not-sent = It was not sent
page-not-sent-kept = What you wrote is still here, as long as this page is open.
page-unreachable = The drop cannot be reached. Check the network and try again; nothing was lost.
page-dishonest = Do not trust this drop: it answers in a way that it should not. Tell the coordinators, by another way than this page.
page-mistake = This page made a mistake. Try again; if it stays, use another browser, or tell the coordinators.
page-done = Your report has arrived

## Coming back
page-return-how = How to come back
page-return-steps = Open the same link, choose “I have a codename” and type your eight words. Come back in a few days: if there are questions, you will find them there. This is the link:
page-acknowledge = If an answer does not come, write again: a drop can lose things, and nobody can write to you in another way.
page-kept-for = The drop deletes it after { $days } days, and later if it was switched off for a while.
page-receipt = The drop's receipt
page-receipt-what = It proves later that the drop had your report on this day. Save it only where nobody else can find it.
page-receipt-save = Save the receipt
page-enter = Type your codename
page-enter-hint = The eight words, with spaces between them. The first four letters of each word are enough.
page-thread = What was sent and answered
page-add = What do you want to add?
page-write-again = Write again
page-look-again = Look again
page-reply-delete = Delete reply { $number }
page-reply-delete-really = Delete reply { $number } for ever
page-reply-save = Save { $name } ({ $size })
