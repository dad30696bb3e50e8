# The pages of a case, of a group, and of a selection.


## A session that ended in the middle of a form

kept-over = Your session had ended, so nothing was sent. Sign in, and you will find what you typed in its form again.
kept-files = Files and passwords are not carried along: choose and type them again.
kept-back = You are signed in again. What you typed is back in its form; nothing was sent yet.
kept-left = This has no place on the page any more. Copy what you still need:

## Typed confirmation

typed-code = The code for exactly this:
typed-here = Type the code
typed-no-name = (no name)

## A selection of groups

groups-shown = { $first }–{ $last }
groups-pick-note = What you picked is looked at first. Nothing is changed on a platform, and no group is ended from here.
groups-pick-all = All of this view: { $count ->
        [one] one group
       *[other] { $count } groups
    }
groups-pick-look = Look at the selection
groups-keys = Keys: j and k move, x picks, / searches, p goes to the selection.
pick-surprising = { $count ->
        [0] nothing surprising about them
        [one] one may surprise you
       *[other] { $count } may surprise you
    }
pick-gone = It is gone already.
pick-hold = It is under a legal hold; the plan will be blocked.
pick-in-case = It is in case { $case }, which is not over.
pick-no-owner = It has no owner.
pick-owner-unknown = Nobody has told who owns it.
pick-used = It was used lately: { $at }.
pick-nominee = Who takes the work over (groups of an organisation need somebody)
pick-without = Steps that this plan skips
pick-without-note = What is ticked is not taken off. The plan says so, with the reason, and is reviewed like any other.
pick-without-one = Do not take off: { $kind } “{ $link }”
pick-without-why = Why these steps are skipped
pick-activity-unknown = Nobody has told when it was last used. Unknown is not idle.
pick-linked = { $count ->
        [one] One thing hangs on it.
       *[other] { $count } things hang on it.
    }
pick-large = It has { $count } members.
pick-unregistered = The register does not name it.
error-plan-many = { $count } groups are more than one plan takes from here ({ $limit }).
    .hint = Pick fewer, or narrow the view; reviewers read every one of them.

## A group

group-facts = What is known
group-fact = About
group-says = What
group-source = Who says so, and when
group-native = The platform's id
group-records = Records
group-from-policy = set for its connection or in the register
group-from-ledger = from a ledger, { $at }; nobody has looked
group-from-row = the register, row { $row }
group-from-person = the register, by a person
group-unregistered = not registered
group-deputy = Deputy
group-unit = Unit
group-purpose = Purpose
group-no-links = Nothing that anybody has seen.
group-name = Name
group-kind = Kind
group-fate = When the group ends
group-members = { $count ->
        [one] One member
       *[other] { $count } members
    }
group-account = Account
group-standing = Role in the group
group-hold = Legal hold { $hold } by { $by } since { $time }: { $matter }
group-hold-lifting = { $by } has asked to lift it; another person has to.
group-hold-blocks = A legal hold is on this group: the plan can be drawn, and will be blocked.
group-can = What can be done
group-danger = Danger area
group-closed-runs = not now: case { $case } is under way
group-closed-over = not any more: the group is gone
word-standing-owner = owner
word-standing-admin = administrator
word-standing-member = member

## A case

case-already = That had been done already. Nothing was done a second time.
case-fresh = The plan was drawn again since you opened the page. Nothing was done: this is the plan as it is now, read it first.
case-review = To review
case-asks = { $name } asks; drawn { $at }
case-irreversible = What can't be taken back
case-irreversible-none = Everything in this plan can be taken back.
case-when = When
case-when-earliest = At the earliest { $length } after it is applied, besides the time that the steps themselves take.
case-when-announced = Announced for { $at }; not before that.
case-when-observed = Afterwards it is observed for { $length }.
case-idleness = Whether it is in use
case-idle = { $group_name }: nobody did anything for { $since } (last { $time }; { $seen })
case-reactions = What members say: { $count ->
        [0] no open objection
        [one] one open objection
       *[other] { $count } open objections
    }
case-reactions-none = Nobody has said anything that was noted down.
case-questions = Questions
case-question = { $name }, { $at }: { $text }
case-answer = Your answer
case-answer-send = Answer
case-asked-you = { $case }: a reviewer asked you something
case-answer-open = not answered yet
case-review-stands = Where the review stands
case-valid = Holds as long as owner, members, links and the platform's facts are as they were; all of it is looked at again before anything is done.
case-money = { $count ->
        [one] one payment to be settled
       *[other] { $count } payments to be settled
    }
case-records = { $count } records to export
case-back-never = the platform gives nothing back
case-back-purged = the platform would give it back { $back }, but this plan purges it before
case-back = the platform gives it back: { $back }
case-only-new = only now: { $line }
case-only-old = only before: { $line }
case-members = members: { $n_joined } new, { $n_left } gone
case-same = nothing differs
case-compared = { $group_name } against the plan of { $at } ({ $case })
case-ask = Ask
case-ask-what = What you want to know before you decide
case-ask-note = Your question stands in the case. It decides nothing; others may decide meanwhile.
case-withdraw = Withdraw the case
case-locked-requester = Only whoever asked for the case can withdraw it.
case-locked-approved = You have approved this plan.
case-locked-nominee = Only the person whom the plan names can say so.
case-take-over = Accept the handover
console-take-over = { $group_name }: the plan names you to take its work over
case-take-over-note = The plan names who takes the work over. Nothing is dissolved before this person has accepted it here.
case-waits-nominee = Waits for the person whom the plan names to accept the handover.
case-locked-role = Your approval is not asked for here.
case-effect = { $count ->
        [one] This group ends for everybody.
       *[other] These { $count } groups end for everybody.
    }
case-last-return = You can stop it for { $waits } after you apply it, until the point of no return. After that: { $back }.
case-redraw = Draw the plan again
case-redraw-command = Drawn again on the command line, with what its groups' kinds ask for: { $command }
case-so-far = How far it has come
case-total = { $percent } % · { $n_over } of { $n_all } groups are over
case-close-page = You can close this page; the work goes on.
case-no-skip = Reviewers agreed to these steps: one is skipped by another plan without it, which is reviewed anew. Only bots, webhooks and apps may stay on.
case-stays = Members have read that this group ends. Whoever opens the link to the notice reads now that it stays; in the group, post this:
case-stays-text = The end of this group was taken back. The group stays.
case-skip = Skip this step, with a new review
case-skip-note = The run ends here, before the point of no return. Then a plan is drawn that leaves this step out and gives your reason, and it needs the same approvals.
case-skip-send = End the run for this
case-skip-draw = Draw the plan without this step
case-doing = What is being done
case-paused = It is paused and does not go on by itself.
case-next = Goes on { $at }
case-counted = { $n_done } done
case-counted-of = { $n_done } of { $n_total }
case-rate = { $count } a minute
case-attempts = attempt { $count }
case-alive = last sign of life { $at }
case-silent = No answer; it is being asked again.
case-undo-before = Everything that was done is taken back in reverse order, but for what is marked with !.
case-undo-past = The point of no return is behind. Only what the platform itself gives back comes back.
case-rebuild = If it can't be brought back, a new group in its place will do
case-stop-until = Everything but what is marked with ! can still be taken back, until { $until }
case-restorable = The platform brings the group back until { $until }
case-receipt = The export is not complete
case-receipt-total = Records taken
case-receipt-told = Records that the platform says there are
case-receipt-media = Media files taken
case-receipt-undecryptable = Records that nobody here can decrypt
case-receipt-first = First
case-receipt-last = Last
case-receipt-gaps = Missing, and why:
case-receipt-note = Whoever accepts this says that the group may end although this is missing for ever. Your name stands in the bundle.
case-receipt-locked = You took it out yourself. Somebody else says whether it is enough.
case-receipt-accept = Accept what is missing
case-others = Other groups of the case
case-post = What members read: { $what }
case-post-plain = Plain text, exactly as it stands here. A mention notifies nobody; an app may show a link in short.
case-post-room = { $platform } takes { $n_limit } { $unit ->
    [bytes] bytes
   *[other] characters
}; this text has { $n_length }.
case-post-about = { $n_chars } characters · SHA-256 { $hash }
case-print = Print view
case-paper = Plan of case { $case }
word-state-withdrawn = withdrawn
word-event-question-asked = a reviewer asks
word-event-question-answered = answered
word-event-withdrawn = withdrawn
error-question-text = A question, an answer or a reason has 1 to { $limit } characters; this one has { $count }.
    .hint = Say it in your own words, and not too long.
error-question-many = This case has { $limit } questions already.
    .hint = Reject the plan with what is still open as the reason.
error-question-unknown = There is no question { $question } in this case.
    .hint = Open the case again; its questions are in its review.
error-question-answered = That question was answered already.
    .hint = Open the case again and read the answer.

## The observation

watch-closed = The observation is over.
watch-closes = The case closes { $at }.
watch-missed = nothing could be read
watch-gone = Looked at { $n_looks } times within { $length } by { $n_who } identities: nothing of this group was seen any more.
watch-judged = Verdict after { $n_looks } looks by { $n_who } identities: { $verdict }
watch-so-far = So far, { $since } after it began: { $verdict } ({ $n_looks } looks by { $n_who } identities)
watch-matrix = What each identity was told at the last look. A star marks a witness; ? is an answer that proves nothing.
watch-question = Asked
watch-positive = { $count ->
        [0] Something of this group was seen again. The observation goes on; look at the group on its platform. If it stays, this case ends as not gone, and a new plan deals with it.
       *[other] The group came back, and the observation began anew ({ $count }). Look at it on its platform: who can still write or was let back in? If it stays, this case ends as not gone, and a new plan deals with it.
    }
watch-positive-over = Something of this group was seen again. It is not gone: look at it on its platform, then draw a new plan for it.
watch-to-group = To the group
