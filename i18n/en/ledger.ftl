# Ledgers: an organisation's own list of its groups.

register-title = { $count ->
        [one] One row, read as { $form }.
       *[other] { $count } rows, read as { $form }.
    }
register-done = { $n_new } new, { $n_changed } changed, { $n_same } as before, { $n_wrong } not taken
register-dry = Nothing was written (--dry-run).
register-no-contact = { $count ->
        [one] One group has an owner whom nobody can reach: the contact is empty.
       *[other] { $count } groups have an owner whom nobody can reach: the contact is empty.
    }
register-problem = line { $line }: { $says }

note-ledger-empty = The cell under “{ $column }” is empty.
note-ledger-nameless = The row has neither a name nor an id.
note-ledger-long = The cell under “{ $column }” has more than { $limit } characters.
note-ledger-control = The cell under “{ $column }” has characters that can't be shown.
note-ledger-cells = The row has { $count } cells, the header { $expected }.
note-ledger-kind = “{ $given }” is no kind of group that is known: ordinary, enterprise, education, trading, external-customer.
note-ledger-class = “{ $given }” is no class of the policy.
note-ledger-connection = No connection leads to “{ $given }”.
note-ledger-duplicate = The same group is already in line { $first }.
note-ledger-destroyed = The key of this group was destroyed; it can't be registered again.

error-ledger-size = The ledger is too large: at most { $lines } lines and { $megabytes } MB.
    .hint = Split it; nothing of it was taken.
error-ledger-encoding = The ledger is neither UTF-8 nor GBK, so its text can't be known.
    .hint = Save it again as “CSV UTF-8” or as .xlsx; nothing of it was taken.
error-ledger-header = The ledger's header has columns that are not known or are there twice: { $columns }.
    .hint = Expected are { $expected }; also allowed: id, kind, purpose, deputy, deputy contact, unit, holds, expires, exit plan. Nothing was taken, because a column that is not understood might be the one that matters.
error-ledger-columns = The ledger lacks columns: { $columns }.
    .hint = Expected are { $expected }. A cell under contact or class may be empty, the column may not be missing.
error-ledger-form = The file can't be read as a table.
    .hint = Give a .csv or .xlsx file; an old .xls has to be saved as .xlsx first. Nothing was taken.
error-ledger-connections = Two connections lead to { $platform }: { $connections }.
    .hint = Name the one that the ledger is about with `--connection`.
