# The kinds of groups and the ways to their ends: the joint announcement, the advance notice, the minutes of how a record
# was fixed, other parties, reactions, links, and what to do when which step fails.

## The joint announcement: the legal statement and the technical note

announcement-legal = [How your data is handled]
announcement-household = A private matter of a natural person, which the law on personal information is not about ({ $article }).
announcement-no-personal-data = By the organisation's register, this group holds no personal data.
announcement-who = Who: { $organisation }{ $contact ->
        [none] .
       *[other] ; contact: { $contact }.
    }
announcement-why = Purpose: this group is dissolved ({ $reason }); its record is exported, sealed and archived.
announcement-what = Kinds of data: messages and files of this group, member accounts and names.
announcement-where = Where it goes: { $archive }{ $others ->
        [none] .
       *[other] ; also to { $others }.
    }
announcement-others = It is also given to { $others }.
announcement-kept = How long: the archive { $length } from the end.
announcement-by-law = Kept by law, where there are any: { $kept }.
announcement-kept-item = { $class } { $length } ({ $article })
announcement-then = Then: two people destroy it, never while a period or a hold runs.
announcement-rights = Your rights: know, see, copy, correct, delete, object{ $contact ->
        [none] .
       *[other] . Turn to the contact above.
    }
announcement-told-under = Told under: { $article }.
announcement-customers = To our customers: nothing of you goes to anybody who is not named here.
announcement-technical = [What happens technically]
announcement-platform = { $platform }: the group ends for everybody; { $recovery ->
        [none] it can't be brought back
       *[other] it can be brought back for { $recovery }
    }.
announcement-stays = What stays: { $residue }

## The advance notice

notice-text = Notice: this group will be dissolved on { $at }, not earlier. Please save what you need before then.
notice-contact = Questions and objections: { $organisation }, { $contact }.

## The minutes of how the record was fixed

minutes-title = Minutes of the fixing of a chat record
minutes-matter = Matter: { $matter }
minutes-case = Case { $case }, plan { $hash }
minutes-subject = Group: { $group_name } ({ $platform }, { $native })
minutes-people = Who took part:
minutes-person = { $name } ({ $principal }): { $role_part }
minutes-device = Device: { $software }, installation { $installation }, connection { $connection }, identity { $identity }
minutes-clock = Clock: { $source }; from { $begin } to { $end }; stamped by an independent authority: { $stamped ->
        [yes] yes
       *[other] no
    }
minutes-steps = Steps:
minutes-step = { $n_row }. { $at }  { $what }  { $step }  { $outcome }
minutes-hashes = Archive as sealed: { $sealed } · as read back: { $read_back }
minutes-records = Records: { $n_records }; complete: { $complete ->
        [yes] yes
       *[other] no, see the receipt
    }
minutes-signed = Signed by the installation { $installation }: { $signature }
minutes-signatures = Watched by (notary office, name, date, seal): ____________________    For the organisation: ____________________

## What the verbs say

handover-accepted = Handover accepted for { $n_groups } groups.
reaction-noted = Noted as { $reaction_id }. Open objections: { $n_open }.
reaction-paused = That is more than the policy bears: { $n_runs } runs are paused until they are answered or escalated.
reaction-none = No reactions.
why-reactions = Reactions: { $n_all }, open objections: { $n_open }
why-party = Waits for: { $party } ({ $errand }), until { $until }
plan-links = Links, and what becomes of them:
plan-link = { $name } ({ $kind }): { $fate }; { $breaks }
length-years = { $n_years ->
        [one] 1 year
       *[other] { $n_years } years
    }
length-months = { $n_months ->
        [one] 1 month
       *[other] { $n_months } months
    }
plan-retention = Kept: { $what } for { $length } from { $from }{ $article ->
        [none] .
       *[other] {" "}({ $article }).
    }
plan-notice = Members are told where their data goes ({ $article }).
plan-notice-household = A natural person's own matter: members need not be told where their data goes ({ $article }).
plan-notice-no-personal-data = The register says that the group holds no personal data; members are told so.
note-notice-without-organisation = Nobody is named who answers for the members' data: fill in [organisation].
note-notice-without-contact = Members are not told whom to ask: [organisation] has no contact.
note-notice-without-archive = Members are not told where the archive lies: [organisation] has no archive.
note-notice-without-term = Members are not told for how long the archive is kept: [organisation] has no keep_months, and no law keeps it.
note-notice-without-law = Members are told no legal period: the configuration chooses no law ([law] packs is empty).
note-drift-retention = Other records have to be kept, or for another time, than the members are told: the law's pack or the register changed.
word-differences-drift-retention = what has to be kept
word-since-record = the making of the record
word-since-end = the end of the group
word-since-completion = the completion of the trade
plan-contingency = If a step fails:
contingency-nobody = Nobody is named who is called when a step fails (`organisation.duty`, or at least `organisation.contact`): the requester sees to it.
contingency-requester = the requester
step-about = { $op }: { $what }
plan-judicial = Evidence first, for the matter: { $matter }
plan-announcement-hash = Announcement, SHA-256 of its canonical form: { $hash }

## Words

word-effect-no-answer = no answer yet
word-step-party = ask another party
word-step-notice-period = notice period
word-state-waits-for-party = waits for another party
word-term-reaction = reaction
word-term-minutes = minutes
word-party-service-desk = the platform's service desk
word-party-legal = the legal department
word-party-notary = the notary office
word-party-finance = the finance system
word-party-audit = the audit system
word-party-archive = the drive and archive
word-party-home-school = the home–school channel
word-party-evidence-platform = the evidence platform
word-errand-clearance = legal clearance
word-errand-watch = watch how the record is fixed
word-errand-minutes = minutes of how the record was fixed
word-errand-deposit = deposit of the archive's hash
word-errand-record = the archive's numbers
word-errand-feed = feed of payments and vouchers
word-errand-notice = advance notice
word-fate-by-itself = goes by itself
word-fate-unknown = nobody has said what becomes of it
word-reaction-objection = objection
word-reaction-question = question
word-reaction-rumour = rumour
word-reaction-open = open
word-reaction-answered = answered
word-reaction-escalated = escalated
word-reason-function-change = its function changed
word-reason-privacy = privacy
word-reason-relations-changed = relations changed
word-reason-project-ended = the project ended
word-reason-law = law or order
word-part-requester = asked for it
word-part-reviewer = reviewed it
word-part-by-hand = acted by hand
word-event-answered = a party answered
word-event-handover-accepted = handover accepted
word-event-reaction-added = reaction noted
word-event-reaction-answered = reaction answered
word-event-reaction-escalated = reaction escalated
word-differences-drift-refused = another party refused

## What blocks, and who can clear it

note-blocker-party = The plan needs { $party }, and no channel to it is configured. Whoever looks after the installation adds it under [party] in the configuration; then make a new plan.
note-blocker-nominee = An organisation's group is handed over before it ends, and nobody is named who takes over. Make a new plan that names a principal (`--nominee`, or in the plan's form).
note-blocker-notice = The group has to be told beforehand, and nothing that we may do here can post to it. Whoever looks after the connection has to get it a way to post; then make a new plan.
note-blocker-organisation = Customers have to be told where their data goes, and the configuration does not say who we are. Fill in [organisation]; then make a new plan.
note-willnot-legal-statement = The announcement carries no legal statement: the configuration has no [organisation], so nobody can be named who answers for the data.
note-drift-refused = { $party } refused.
note-proof-answer = The other party's answer is read, and it names this message by its hash.

## What breaks with a link

note-breaks-bot = its answers, reminders and records stop
note-breaks-app = what is done with it in the group stops
note-breaks-mini-program = its forms and tasks can no longer be reached from the group
note-breaks-webhook = whoever posts through it gets errors
note-breaks-bridge = the group on the other side gets no more messages
note-breaks-payment = no more can be paid or paid back through it

## What to do when a step fails

note-contingency-party = { $step }: if { $party } stays silent past the deadline, { $call } asks there in person and hands in the answer; if it refuses, the case stops and nothing is lost.
note-contingency-notice = { $step }: if the notice can't be posted, { $call } has an administrator post it; the time is counted from when it is there.
note-contingency-freeze = { $step }: if the group can't be frozen, the case goes on and the tail export takes what is written meanwhile; { $call } is told.
note-contingency-export = { $step }: an interrupted export goes on where it stopped; if something is missing, { $call } decides whether that is accepted. Nothing is dissolved before.
note-contingency-seal = { $step }: if the archive can't be sealed, nothing is dissolved; { $call } looks at disk and time stamp authority.
note-contingency-unlink = { $step }: if a link stays, { $call } has its owner close it by hand; a test call shows whether it is off.
note-contingency-announce = { $step }: if the announcement can't be posted or is cut, { $call } has an administrator post the same text; its hash is compared.
note-contingency-handover = { $step }: if the handover is not approved, { $call } turns to the nominee and the approver; the dissolve waits.
note-contingency-join = { $step }: if another group of the case is in trouble, the others wait for a while and then go on; { $call } is told.
note-contingency-tail-export = { $step }: as with the main export; { $call } decides about what is missing.
note-contingency-recheck = { $step }: if the world has changed, the case stops before the point of no return and { $call } has a new plan drawn.
note-contingency-dissolve = { $step }: a lost reply is answered by looking, never by calling again blindly; if the group is still there, { $call } has a person do it. Within the platform's window it can be brought back.
note-contingency-purge = { $step }: if it can't be purged, the verdict says that the platform keeps it; { $call } turns to the platform.
note-contingency-remove-media = { $step }: files that stay are listed as residue; { $call } turns to the platform.
note-contingency-observe = { $step }: if the group comes back, it is observed anew and { $call } is told; if nobody can look, the verdict is unknown, never gone.

## Errors

error-announcement-too_long = The text of “{ $step }” is { $count } { $unit ->
    [bytes] bytes
   *[other] characters
} long, and { $platform } takes { $limit }. Nothing is cut silently, so no plan was made.
    .hint = Shorten the text, or give the statement in one language with `--announce-lang en`.
error-party-open = Case { $case } waits for { $party }; nothing irreversible happens before it has agreed.
    .hint = `adjourn why { $case }` shows what it was sent and until when it may answer.
error-party-unknown = There is no such party, or no channel to it.
    .hint = Add a channel under [party] in the configuration.
error-party-channel = The channel to another party failed.
    .hint = Check its folders or its address in the configuration; it is tried again.
error-party-answer = What came from another party is no answer to this message.
    .hint = The answer must be of the form party-answer/v1 and name the message's key and SHA-256; through a webhook it must be signed.
error-handover-open = Case { $case } waits for { $nominee } to accept the handover.
    .hint = The nominee runs `adjourn accept { $case }` with their own key, or accepts on the case's page.
error-handover-nominee = { $principal } is not named to accept the handover here.
    .hint = `adjourn show CASE` says who is.
error-notice-short = That leaves less than the notice and the cooling-off need; the earliest time is { $earliest }.
    .hint = Choose a later time with `--not-before`, or leave it out.
error-minutes-early = There are no minutes of { $group } yet: its archive is not sealed.
    .hint = Minutes are made when the archive is sealed and read back.
error-reaction-text = The text is empty or too long, or the ledger is full ({ $count }).
    .hint = Give up to 4000 characters; longer documents go in as evidence of a step.
error-reaction-unknown = There is no reaction { $reaction } in this case.
    .hint = List them with `adjourn reaction ls CASE`.
error-reaction-answered = { $reaction } has been answered.
    .hint = Note a new reaction down if there is more.
error-reaction-open = { $count } objections are open in case { $case }, more than the policy bears, so it does not go on.
    .hint = Answer or escalate them: `adjourn reaction ls { $case }`.

## Verification

note-verify-order-party = Something irreversible was done before another party had agreed.
note-verify-order-notice = Something irreversible was done before the notice's time was over.
note-verify-order-handover = Something irreversible was done before the nominee had accepted the handover.
note-verify-minutes-form = The minutes of how the record was fixed are not there, or don't hold.
note-verify-announcement-hash = The announcement that was posted is not the one that the plan names.
note-verify-proved-parties = Every party that { $group } had to wait for agreed before anything irreversible: { $parties }.
note-verify-proved-preserved = The record of { $group } was fixed as evidence before anything irreversible, and its minutes are signed; the notary's number is { $reference }.
note-verify-proved-notice = { $group } was told beforehand: the notice's time of { $seconds } seconds was over before anything irreversible.
note-verify-rests-by-hand = That { $party } agreed to { $group } rests on what a person handed in.
note-verify-rests-simulated = { $party }, who agreed to { $group }, was simulated.

## The drill

demo-group-stays = Alumni (somebody else's)
demo-organisation = Example Group Ltd.
demo-archive = the archive of Example Group Ltd.
demo-duty = the duty desk (simulated)
plan-one-language = The statement in both languages is too long for a platform, so it is in one. Choose another with `--announce-lang`.
