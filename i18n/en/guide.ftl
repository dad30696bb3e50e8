# The personal way: `adjourn guide`. Questions, headings, and the statements of the printed page (note-guide-…).

## Questions

guide-ask-owner = Whose group is it?
guide-ask-holds = What is in it?
guide-ask-links = What hangs on it?
guide-ask-keep = What must be kept?
guide-ask-button = Does the app show a button to dissolve?
guide-ask-several = Several answers: with commas. None of them: just Enter.
guide-ask-one = One answer; just Enter takes the first.
guide-ask-again = “{ $answer }” is none of the choices.

word-guide-owner-me = mine
word-guide-owner-other = somebody else's
word-guide-owner-gone = the owner is unknown, banned or out of reach
word-guide-holds-files = photos and files
word-guide-holds-vouchers = orders, receipts, transfers
word-guide-holds-school = a class or school, with parents
word-guide-links-mini-programs = mini-programs, apps
word-guide-links-bots = bots
word-guide-links-payments = collections, payments
word-guide-keep-chat = the chat
word-guide-keep-files = photos and files
word-guide-keep-members = who was a member
word-guide-keep-evidence = evidence for a court
word-guide-button-present = yes, or not looked yet
word-guide-button-missing = no

guide-written = Written: { $path }
guide-printed-how = Open the page in a browser and print it; open the .ics file in a calendar.

## The page

guide-title = { $platform }: how to end this group
guide-intro = Made for exactly the answers below. Nothing was sent anywhere: this page and the calendar file are all there is.
guide-your-answers = Your answers
guide-answer-owner = Whose group
guide-answer-holds = What is in it
guide-answer-links = What hangs on it
guide-answer-keep = What must be kept
guide-answer-button = Button to dissolve
guide-nothing = nothing
guide-when = Counted from
guide-rules = Values that act
word-guide-rules-declared = as published
word-guide-rules-confirmed = as confirmed, where somebody did confirm them
guide-outcome = What this route reaches
word-guide-outcome-dissolved = The group ends for everyone (dissolved).
word-guide-outcome-emptied = Nobody is left in the group (emptied). That is weaker than dissolved: the group was not ended.
word-guide-outcome-left-only = You are out of the group; it goes on without you (left only). You can't dissolve it.
word-guide-outcome-not-by-you = You can't end this group alone; the organisation's administrator has to.
guide-steps = Step by step
guide-no-return = Point of no return: nothing can be undone after this step.
guide-branch = No button to dissolve?
guide-acts = Four acts that are not the same
guide-act = Act
guide-act-ends = Does the group end?
guide-act-others = What the others see
guide-act-you = What you keep
guide-act-back = Can it be taken back?
word-guide-act-dissolve = Dissolve
word-guide-act-leave = Leave
word-guide-act-delete = Delete the chat
word-guide-act-hide = Hide
guide-acts-note = Only one of the four ends the group. A group that is merely missing from your own list is hidden, not gone.
guide-final = What can't be undone
guide-checks = How to see that it is really gone
guide-clocks = Clocks
guide-clock-what = What
guide-clock-long = How long
guide-clock-ends = Ends
guide-clock-sure = How sure
guide-clock-none = No such window, says this source:
guide-clock-unknown = No value is known for this platform, and none was made up:
guide-clock-other-value = another value; it does not act
guide-sources = Facts and sources
guide-source-acting = acts
guide-source-checked = checked { $date }
guide-sources-note = All values that were found are listed, also those that contradict each other. The mark says how far each can be trusted.
guide-ended = (No longer so since { $date }.)
guide-no-source = No fact about this is recorded for this platform.
guide-disagree = sources disagree
guide-footer = Adjourn { $version } · made { $time } · a printed page gets no updates: platforms change, so check the dates above.
guide-time = { $time } (UTC{ $offset })
guide-n-seconds = { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }
guide-n-minutes = { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
guide-n-hours = { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
guide-n-days = { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## Steps

note-guide-step-owner-check = Make sure that you may dissolve it: the app shows the button only to whoever may. If somebody else is the owner, stop here and make this page again with that answer.
note-guide-step-school = This is a school group. Post the dissolve time ({ $time }) in the group beforehand and send it over the home–school channel at the same time. How far ahead is not laid down anywhere; leave the parents enough time to answer, and ask those who have not.
note-guide-step-evidence = Evidence first, dissolve later. Preserve the chat before anything is changed, note who did it on which device and when, and wait until the court, lawyer or notary says that they have what they need.
note-guide-step-chat = Save the chat that must be kept, on a device that stays with you, and open the saved copy to see that it can be read from the first to the last message.
note-guide-step-files = Save photos and files one by one outside the app (not as favourites), then open a few of the saved ones. A picture that was never opened may be a preview only.
note-guide-step-members = Write down who the members are (names and how to reach them), as far as you need it and they would expect it. It is personal data: keep it no longer than needed.
note-guide-step-vouchers = Save orders, receipts and proof of transfers, and keep them for the years that the law asks for, counted from when each trade was completed.
note-guide-step-payments = Close open money first: collections, red packets that nobody took, refunds. Don't go on while anything is unpaid.
note-guide-step-mini-programs = Take mini-programs and apps off the group, and take their authorisation back in their own settings.
note-guide-step-bots = Remove each bot from the member list. Where a bot has a server, close it there too.
note-guide-step-handover = Some sources say that the work handover must be approved first. Ask your administrator, and hand over what is open either way.
note-guide-step-announce = Tell the members in a group notice, once: who ends the group and why, when ({ $time }), what happens to chat and files, where to go instead, and how to reach you.
note-guide-step-last-look = Look once more: is it the right group (name, members)? Has everybody what they need? Is nothing owed? Is nobody entitled to have it kept (a dispute, an inspection)?
note-guide-step-dissolve = Open the group and go: { $path }. Type or confirm what the app asks for.
note-guide-step-mistake = Was it a mistake? What the sources say about taking it back:
note-guide-step-interrupted = Was it interrupted? First look whether it happened, and only then try again.
note-guide-step-witness = Ask a member, not yourself, what the app shows them. Keep a screenshot of the notice with the time.
note-guide-step-watch = Look again after 1, 24 and 72 hours, and ask the same member. No answer is no proof: note it as unknown.
note-guide-step-ask-owner = You can't dissolve somebody else's group. Ask the owner to, and give them this page. Without them, the rest below is all that you can do.
note-guide-step-take-over = Or ask the owner to hand the group over to you. When the app shows you as the owner, make this page again with “mine”.
note-guide-step-org-admin = For a group of an organisation: ask its administrator, who may be able to name another owner or end the group.
note-guide-step-desk = Ask the platform's service desk for an emergency transfer, with proof of who you are and why. The time named is an average, not a promise; ask again after it.
note-guide-step-leave = Or leave. That ends nothing: the group goes on, and the others still see what you wrote there.
note-guide-step-update = Update the app to the newest version, open the group again, and look whether the button is there now. If it is, go by the route above.
note-guide-step-empty = Still no button: remove all members one by one, tell each before, and leave last. This outcome is weaker: the group is emptied, not dissolved. Nothing announces that it ended, and the history stays with everybody.
note-guide-step-empty-impossible = Removing everybody is no way out here. Ask the organisation's administrator.

## Dissolve, leave, delete, hide

note-guide-act-dissolve-ends = Yes, for everyone.
note-guide-act-dissolve-others = They are out and can't write there any more.
note-guide-act-dissolve-you = What is on your device.
note-guide-act-dissolve-back = Treat it as no; see the clocks.
note-guide-act-leave-ends = No. The others go on.
note-guide-act-leave-others = They see you no longer among the members; what you wrote stays.
note-guide-act-leave-you = Nothing new reaches you; the app may take the chat off your device.
note-guide-act-leave-back = Only if somebody invites you again.
note-guide-act-delete-ends = No. You are still a member.
note-guide-act-delete-others = Nothing changes for them.
note-guide-act-delete-you = The chat is gone from your device; new messages bring it back.
note-guide-act-delete-back = No, unless you saved it before.
note-guide-act-hide-ends = No. You stay a member, as before.
note-guide-act-hide-others = They notice nothing.
note-guide-act-hide-you = Everything; it is just not shown in the list.
note-guide-act-hide-back = Yes, at any time.

## What can't be undone

note-guide-final-group = The group itself, once it is dissolved.
note-guide-final-notice = The notice that the members got.
note-guide-final-history = Chat that was not saved before.
note-guide-final-files = Files that were not saved before.
note-guide-final-copies = What members have on their devices, forwarded or photographed. Nobody can call that back, and a dissolve does not delete it.

## Checks

note-guide-check-witness = A second person who was a member sees that the group has ended. This is the sign that counts.
note-guide-check-hidden = Search for the group by its name on your device. If it turns up and you can write in it, it was only hidden, or only the chat was deleted.
note-guide-check-left = If others can still write in it, you have only left it.
note-guide-check-return = “Done” on the screen is no proof. Neither is that you don't see it any more.
note-guide-check-unknown = If nobody can tell, the answer is “unknown”, not “gone”.

## Clocks

note-guide-clock-mistake-recall-seconds = Taking back a slip of the owner
note-guide-clock-notice-recall-seconds = Taking back the notice
note-guide-clock-recovery-seconds = Recovering the group
note-guide-clock-recovery-request-seconds = Asking for the history
note-guide-clock-history-roaming-hours = Roaming of the last messages
note-guide-clock-history-pull-seconds = Fetching the organisation's archive
note-guide-clock-files-kept-seconds = Files are kept
note-guide-clock-observe-seconds = Watching that it stays gone
note-guide-clock-exception-banned-hours = Emergency transfer, on average
note-guide-clock-handover-member-age-hours = How long the new owner must have been a member

## Calendar

guide-ics-name = { $platform }: end of a group
guide-ics-dissolve = { $platform }: dissolve the group
guide-ics-dissolve-says = The time that you announced. The printed page has the steps.
guide-ics-leave = { $platform }: the steps on your page
guide-ics-clock = { $platform }: { $what } ends ({ $long })
guide-ics-clock-unsure = { $platform }: { $what } ends ({ $long }; { $confidence })
guide-ics-says = { $says } Source: { $source }, checked { $date }. Confidence: { $confidence }.
guide-ics-not-acting = Another source gives another value; don't rely on this one.
guide-ics-look = { $platform }: is the group gone? ({ $count } h)
guide-ics-look-says = Ask the member who saw the end. Can anybody still write in it? No answer is unknown, not gone.

## Errors

error-guide-answer = { $given ->
        [none] { $flag } is needed. It takes: { $choices }.
       *[other] The answer { $given } does not fit { $flag }. It takes: { $choices }.
    }
    .hint = Correct the flag, or run `adjourn guide` on a terminal without flags and answer its questions.
error-guide-platform = There is no guide for { $platform }. There is one for { $choices }.
    .hint = Choose one of those; `adjourn facts PLATFORM` prints what is known about the others.
error-guide-time = { $given } is no time that can be read.
    .hint = Write it like 2026-12-01T20:00+08:00. Without an offset it is read as Beijing time.
