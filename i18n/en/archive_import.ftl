# Archives that are made of what other tools exported: `archive import`, its formats, findings and errors.

archive-import-read = { $file }: { $format }, { $rows ->
    [one] one row
   *[other] { $rows } rows
}
archive-import-counts = { $records ->
    [one] One record
   *[other] { $records } records
}, { $conversations ->
    [one] one conversation
   *[other] { $conversations } conversations
}, { $participants ->
    [one] one participant
   *[other] { $participants } participants
}
archive-import-unreadable = { $count ->
    [one] One row could not be read; it is in the export, which was not changed.
   *[other] { $count } rows could not be read; they are in the export, which was not changed.
}
archive-import-cut = The export ends before its end, or a part of it is missing.
archive-import-written = Written: { $path }
archive-import-dry = Only looked at; nothing was written.
archive-import-progress = { $read } of { $of } MiB read

## Formats

word-format-memotrace-session-csv = MemoTrace, one chat, CSV
word-format-weflow-json = WeFlow or echotrace, JSON
word-format-qq-exporter-json = QQ Chat Exporter, JSON
word-format-qq-exporter-chunks = QQ Chat Exporter, chunks
word-format-chatlab-json = ChatLab, JSON
word-format-chatlab-jsonl = ChatLab, JSON lines
word-format-discord-json = DiscordChatExporter, JSON
word-format-slack-export = Slack, export of a workspace
word-format-telegram-json = Telegram Desktop, JSON
word-format-mattermost-jsonl = Mattermost, bulk export
word-format-zulip-export = Zulip, export of an organisation
word-format-matrix-json = Matrix, events of a room
word-format-archive-jsonl = archive
word-format-archive-bag = folder of an archive

## What is noticed

word-finding-file-broken = it is no good JSON from some place on
word-finding-file-part-missing = a file that the export lists is not there
word-finding-file-part-unlisted = a file that the export does not list was read as well
word-finding-file-fewer-rows = a file has fewer rows than the export says
word-finding-file-ids-unchecked = there are too many rows to see whether every id is there once
word-finding-file-reactions-left-out = there are more reactions than are held; the later ones are left out
word-finding-file-attachments-left-out = there are more files than are held; the later ones are named by their messages alone
word-finding-row-too-long = longer than any tool writes
word-finding-row-time-odd = a time before 1970 or after 2099
word-finding-row-conversation-unknown = it is not said which conversation this belongs to

## Errors

error-archive-exists = { $path } is there already, so nothing was written.
    .hint = Name another file, or replace it with `--force`.
error-upload-package = { $file } is a package that can't be read to its end: { $says }.
    .hint = Export or copy it again. If it is good, unpack it and name the folder.
error-upload-place = { $file } has an entry that would lie outside of it, is a link, is locked, or is there twice: { $says }.
    .hint = No tool writes such a package. Find out who made it before you open it elsewhere.
error-upload-packed = { $file } is packed with { $says }.
    .hint = Unpack it, and name the folder or the file that comes out. Zip files and tar files, plain or in gzip, are read as they are.
error-upload-incomplete = { $file } lacks { $says }.
    .hint = Name the whole folder or package as the tool wrote it.
