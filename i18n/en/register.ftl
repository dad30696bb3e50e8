# The asset register: one group by flags, people who leave, views, renewal.

register-one-new = { $group } is registered.
register-one-changed = { $group }: what the register says is changed.
register-one-same = The register says so already.
register-more = … and { $count } more; `--json` has them all.

leavers-title = { $count ->
        [one] One person leaves, read as { $form }.
       *[other] { $count } people leave, read as { $form }.
    }
leavers-done = { $n_new } successors owed now, { $n_known } known already, { $n_nothing } leavers with nothing, { $n_doubtful } in doubt, { $n_wrong } lines not taken
leavers-owed = { $name }: { $leaver } ({ $role }) leaves; a successor is due by { $due }
leavers-by-account = found by the account on the platform; the register does not name the group
leavers-still-owner = { $group }: the register names somebody else, and the platform still shows the leaver's account { $account } as owner
leavers-doubtful = line { $line }: { $name } matches nobody; { $count ->
        [one] one group has
       *[other] { $count } groups have
    } an owner or deputy of this name with another contact. Nothing is owed for them until somebody has looked.
leavers-nothing = line { $line }: { $name } owns nothing and stands in for nobody, as far as is known
leavers-active = { $count ->
        [one] One person in the list is still there.
       *[other] { $count } people in the list are still there.
    }
leavers-unlisted = { $count ->
        [one] The directory has one person more than it listed; ask it for the next page.
       *[other] The directory has { $count } people more than it listed; ask it for the next page.
    }
owed-proposed = proposed: { $name }

ls-view-none = No group is in this view.
ls-unregistered = not in the register
ls-expires = last day { $day }
ls-expires-renewed = last day { $day }, renewed { $at } by { $by }
ls-owed = { $leaver } ({ $role }) leaves, successor due by { $due }

scan-unregistered = { $count ->
        [one] One group is not in the register.
       *[other] { $count } groups are not in the register.
    }
scan-settled = { $count ->
        [one] One group shows another owner now: the successor it was owed is there.
       *[other] { $count } groups show another owner now: the successors they were owed are there.
    }
scan-owner-changed = { $group }: owner was { $before }, is { $after }
scan-vanished = { $group } was seen before and is not listed now. That is no proof that it is gone.

renew-done = { $group } is needed until { $day }.

word-register-role-owner = owner
word-register-role-deputy = deputy
word-event-successor-owed = a successor is owed
word-event-renewed = renewed

note-ledger-deputy = There is a contact of a deputy, and no deputy.
note-ledger-holds = “{ $given }” is not understood as what a group holds: personal data, business secrets, vouchers, or nothing.
note-ledger-date = “{ $given }” is not written as a date. Write it as 2026-12-31; a number in a spreadsheet counts only in a cell that is formatted as a date.
note-ledger-date-calendar = The calendar has no { $given }.
note-ledger-date-years = { $given } is not a date that can be meant: only the years { $first } to { $last } are taken.
note-ledger-merged = The row is under the merged cells { $range }: only one of them holds the value. Split them and fill each in.
note-ledger-formula = Cell { $cell } is a formula without a value: the file was saved before it was computed. Open it, save it again, or put the value there.
note-ledger-formula-text = The cell under “{ $column }” is a formula and no value: { $given }
note-ledger-cell-error = Cell { $cell } is a formula that failed: { $says }
note-leavers-duplicate = The same person is already in line { $first }.
note-leavers-resource = The entry is no SCIM User.
note-leavers-active = The entry does not say whether the person is active; nobody is taken for a leaver by silence.
note-leavers-nameless = The person has left, and has no name in the list.

error-ledger-header_cell = The header of the table can't be trusted: { $why }
    .hint = Give each column a cell of its own with its name; nothing was taken.
error-leavers-size = The list of leavers is too large: at most { $lines } lines and { $megabytes } MB.
    .hint = Split it; nothing of it was taken.
error-leavers-encoding = The list of leavers is neither UTF-8 nor GBK, so its text can't be known.
    .hint = Save it again as “CSV UTF-8” or as .xlsx; nothing of it was taken.
error-leavers-header = The header of the list of leavers has columns that are not known or are there twice: { $columns }.
    .hint = Expected are { $expected }; also allowed: account, platform, leaving date. Nothing was taken.
error-leavers-columns = The list of leavers lacks columns: { $columns }.
    .hint = Expected are { $expected }. A cell under contact may be empty, the column may not be missing.
error-leavers-form = The file is neither a table of leavers nor an answer of a directory.
    .hint = Give a .csv or .xlsx file, or the JSON of a SCIM 2.0 ListResponse or User. Nothing was taken.
error-register-flag = { $flag } can't be taken: { $why }
    .hint = Nothing was written. `adjourn register --help` shows what each flag takes.
error-register-owner = Nobody has said yet who owns { $group }.
    .hint = Name the owner with `--owner`; nothing was written.
error-register-deputy = There is no deputy whose contact could be noted.
    .hint = Name the deputy with `--deputy`; nothing was written.
error-register-over = { $group } is proved gone; nobody has to look after it any more.
    .hint = `adjourn show { $group }` tells how it ended.
error-renew-unregistered = { $group } is not in the register, so there is no last day to renew.
    .hint = Register it first: `adjourn register { $group } --owner NAME --contact TEXT`.
error-renew-until = { $until } can't be the last day: it has to be from { $earliest } to { $latest }.
    .hint = Choose another day; nothing was written.
error-renew-length = “{ $given }” is no length of time.
    .hint = Write 90d, 6m or 1y.
error-renew-answer = The answer is longer than { $limit } characters.
    .hint = Shorten it; nothing was written.

renew-asked = { $count ->
        [one] One owner is asked, by a link that opens until { $until }.
       *[other] { $count } owners are asked, by links that open until { $until }.
    }
renew-asked-nobody = { $count ->
        [one] One group has no owner who can be asked: no contact, or the owner leaves.
       *[other] { $count } groups have no owner who can be asked: no contact, or the owner leaves.
    }
renew-asked-answered = { $count ->
        [one] The owner of one group has said already that it is not needed, or not theirs; a person decides.
       *[other] The owners of { $count } groups have said already that they are not needed, or not theirs; a person decides.
    }
ls-answered = the owner's answer of { $at }: { $word }
word-renewal-needed = still needed
word-renewal-not-needed = not needed any more
word-renewal-not-mine = not mine any more
word-event-renewal-asked = owner asked whether it is needed
word-event-renewal-answered = owner answered

renewal-title = Are these groups still needed?
renewal-hello = { $name }, the register names you as the owner of these groups, and they expire soon. You need no account: this page is for you alone.
renewal-ends-nothing = No answer ends a group. When it is not needed any more, somebody will get in touch about how it ends.
renewal-purpose = For: { $purpose }
renewal-no-day = no last day is known
renewal-question = Is it still needed?
renewal-needed = Still needed
renewal-until = until the end of
renewal-not-needed = Not needed any more
renewal-not-mine = Not mine any more
renewal-text = A word about it, if you like
renewal-send = Send
renewal-answered-needed = You answered: needed until { $day }.
renewal-answered-not-needed = You answered: not needed any more.
renewal-answered-not-mine = You answered: not mine any more.

error-renew-answered = { $group } is not waiting for this answer: it was answered, renewed, or has another owner.
    .hint = Open the page again to see how it stands.
