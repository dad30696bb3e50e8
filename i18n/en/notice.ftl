# The members' and parents' page: what they were told, read receipts, objections; and its links.

notice-title = Your group will end
notice-hash = This is the text as it was told; SHA-256
notice-stays = The end was taken back: this group stays. Below is what was told before.
notice-is-over = It is too late to object here: the group has ended, or its end can't be stopped any more.
notice-read = I have read this
notice-was-read = You said that you read this: { $time }.
notice-object = I object
notice-object-how = Whoever asked for the end answers it, or hands it to somebody who decides. Too many open objections stop the end until then. The answer is shown here.
notice-why = Why?
notice-object-send = Send the objection
notice-mine = Your objection
notice-answer = The answer
notice-escalated = Handed to somebody who decides: { $time }.
notice-name = Your name
notice-for-everybody = This link is the same for everybody in the group. Each browser counts once.
notice-for-you = This link is yours alone. Don't pass it on: whoever has it speaks for you.
notice-sheet-title = Notices of case { $case }
notice-sheet-hello = For the group, a board or a letter: whoever scans the code reads what was told, and can say so, or object.
notice-csv-group = group
notice-csv-member = member
notice-csv-account = account
notice-everybody = everybody
notice-count = { $name }: { $n_read } of { $n_members } have read it, { $n_objections } objections
links-title = Links of case { $case }
links-head = Links for owners and members
links-owners = Owners with steps of their own: { $n_owners }; done { $n_done } of { $n_all } steps
links-make-owners = Owners' links, to print
links-make-owners-why = Earlier links of the owners close.
links-make-members = Members' notice, to print
links-revoke-member = A member whose links are taken back: account, name or a link of theirs. Empty: this link for everybody
links-revoke = Take back
notice-revoked = The links that were given so far open nothing any more ({ $group }).

word-event-notice-read = notice read
word-event-notice-revoked = notice links taken back

## Errors

error-notice-link = This link is not valid.
    .hint = Scan the code again, or ask whoever told you for a new link.
error-notice-expired = This notice could be read until { $time }.
    .hint = It is over. Ask whoever told you if you still need it.
error-notice-early = Nothing was told about { $group } yet.
    .hint = Come back when the group has been told.
error-notice-over = It is too late: the group has ended, or its end can't be stopped any more.
    .hint = Ask whoever told you.
error-notice-name = A name is needed here: one line of at most { $max } characters.
    .hint = Go back and write your name.
error-notice-objected = You have objected already, in other words.
    .hint = Go back: it stands on the page, with what became of it.
error-notice-browser = This browser keeps no cookies, so it can't be counted once.
    .hint = Let it keep cookies of this site, open the link again, or ask for a link of your own.
error-notice-revoked = This link was taken back.
    .hint = Ask whoever told you for a new one.
error-notice-member = There is nobody, or more than one, called { $member } among the members.
    .hint = Name the account, or paste a link of theirs.
error-notice-full = No more readers of this group are counted.
    .hint = Ask whoever told you.
