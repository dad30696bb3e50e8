# A de-identified copy becomes an anonymised one: classes of members, the end of the key, the statement.

anonymise-counted = { $people } members in { $classes } classes; the smallest has { $smallest }. Looked at: { $attributes }
anonymise-merged = { $count } members would have one common pseudonym and no attributes.
anonymise-class = { $people ->
    [one] one member
   *[other] { $people } members
}: { $values }
anonymise-dry = Every class is large enough. Nothing was written and no key destroyed.
anonymise-known = { $file } is anonymised already; the statement lies beside it.
anonymise-written = The new copy is { $file }; { $count ->
    [one] one line differs
   *[other] { $count } lines differ
} from the old one, which was not changed.
anonymise-asked = The end of the key of the pseudonyms of { $group } is asked for. A second person has to sign for this copy. Until then it is de-identified.
anonymise-done = { $file } is anonymised: the key { $key } of its pseudonyms is destroyed. { $how }
anonymise-statement = The statement is { $file }: what was counted, which key, who, and what it does not speak of.
anonymise-residual = What nobody can know from here: whether the key lies in a backup. Backups of the keys have to be destroyed as well.
anonymise-old = The copy that it was made of still lies there, and so may an index beside it. Remove what nobody needs.

word-key-end-under-root = It was overwritten and removed; it lay wrapped under the installation's root key.
word-key-end-in-clear = It was overwritten and removed; it lay in clear in a file of its own.
word-key-end-under-group = It was overwritten and removed; it lay wrapped under the group's key.
word-key-end-with-group = It was destroyed with the group's key.
word-event-pseudonyms-asked = end of the pseudonyms' key asked for
word-event-pseudonyms-destroyed = pseudonyms' key destroyed

## Errors

error-anonymise-small = { $people } members are in { $classes } classes of fewer than { $k }: somebody who knows them can find them in the copy.
    .hint = Make attributes coarser or give these members one pseudonym, in a new copy: `--generalise KEY=month`, `--suppress`, `--out OUT`. No key was destroyed.
error-anonymise-few = The copy has { $people } members, fewer than { $k }: no copy of so few is anonymous.
    .hint = It stays de-identified. Keep it like personal information, or remove it. No key was destroyed.
error-anonymise-report = It is not known which key the pseudonyms of { $file } were made with.
    .hint = The report has to lie beside the copy as `{ $file }.report.json` and be about exactly this content: `adjourn redact IN --out COPY --report COPY.report.json`.
error-anonymise-key = This is another key than the one of the copy, { $key }.
    .hint = Name the file that `redact --key-file` was given. Nothing was destroyed.
error-anonymise-key_missing = The key { $key } is not here, and nothing says that it was destroyed.
    .hint = Name its file with `--key-file`, or the folder of the keys with `--keys`. A key that is not where somebody looks proves nothing.
error-anonymise-attribute = { $typed } can't be made coarser like this.
    .hint = Write KEY=month, KEY=year, KEY=tens or KEY=none. The copy has: { $known }. Nothing was written.
error-anonymise-confirm = The key { $key } is destroyed for good, so its code has to be typed.
    .hint = Type `--confirm { $code }`. Whoever needs to know who is who has to look now; afterwards nobody can compute it. Nothing was written.
