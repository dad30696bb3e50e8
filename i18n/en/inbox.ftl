# What people hand in: the verb `import`, its findings, its errors, and the notes of platforms that are read from an inbox.

import-messages = { $file }: { $format }, { $count ->
    [one] one record
   *[other] { $count } records
} of this group
import-groups = { $file }: { $format }, { $count ->
    [one] one group
   *[other] { $count } groups
}
import-archive = { $file }: { $format }, { $records } records; { $count ->
    [one] one group of it is
   *[other] { $count } groups of it are
} known to this connection
import-left-out = { $count ->
    [one] Nothing is kept of one other group in it, which was never scanned, nor of chats between two.
   *[other] Nothing is kept of { $count } other groups in it, which were never scanned, nor of chats between two.
}
import-image = { $file }: { $format }
import-span = From { $first } to { $last }; local times are read in { $zone }.
import-hash = { $bytes } bytes, SHA-256 { $sha256 }
import-stripped = What the picture told about device, place and time was taken out; both hashes are recorded.
import-ended = The client of { $identity } says in this file that the owner dissolved the group.
import-unreadable = { $count ->
    [one] One row could not be read; it stays in the file that is kept.
   *[other] { $count } rows could not be read; they stay in the file that is kept.
}
import-finding = row { $row }: { $says }
import-more = … and { $count ->
    [one] one more finding
   *[other] { $count } more findings
}
members-unknown = members unknown
import-kept = The file is kept as evidence.
import-dry = Only looked at; nothing was kept.

## Formats

word-format-chatlog-csv = chatlog, CSV
word-format-chatlog-json = chatlog, JSON
word-format-memotrace-csv = MemoTrace, CSV
word-format-pywxdump-csv = PyWxDump, CSV
word-format-pywxdump-json = PyWxDump, JSON
word-format-chatrooms-csv = chatlog, list of groups, CSV
word-format-chatrooms-json = chatlog, list of groups, JSON
word-format-wecom-archive-jsonl = WeCom, archive of messages
word-format-png = picture, PNG
word-format-jpeg = picture, JPEG

## What is noticed about a file

word-finding-file-truncated = the file was cut off
word-finding-file-no-rows = there are no rows
word-finding-file-many-groups = more chats than are told apart
word-finding-archive-gap = numbers are missing before it: records that nobody pulled in time, or that could not be read
word-finding-archive-left-out = records of other chats were left out by whoever made the file
word-finding-header-short = the header has one field fewer than the rows
word-finding-row-columns = another number of columns than the header has
word-finding-row-encoding = the text is not UTF-8
word-finding-row-extra-column = one column more than the header has
word-finding-row-format = not a row of this format
word-finding-row-id = no id, or one that can't be kept to the last digit
word-finding-row-id-twice = the same id as an earlier row
word-finding-row-json = not a JSON object
word-finding-row-local-time = the local time can't be read
word-finding-row-order = earlier than the row before
word-finding-row-seq = the number of the message does not fit its time
word-finding-row-time = the time can't be read
word-finding-row-time-twice = a local time that the clock showed twice, or never
word-finding-row-type = a column of another type
word-finding-row-type-unknown = a type of message that nobody knows
word-finding-row-users = more members than a group can have
word-finding-row-zone = the two times of the row disagree in this zone

## Errors

error-upload-format = { $file } is none of the files that can be handed in. It begins with: { $says }
    .hint = Hand in the tool's own file, not one that was saved again by a spreadsheet. Expected is one of these first rows:
        { $expected }
error-upload-encoding = { $file } is not in UTF-8; it seems to be { $says }.
    .hint = Export it again as UTF-8; a file that was converted by hand is no longer what the tool wrote.
error-upload-row_too_long = { $file } has a row that is longer than any tool writes ({ $says }).
    .hint = The file is damaged, or is something else. Export it again.
error-upload-empty = { $file } holds nothing.
    .hint = Export the group again, with its whole span of time.
error-upload-order = The records of { $file } are not in the order of seq ({ $says }).
    .hint = Hand in the records as they were pulled, smallest seq first, each one once; hand several pulls in one by one.
error-upload-platform = This is a file of the platform { $platform }, and { $connection } is a connection to another one.
    .hint = `adjourn connect ls` shows the connections; name the one whose groups the file is about with `--connection`.
error-upload-contacts = A list of people is not needed and is not kept.
    .hint = Hand in the list of groups or the messages of one group.
error-upload-group = It is not said which group this is about.
    .hint = Name it with `--group`, or, for a list of groups, the connection with `--connection`.
error-upload-identity = The connection { $connection } has no identity { $identity }.
    .hint = `adjourn connect ls` shows the identities; the file is handed in `--as` the one whose client it comes from.
error-upload-other_group = This file says nothing about { $group }; it is about { $found }.
    .hint = Hand in the export of the right group, or name the group that this one is about.
error-upload-zone = There is no time zone { $zone }.
    .hint = Name it like `Asia/Shanghai` or `+08:00`: the zone of the computer that wrote the file.
error-upload-too_large = The file has { $bytes } bytes; the limit is { $limit }.
    .hint = Export a shorter span of time, and hand the parts in one by one.
error-upload-changed = The file changed while it was being read: { $says }.
    .hint = Wait until the tool has finished writing, then hand it in again.

## How it is done on platforms without an interface

note-inbox-chatrooms = Read from lists of groups that members' tools write and hand in; what nobody handed in is unknown.
note-inbox-export = A member exports the group with a tool and hands the file in with `adjourn import`; it is read row by row, and header, count, span and hash are checked.
note-inbox-verify = Read from exports that are handed in afterwards: the client writes into every member's history that the owner dissolved the group. An old export says nothing, a missing one is unknown.
note-person-announce-wechat = The owner opens the group, taps ··· at the top right, 群公告, and posts exactly this text. Then a witness exports the group and hands the file in with `adjourn import`.
note-person-unlink-wechat = The owner opens the group, taps ··· at the top right, then − below the members, and takes the bot out; a mini-program is closed in its own console. Then hand in a new list of groups with `adjourn import`.
note-person-transfer-wechat = The owner opens the group, taps ··· at the top right, 群管理, 群主管理权转让, and chooses the successor. Then the successor hands in a new list of groups with `adjourn import`.
note-person-dissolve-wechat = The owner opens the group, taps ··· at the top right, 群管理, 解散群聊, and types the group's name when asked. 删除并退出 is not a dissolve: it makes somebody else the owner. Where the button is missing, update the client first. Then a witness exports the group and hands the file in with `adjourn import`.
note-no-freeze = The platform can't make a group read-only for its members.
note-unknown-export-tools = Whether the members' export tools work with the client of the day: they are made by third parties.
note-proof-inbox-list = A list of groups that was handed in afterwards shows it.
note-proof-witness-export = The export of a witness that was handed in afterwards holds the client's own row about it.

## Events

word-event-upload-received = upload received
word-event-list-received = list received
