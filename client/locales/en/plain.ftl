# What a submitter reads where the page runs no scripts, and in the drop's answers to its form. No message takes an argument.

plain-language = English

## The page
plain-title = Without JavaScript
plain-why = Your browser runs no scripts on this page. So nothing can be checked here: neither who would read your report, nor whether this is the right drop. That is why no name stands here, and no field to write in. Write to nobody through a page that you could not check.
plain-script = If JavaScript may run
plain-script-how = In Tor Browser, choose the security level “Safer” in the settings, and open your whole link again. Then your report is sealed on this device, by this page.
plain-program = If you have the program kua
plain-program-how = It needs no browser. This sends a report, and afterwards you can come back and read answers:
plain-seal-how = This seals a report into a file, on any device that the program runs on:
plain-program-link = For LINK write the whole link that you were given, in quotes, with the part after #. By that part the program makes sure of the drop.
plain-send = Send a sealed file
plain-one-way = Sent from here, a report goes one way. Nobody can answer you, you cannot add to it or delete it, and the codename that kua seal showed does not lead back to it.
plain-file = The sealed file, for example report.age
plain-file-hint = Choose only a file that kua seal made. Any other is refused and not kept, but whoever runs the drop could see it on its way. The file's name is not kept.
plain-submit = Send the file

## The answers
plain-accepted = The drop has your report. Only the coordinators to whom it was sealed can open it.
plain-id = Its id
plain-day = Day (UTC)
plain-again = Back to the form
plain-not-sealed = This is not a sealed file, or it is not whole. Nothing of it was kept. Seal it first: kua seal LINK --report report.json --out report.age
plain-too-large = The file is larger than this form takes. Nothing was kept. The program sends larger ones: kua submit LINK
plain-shut = This form takes no more files today; it begins anew at midnight (UTC). Nothing was kept. The program can send at any time: kua submit LINK
plain-broken = The file did not arrive whole, or the drop is busy. Nothing was kept. Try again in a moment.
plain-no-file = No file arrived. Go back, choose one, and send it again.
plain-other-origin = This was not sent from this drop's own page. Nothing was kept. Open your link, and send the file from there.
