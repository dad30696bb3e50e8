# Archives written as other tools read them: `archive convert` and its errors.

archive-convert-written = { $records ->
    [one] One record
   *[other] { $records } records
} of { $conversations ->
    [one] one conversation
   *[other] { $conversations } conversations
}, { $files ->
    [one] one file
   *[other] { $files } files
}: { $path }

error-archive-several = This holds one conversation, and there are several: { $says }.
    .hint = Choose one with `--conversation ID`.
error-archive-foreign = { $path } is a folder that no conversion wrote, so it is not replaced.
    .hint = Name another place, or move that folder away.
error-archive-conversation = There is no conversation { $conversation } in it.
    .hint = `--to csv` without `--conversation` lists them all in the column Talker.
