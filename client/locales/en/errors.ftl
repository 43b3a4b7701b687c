# What went wrong, and what to do next.

error-other = { $text }
error-ended = Stopped. Nothing was sent.
error-occupied = { $path } is there already. Choose another name.
error-file-missing = There is no { $path }. Check the name and try again; nothing was sent.
error-file = { $path } cannot be used: { $why }. Put that right and try again.
why-not-allowed = permission denied
why-disk-full = the disk is full
why-a-folder = it is a folder

## The link
error-link-address = This is not a link. A drop's link looks like https://drop.example/#kua1… – quote it, so that the shell leaves the # alone.
error-link-insecure = This link is not safe. A drop's link begins with https://, or with http:// when its host ends in .onion.
error-link-extra = A drop's link has nothing between the host and the #. Ask for the link again.
error-link-no-fingerprint = The part after # is missing: without it nobody can tell whether this is the right drop. Quote the link, or ask for it again.
error-link-mistyped = The part after # has a typing error. Compare it with the link that you were given; nothing was sent.
error-link-newer = The link is of a newer kind than this program knows. Get the newest version.

## The roster
error-not-open = This drop is not open yet: its coordinators have to sign a roster. Try again later; nothing was sent.
error-roster-other-root = STOP. This drop is not the one that your link names: somebody else signed its list of coordinators. Send nothing, and tell the people who gave you the link.
error-roster-not-yet = The list of coordinators begins to hold on { $day }. Is the date of this device right? Nothing was sent.
error-roster-expired = The list of coordinators ended on { $day }. Either the date of this device is wrong, or the coordinators have to renew it. Nothing was sent.
error-roster-bad = The drop's list of coordinators is refused: { $why }. Nothing was sent; ask the coordinators about it, by another way than this drop.
error-no-such-coordinator = { $name } is not a coordinator of this drop. It has: { $known }.

## The drop
error-unreachable = { $host } cannot be reached ({ $why }). Check the network and try again; nothing was lost.
error-certificate = { $host } does not prove who it is ({ $why }). Somebody may stand between you and the drop, or its operator has a certificate to renew: do not go round this, and ask the coordinators by another way. Nothing was sent.
error-no-folder = The system names no folder of yours (HOME is not set). Name one in which kua keeps its sealed memory: KUA_CACHE=/path/of/a/folder.
error-no-tor = An .onion address is reached through Tor alone, and no Tor was found on this device. Start Tor, or name it with --proxy socks5h://127.0.0.1:9050.
error-dishonest = Do not trust this drop: { $why }. Tell the coordinators.
error-problem = The drop refuses it: { $detail }
error-no-space = The drop has no room left. Nothing was kept; try again later.
error-mailbox-full = This codename has sent as much as one codename may. Use a new one.
error-gone = This was deleted and is not taken in again.
error-not-found = There is nothing here under that name.
error-unauthorised = The drop does not know this key. A coordinator's key has to be in the newest roster.
error-drop-failed = The drop failed. Nothing was acknowledged; try again later.

## The report
error-broken = { $what } is damaged or was tampered with. Use nothing of it; fetch it again.
error-report-missing = { $what }: a report needs a { $field }. Write one into the field `{ $field }`.
error-too-large = The report is too large: { $size } KiB, and this drop takes { $limit } KiB with all attachments. Leave out a file, or make it smaller; nothing was sent.

## The codename
error-codename-count = A codename has eight words, and this has { $found }. Look at what you wrote down. Nothing was sent.
error-codename-word = Word { $position }, “{ $typed }”, is not a word of any codename. Perhaps: { $perhaps }
error-codename-checksum = These words do not belong together: one of them is wrong, or two have changed places. Nothing was sent.

## Files and terminals
error-report-too-much-text = { $what }: there are { $bytes } bytes of text, most of them in the field `{ $longest }`; a report takes at most { $limit } (attach long texts as files). Nothing was sent.
error-report-field = { $what }: the field `{ $field }` is not right: { $reason }. Put that right and try again; nothing was sent.
error-vault-locked = { $path } does not open: the passphrase is wrong, or the vault is damaged: try again, or take a copy of the vault.
error-vault-none = { $path } is not a vault of this program. Name the file that kua key new made.
error-no-terminal-for-secret = There is no terminal to ask for the secret at. Name a file with --passphrase-file or --codename-file (- is standard input).
error-no-terminal-for-report = There is no terminal to ask at. Give the report with --report report.json.
error-not-cleaned = { $path } was not sent: { $why }. Send another copy of it, or use --keep-metadata if what it hides may be known.

## Receipts
error-receipt-none = { $path } is not a receipt. Name the file that kua submit --receipt saved.
error-receipt-forged = { $path } proves nothing: it is not signed by a key that the roster gives this drop, or it was changed. If it is from before the roster, try a roster of that time.
error-receipt-other-drop = { $path } is a receipt of another drop than the roster's. Take a roster of the same drop.
error-receipt-not-in-force = { $path } proves nothing: the key that signed it was not this drop's on the day that it names.
error-receipt-other-file = { $path } is not the report that the receipt is for. Take the file as kua seal or kua fetch saved it.

## The page
error-site-other = STOP. This drop does not serve the page that this program knows. Write nothing on it; use kua submit or the offline page, and tell the coordinators by another way.
error-site-version = This drop serves another page than this program knows, and its own list of sums agrees with it. Either it runs another version, or somebody made both. Compare the SHA-256 of its SHA256SUMS with what that version's release says, before anybody writes on the page: { $digest }
