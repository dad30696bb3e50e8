# What the command line says besides errors and the vocabulary.

line-error = Error { $code }: { $sentence }
line-hint = → { $hint }
progress-count = { $step }: { $done } of { $total }, { $rate }/s, about { $left } s left

principal-added = { $name } ({ $role }) is { $id }. The private key is in { $path }: hand it over, keep no copy.
principal-none = Nobody can act yet. The first principal adds all others.
connect-none = No connections yet. Try a drill first, or connect a platform.
connect-no-witness = No witness: without a second identity no group of this connection can be proved gone.
hold-added = { $group } is under hold { $hold }.
hold-lifted = Hold { $hold } is lifted.
hold-lift-asked = You asked to lift { $hold }. A second person has to lift it.
hold-none = No holds.
scan-done = { $scan_connection }: { $n_new } new, { $n_changed } changed, { $n_same } as before, { $n_not_seen } known but not seen, { $n_failed } failed
ls-none = No groups yet.
ls-members = { $count ->
    [one] one member
   *[other] { $count } members
}
groups-count = { $count ->
    [one] one group
   *[other] { $count } groups
}
signals-count = { $count ->
    [one] one signal
   *[other] { $count } signals
}
cases-none = No cases yet.
activity-unknown = activity unknown
owner-none = nobody
group-encrypted = end-to-end encrypted
seen-by = seen { $at } by { $identity }
facts-title = { $name }: { $count } facts
proved-by = proved by { $proof }
reversible-for = for { $duration }
hours = { $count } h
minutes = { $count } min
seconds = { $count } s
exported-records = { $n_records } records, { $n_media } media files

plan-title = Plan of case { $case }, hash { $hash }
plan-drill = DRILL: the platforms in this plan are simulated.
plan-reason = Reason: { $reason }
plan-counts = { $n_dissolve } to dissolve · { $n_unlink } links to take off · { $n_announce } announcements
plan-act = Act: { $act }. The group goes on.
plan-will-not = Will not happen:
plan-unknown = Nobody can know:
plan-residue = Survives:
plan-blockers = Forbids it now:
plan-review = Needs the approval of: { $rules } (different people, none of them the requester)
plan-review-typed = No reviewers (class personal): the owner types the group's name.
announcement-standard = This group will be dissolved. Its history is kept by the organisation. Please save what you need.
case-status = Case { $case }: { $state }
case-missing = Still missing: { $missing }
drift-none = The plan of { $case } still holds.
apply-other-worker = Another worker is at it; watching.
steered = { $n_groups } run(s): { $what }
step-noted = { $step } is noted. The platform is asked whether it is so.
why-waits = attempts { $n_attempts } · last error { $error } · last sign of life { $heartbeat } · next { $until }
bundle-at = Bundle: { $path }

verify-ok = The bundle is valid. It proves:
verify-rests-on = This rests on:
verify-bad = The bundle is NOT valid: { $n_findings } finding(s)

destroy-asked = Asked to destroy the key of { $group }. Afterwards nothing of its payloads in the journal can be read; bundles that were handed over are not touched. A second person has to confirm.
destroy-done = The key of { $group } is destroyed. The log still verifies; bundles that were handed over are yours to dispose of.
doctor-no-timestamp = no authority is configured: bundles carry no trusted time stamp
sim-listening = SIMULATED { $what } listens on { $address }
serve-listening = Workers run. http://{ $address } serves the console (/), the pages of task links (/task/…), takes what platforms push (/events/CONNECTION/IDENTITY) and says how it is (/health). Ctrl-C ends it.
worker-begins = A worker runs. Ctrl-C ends it.

word-event-seen = seen
word-event-hold-added = hold added
word-event-hold-lift-asked = lifting of a hold asked for
word-event-hold-lifted = hold lifted
word-event-plan-part = plan drawn
word-event-run-started = run started
word-event-intent = intent
word-event-outcome = reply
word-event-read-back = read back
word-event-exported = exported
word-event-sealed = sealed
word-event-seal-read-back = seal read back
word-event-wait-started = waiting
word-event-wait-ended = wait over
word-event-person-asked = a person is asked
word-event-told = taken as done on the word of people; no machine has checked it
word-event-person-done = a person did it
word-event-rechecked = looked again
word-event-step-failed = given up
word-event-probed = probe
word-event-person-overdue = nobody answered in time
word-event-person-cant = can't be done
word-event-reopened = there again; observed anew
word-event-group-reached = waits for the others
word-event-judged = verdict
word-event-paused = paused
word-event-resumed = resumed
word-event-undo-asked = undo asked for
word-event-undoing = taken back
word-event-step-undone = taken back
word-event-run-ended = run ended
word-event-heard = the platform said
word-event-outpost-said = an outpost said, signed
word-asked-act = did
word-asked-read-back = read back
word-asked-probe = probed
word-event-key-destroy-asked = destruction of the key asked for

demo-begins = DRILL with seed { $seed }: six groups on simulated WeChat, QQ, DingTalk and WeCom, a virtual clock. Nothing here reaches a real platform.
demo-person-admin = Admin Shen
demo-person-requester = Lin (requester)
demo-person-business = Zhao (business)
demo-person-compliance = Qian (compliance)
demo-reason = The joint project has ended (drill)
demo-self-refused = The requester tried to approve the plan: refused ({ $code }).
demo-approved = { $name } approved plan { $hash }… with a key of their own.
demo-person-slip = { $name }: the owner typed the wrong name. The platform: “{ $says }”
demo-person-acts = { $name }: a scripted person did this in the app: { $what }
demo-was-simulated = All four platforms were SIMULATED. A real Matrix homeserver is one command away: adjourn connect add --help
demo-told = The platform told { $n_told } of { $n_members } members: “{ $words }”
demo-recoverable = The platform would have brought it back until { $until }.

word-event-plan-drawn = plan drawn
word-event-submitted = submitted
word-event-approved = approved
word-event-rejected = rejected
word-event-confirmed = confirmed
word-event-staled = plan stale
word-event-applied = applied
word-event-group-ended = group ended
word-event-bundled = bundle written
step-cant-noted = Noted: step { $step } can't be done. The platform is asked once more; then the run ends and a new plan is due.
watch-reopened = The group came back; the observation began anew ({ $n_times } times).
