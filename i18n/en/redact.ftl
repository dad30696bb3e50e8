# Redaction: the de-identified copy of an archive's records, and the report on what may be left.

redact-done = { $count ->
    [one] One line read
   *[other] { $count } lines read
}, { $touched } of them with identifiers. The copy is { $out }: de-identified, not anonymous.
redact-dry = { $count ->
    [one] One line read
   *[other] { $count } lines read
}, { $touched } of them with identifiers. Nothing was written.
redact-kind = { $name }: { $found } found ({ $certain } certain, { $likely } likely), { $distinct } different, { $rejected } with a wrong check digit left
redact-whole = senders and accounts: { $count } replaced
redact-dropped = the platform's own bytes, portraits: { $count } taken out, since nobody can search them
redact-left = numbers of seven digits or more that are none of these, and were left: { $count }
redact-not-covered = Not looked for:
redact-key-new = A new key of the pseudonyms lies in { $path }. Keep it apart from the copy: whoever has both can tell who is who.
redact-key-known = The key of the pseudonyms is the one in { $path }: the same people have the same pseudonyms as in earlier copies made with it.
redact-imported = Of { $format } { $records } messages of { $rows } rows were taken; { $unreadable } rows can't be read, and are in the original only. No copy with identifiers was written on the way.
redact-format-kept = Numbers and e-mail addresses in the copy are invented and keep their form: mobile numbers begin with 11, landlines with 01 or 1, identity numbers with 99, cards and QQ numbers with 0, e-mail ends in .invalid. Nobody has them.
redact-members = People who are known: { $people }, of whom the archive itself tells { $learned }. { $shared } names belong to several people, { $unusable } are too short to be looked for.
redact-no-members = There is no list of members: whoever did not write is found by surname and context only. `--members FILE` finds everybody under each name.
redact-fault = line { $number } was left out: { $what }
redact-faults-more = and { $count } more
redact-original = The original is sealed in { $path }: { $count ->
    [one] one recipient
   *[other] { $count } recipients
} can open it with an identity.
redact-report-written = The report is { $path }.

word-redact-kind-mobile = mobile numbers
word-redact-kind-landline = landline numbers
word-redact-kind-resident-id = resident identity numbers
word-redact-kind-card = payment cards
word-redact-kind-credit-code = unified social credit codes
word-redact-kind-passport = passports
word-redact-kind-permit = travel permits
word-redact-kind-plate = vehicle plates
word-redact-kind-email = e-mail addresses
word-redact-kind-ip = network addresses
word-redact-kind-link = links with a secret
word-redact-kind-wechat = WeChat ids
word-redact-kind-qq = QQ numbers
word-redact-kind-address = postal addresses
word-redact-kind-person = names of people

word-redact-fault-no-json = it is no JSON
word-redact-fault-no-utf8 = it is no UTF-8
word-redact-fault-too-long = it is longer than 16 MiB

word-redact-gap-pictures-voice-and-files = pictures, voice and files
word-redact-gap-names-without-context-and-surname = names without a surname and without context
word-redact-gap-nicknames-that-are-not-listed = nicknames that no list has
word-redact-gap-addresses-without-road-or-place = addresses without a road or place
word-redact-gap-meaning-that-identifies = what somebody says that only one person can have said
word-redact-gap-identifiers-over-several-messages = an identifier in pieces over several messages

## Errors

error-redact-exists = { $file } is there already.
    .hint = Choose another name, or replace it with `--force`. Nothing was written.
error-redact-same = { $file } is the original itself.
    .hint = A copy never takes the original's place. Choose another name; nothing was written.
error-redact-busy = Another process is writing { $file }.
    .hint = Wait until it has ended, then try again.
error-redact-form = What was given is no list of messages as JSON lines ({ $says }).
    .hint = Expected is one JSON object a line, with at least `text`, plain or in zstd. Unpack it first; nothing was written.
error-redact-compressed = The compressed input is cut off or broken: { $says }
    .hint = Fetch it again, or look with `zstd --test`. No copy was written, since nobody knows what is missing.
error-redact-members = The list of members can't be read: { $says }
    .hint = Give one name a line, or a table (CSV in UTF-8 or GBK, XLSX) with a header such as name, aliases, account. Nothing was written.
error-redact-scope = The name of a scope has 1 to { $limit } letters, digits, `-`, `_` or `.`, and no dot first.
    .hint = Choose another name for `--scope`; nothing was written.
error-redact-key = { $file } is no key: 64 hexadecimal digits are expected.
    .hint = Name a file that is not there, and a key is made in it. Nothing was written.
error-redact-export = { $file } is another tool's export that can't be read to its end ({ $says }).
    .hint = `adjourn archive import` says more about it. No copy was written.
error-redact-partly = { $count ->
    [one] One line was left out of the copy, because it can't be read.
   *[other] { $count } lines were left out of the copy, because they can't be read.
}
    .hint = The report lists them by number. The original has them; nothing of it was changed.
