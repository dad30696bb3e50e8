# Acts that end no group: leaving, and how it differs from everything that it is taken for. And what is only counted:
# restores in a month.

word-step-leave = leave (one account; the group goes on)
word-op-leave = leave
word-state-left = left (the group goes on)
word-ending-left = left
note-acts-apart = Four things that are not the same. Dissolved: the group is over for everyone, and that was verified. Left: one account is out, the group goes on, and nothing of it was ended. Emptied: the group is still there, and nobody is in it. Hidden: only a list does not show it; everything goes on.
note-willnot-end-by-leaving = The group will not be dissolved: only the account that is named goes. Members, history, links and the owner stay as they are.
note-blocker-not-in = The account { $who } is not in the group, so it can't leave it. Name one that is (--account).
note-blocker-last-member = Nobody else is in the group: it would be left empty, which is neither left nor dissolved. Plan its end instead (`adjourn plan`).
note-blocker-leave-witness = No second account can look: whoever is out is told nothing of the members any more, so nothing would prove that it is out. Add a witness to the connection that is in the group (`adjourn connect`).
note-person-leave = Open the group in the app with the account that the plan names and leave it (“Leave group”, not “Dissolve group”, and not “Delete chat”). Should the app offer to dissolve the group or ask for another owner, stop: then the account owns it, and it is no leave. Then hand in a screenshot that shows the result.
note-proof-member-list = the list of members, read by another account
note-contingency-leave = { $step }: the account is still in the group. Nothing has ended; read the members again, then let a person leave in the app.
note-copy-rewritten = The platform rewrote spaces, line breaks or the width of characters; every word is there.
note-copy-truncated = The platform cut the announcement off: { $kept } of { $of } characters are there. That is not the announcement.
note-copy-edited = What is there is not what was sent: it differs from character { $at } on. It was edited afterwards, or is another text.
progress-again = The platform did not answer ({ $code }); asked again in { $seconds } s, attempt { $attempt } of { $of }
restore-quota = Brought back this month with the account of { $connection }: { $used } of { $of }; the next month begins { $until }.
