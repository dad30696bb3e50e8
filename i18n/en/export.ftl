# Exports: the verb `export`, what an export's receipt says, and pauses that a platform asks for.

progress-paused = { $identity } of { $connection } waits { $n_seconds } s, because the platform wants it; other accounts go on
export-taken = { $n_records } records and { $n_media } files were taken; the platform counts { $platform } records.
export-undecryptable = { $count ->
    [one] One of them can't be decrypted by this account.
   *[other] { $count } of them can't be decrypted by this account.
}
export-repeated = { $count ->
    [one] The platform gave one record again, unchanged; it is kept once.
   *[other] The platform gave { $count } records again, unchanged; each is kept once.
}
export-compared = A second listing of the platform was compared with it, day by day.
export-not-compared = The platform has no second listing to compare it with.
export-item = { $id }, page { $cursor }: { $why } ({ $count ->
    [one] one record
   *[other] { $count } records
})
export-more = … and { $count ->
    [one] one more line of the receipt
   *[other] { $count } more lines of the receipt
}
export-lies = The archive is in { $path }: { $n_bytes } bytes, hash { $hash }
export-clear = Messages, members and media lie there in clear: whoever has the folder reads them. `[archive] seal = true` seals exports from now on.
export-sealed = Messages, members and media are sealed under the group's key, and go with it.
export-partly = It is not complete. The receipt says what is missing.

word-export-reason-page = the platform fails to give it, left out
word-export-reason-shape = not of the shape that records have, left out
word-export-reason-duplicate = another content under an id that was taken before, left out
word-export-reason-time = a time before 1970 or after 2099, kept as it is
word-event-history-exported = history exported

note-gap-bad = { $n_records } records were left out. The receipt names each with its page and the reason.
note-gap-day = On { $day } the platform lists { $platform } records; { $taken } were taken.
note-gap-media-failed = The platform fails to give the file { $media }, so it is not in the export.
note-gap-more = { $n_more } more files are missing.

error-export-busy = Another export into { $folder } is running.
    .hint = Wait until it has ended, or choose another folder.
