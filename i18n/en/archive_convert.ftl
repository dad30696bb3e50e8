# Archives in the forms of other tools: `archive convert`, the words in what it makes, and its errors.

archive-convert-read = { $file }: { $records ->
    [one] one record
   *[other] { $records } records
}
archive-convert-written = Written: { $path } ({ $records ->
    [one] one record
   *[other] { $records } records
})
archive-convert-files = { $files ->
    [one] One file.
   *[other] { $files } files.
}
archive-convert-left-out = { $count ->
    [one] One record of another conversation was left out.
   *[other] { $count } records of other conversations were left out.
}
archive-convert-reading = { $count } records read
archive-convert-writing = { $count } of { $of } records written

## Words in what is made

word-transcript-image = picture
word-transcript-voice = voice message
word-transcript-video = video
word-transcript-file = file
word-transcript-sticker = sticker
word-transcript-link = link
word-transcript-app = app card
word-transcript-location = place
word-transcript-contact = contact card
word-transcript-red-packet = red packet
word-transcript-transfer = transfer of money
word-transcript-call = call
word-transcript-poll = poll
word-transcript-forward = forwarded messages
word-transcript-poke = nudge
word-transcript-other = something else
word-transcript-edit = new wording
word-transcript-redaction = removal
word-transcript-reaction = reaction
word-transcript-system = system row
word-transcript-undecryptable = can't be decrypted
word-transcript-recalled = taken back
word-transcript-p-itself = English
word-transcript-p-title = Chat history
word-transcript-p-conversation = Conversation
word-transcript-p-search = Search all of it
word-transcript-p-day = Go to a day
word-transcript-p-language = Language
word-transcript-p-theme = Appearance
word-transcript-p-theme-auto = as the device
word-transcript-p-theme-light = light
word-transcript-p-theme-dark = dark
word-transcript-p-people = Participants
word-transcript-p-pages = Pages
word-transcript-p-pages-end = Pages, once more
word-transcript-p-first = First
word-transcript-p-previous = Previous
word-transcript-p-next = Next
word-transcript-p-last = Last
word-transcript-p-page = Page
word-transcript-p-platform = Platform
word-transcript-p-records = Records
word-transcript-p-zone = Times in
word-transcript-p-unknown = sender not told
word-transcript-p-edited = edited
word-transcript-p-mentions = Mentions
word-transcript-p-all = everybody
word-transcript-p-reactions = Reactions
word-transcript-p-thread = Thread
word-transcript-p-answers = Answers
word-transcript-p-show-answered = Show what it answers
word-transcript-p-show = Show in its place
word-transcript-p-searching = Searching …
word-transcript-p-found = Found
word-transcript-p-none = Nothing found
word-transcript-p-made = Made by Adjourn from an archive. This page loads nothing and sends nothing.
word-transcript-p-noscript = This page shows its messages with a script of its own. Allow scripts for this file, or convert the archive to CSV.

## Errors

error-archive-several = { $file } has { $count } conversations, and this format holds one: { $says }.
    .hint = Name one with `--conversation ID`, or choose a format that holds several: csv, jsonl, html, rsmf, eml, parquet.
error-archive-conversation = { $file } has no conversation { $id }. There are: { $says }.
    .hint = Name one by its id, as it is listed.
error-archive-foreign = { $path } is a folder that no conversion wrote, so it is not replaced.
    .hint = Name another place, or move that folder away.
