# What the QQ connector says by code. Kinds of keys as in notes.ftl and errors.ftl.

note-qq-leave-dissolves = This account owns the group, and on the official client its leave dissolves the group; no plain leave is ever made. The answer is not believed: what counts is that a witness was told so and lost the group. If that does not come, a person dissolves it.
note-qq-freeze-unread = This implementation does not tell whether everybody is muted, so a freeze could not be read back.
note-qq-no-groups = This account is in no group.
note-qq-restore-in-drills = QQ's function to restore a group went offline in October 2023. Only drills under the declared rules bring a group back.
note-residue-qq-bot-logs = Bots stop with the group; the logs of what was said to them stay with whoever runs them.
note-residue-qq-wallet = Wallet transactions are kept apart from the group.
note-unknown-qq-server-copies = Nobody outside the platform can know how long its servers keep messages and files of a dissolved group.
note-proof-notice-read-back = The notice is read back from the group's board, its line ends and escapes undone, and says what was sent.
note-proof-qq-disband-seen = A second account was told of the dissolve and no longer has the group in its uncached list.
note-proof-qq-listed-again = The group is in the account's uncached list again.

error-event-forged = Something that claims to come from the platform is not signed by it.
    .hint = It was not read. Check that both sides have the same secret; if it goes on, somebody else knows the address.
