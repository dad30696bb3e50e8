# Archives: what lies where, looking into it, sealing and opening.

archive-ls-none = There is no archive in { $folder } yet. Cases leave originals there; copies lie in its folder `copies`.
archive-ls-row = { $count } messages, { $bytes } bytes, { $span }
archive-found = { $name }: { $count ->
    [one] one hit
   *[other] { $count } hits
} in { $rows } messages
archive-found-more = { $name }: the newest { $count } hits in { $rows } messages, and there are more
archive-no-index = No index can be written at { $place }; the whole file is read instead.
archive-bad-lines = { $name }: { $count ->
    [one] line { $first } is none of an archive's and was passed over
   *[other] { $count } lines are none of an archive's and were passed over, the first is line { $first }
}
archive-edited = edited
archive-recalled = recalled
archive-page-empty = { $archive } has nothing there.
archive-page-end = This is the end of { $archive }.
archive-sealed = Sealed to { $count ->
    [one] one recipient
   *[other] { $count } recipients
}: { $file }. SHA-256 of what is inside: { $sha256 }
archive-opened = { $bytes } bytes were taken out: { $file }. They lie there in clear.
archive-media-opened = { $files ->
    [one] One file
   *[other] { $files } files
} with { $bytes } bytes were taken out: { $file }. They lie there in clear.

word-archive-state-original-sealed = original, sealed
word-archive-state-original-plain = original, in clear
word-archive-state-unreadable = original, key destroyed
word-archive-state-deidentified = de-identified copy
word-archive-state-anonymised = anonymised copy
word-archive-state-unchecked = copy without a key, not checked
word-archive-state-unknown = copy without a report
word-record-message = message
word-record-edit = edit
word-record-redaction = removal
word-record-reaction = reaction
word-record-system = system
word-record-undecryptable = can't be decrypted
word-record-other = other
word-reading-search = searched
word-reading-show = shown
word-reading-open = taken out
word-event-original-read = original read

## Errors

error-archive-unknown = There is no archive { $archive }.
    .hint = `adjourn archive ls` lists the originals as CASE/GROUP; anything else is the name of a file or a bag.
error-archive-none = There is no copy to look into in { $folder }.
    .hint = Name a file or an original, or put de-identified copies there: `adjourn redact IN --out COPY`.
error-archive-query = There is nothing in it to look for, or too much.
    .hint = Letters, digits and Han characters are looked for, up to 64 words. A sign alone is in no index.
error-archive-time = { $flag }: { $typed } is no time.
    .hint = Write a day (2026-03-01) or a time with its offset (2026-03-01T09:00:00+08:00).
error-archive-message = { $archive } has no message with the id { $id }.
    .hint = Ids stand in `archive search … --json`; `--at TIME` finds a page without one.
error-archive-form = { $file } is no archive: no line of it is a message, and line { $line } can't be read.
    .hint = Expected are JSON lines, each with at least `text`, plain or in zstd.
error-archive-broken = { $file } is cut off or damaged: { $says }
    .hint = Look with `zstd -t` or fetch it again. Nothing is said of a file that can't be read to its end.
error-archive-busy = Another process is building the index { $file }.
    .hint = Wait until it has ended, then try again.
error-archive-changed = { $file } changed while it was read.
    .hint = Wait until nobody writes it, then try again. No index was kept.
error-archive-index = The index can't be used: { $says }
    .hint = Remove the file that ends in `.idx`; it is built anew. The archive itself was not touched.
error-archive-sealed = { $file } is sealed.
    .hint = `adjourn archive open FILE --identity IDENTITY --out OUT` opens it, and so does anybody's `age -d`.
error-archive-sealed_form = { $file } can't be opened, it was altered or cut off: { $says }
    .hint = Compare it with its hash, and fetch it again from where another copy lies. Nothing of it was kept.
error-archive-sealed_others = { $file } is sealed to others: no identity that was given opens it.
    .hint = `--identity` names a file as age-keygen writes it. Where a group's key was destroyed, nobody can open what was sealed to it.
error-archive-identity = There is no identity to open { $file } with.
    .hint = Give `--identity FILE` with a line AGE-SECRET-KEY-1…, as age-keygen writes it.
error-archive-recipient = It can't be sealed: { $says }
    .hint = A recipient is age1…, up to 20 of them; `age-keygen -y IDENTITY` shows the one of an identity.
error-archive-no_key = This installation has no key that opens the originals of { $group }.
    .hint = It is where the case was run. The organisation's identity opens `k/{ $group }.recover.age` in the keys there.
error-archive-without = { $archive } has no such part.
    .hint = What came after an archive was sealed has messages alone, and an archive without media has no folder of them. Out of a bag from elsewhere `open` takes messages and members. Nothing was written.
error-archive-altered = { $file }: { $says } is not what the bag's manifest says. Nothing of it was used.
    .hint = Run `adjourn verify` on the bag, and fetch it again from where another copy lies.
error-archive-parts = { $archive } has several archives: { $says }.
    .hint = Name one behind a slash: BAG/GROUP, or BAG/GROUP/tail for what came after it was sealed.
