# The compliance audit: `audit run|ls`, and its report as a page.

audit-title = Audit of chat groups
audit-period = Period: { $from } to { $until } (the last moment is not in it)
audit-made = Made on { $at } by { $by }, from { $n_events } events of the journal
audit-summary = { $n_bad ->
        [0] { $n_look ->
            [0] Nothing was found that has to be looked at.
           *[other] Nonconformities: none. Observations: { $n_look }.
        }
       *[other] Nonconformities: { $n_bad }. Observations: { $n_look }.
    }
audit-drawn = Report { $sha256 }
audit-dry = Dry run: nothing was written.
audit-written = The report lies in { $path } (report.zh-CN.html, report.en.html for people, report.json, findings.csv).
audit-none = No audit was made yet.
audit-row = { $at }  { $from } – { $until }  findings: { $n_findings }  { $sha256 }
audit-due = Due: the period { $from } to { $until } is over and was not audited.
audit-not-due = Nothing is due: the newest period that is over was audited.
audit-no-schedule = No schedule is set: [audit] every = "month", "quarter", "half_year" or "year" in the configuration.
audit-coverage = Coverage of the register
audit-cover-groups = Groups under governance
audit-cover-registered = registered
audit-cover-reachable = with a way to reach the owner
audit-cover-purpose = with a purpose
audit-cover-deputy = with a deputy
audit-cover-expires = with a last day
audit-cover-holds = with what they hold
audit-cover-exit = with how they are to end
audit-cover-owned = seen with an owner on the platform
audit-cover-gone = Groups that ended and were verified
audit-cover-destroyed = Destroyed records
audit-checks = What was checked
audit-findings = Findings
audit-compared = Since the last audit
audit-compared-none = This is the first audit: there is nothing to compare it with.
audit-compared-row = New findings: { $n_new }. Still there: { $n_same }. Settled: { $n_settled }.
audit-col-check = Check
audit-col-looked = Looked at
audit-col-found = Found
audit-col-grade = Grade
audit-col-iso = ISO/IEC 27001:2022, Annex A
audit-col-pipl = PIPL, article
audit-col-subject = About
audit-col-name = Name
audit-col-since = Since
audit-col-says = What was found
audit-new = new
audit-settled = Settled since the last audit
audit-note = The checks are told from the journal alone, as it stood at the end of the period. “Looked at: 0” means that there was nothing to check, which is not the same as nothing to find. The articles are those of the Personal Information Protection Law that the audit points of the 2025 measures for compliance audits go through; this report is evidence for such an audit and does not replace the auditor's judgement.

word-check-unregistered = Groups that nobody registered
word-check-orphan = Groups without an owner
word-check-one-owner = Groups with one owner and no deputy
word-check-unreachable = Owners who can't be reached
word-check-renewal-overdue = Renewals that are overdue
word-check-successor-overdue = Successors that are owed
word-check-review-overdue = Reviews that are overdue
word-check-approval-outside-policy = Approvals outside the policy
word-check-hold-lasting = Holds that last
word-check-observation-failed = Groups that were not verified gone
word-check-residue = What survives a dissolve
word-check-told-only = Steps on people's word alone
word-check-disposition-overdue = Records whose period has run out
word-check-instruction-refused = Instructions that were refused
word-check-original-read = Originals that were read
word-refused-forged = signed by no key that it trusts
word-refused-altered = it is not what was signed
word-refused-not-for-me = it is for another outpost
word-refused-expired = its time is over
word-refused-early = it comes from the future
word-refused-replayed = it was used before
word-refused-stale = a newer worker has taken over
word-grade-nonconformity = nonconformity
word-grade-observation = observation

note-audit-unregistered = { $by } sees it, and no ledger names it.
note-audit-unreachable = The register has no way to reach its owner.
note-audit-orphan = { $by } sees it without an owner.
note-audit-one-owner = It has one owner and no deputy.
note-audit-renewal = Its last day was { $day }, and nobody renewed it or proposed its end.
note-audit-successor = Its { $role } has left the organisation, and nobody was named in time.
note-audit-hold = On hold for { $days } days: { $matter }
note-audit-not-gone = Dissolved, and the verdict is: { $verdict }.
note-audit-disposition = Its periods ran out { $days } days ago, and nobody has decided whether it is kept or released.
note-audit-told = Step { $step } counts as done on the word of { $people } people; nothing shows it.
note-audit-told-shown = Step { $step } counts as done on the word of { $people } people, with what they handed in.
note-audit-original-read = { $by } looked at an original { $times } times; all of it was taken out { $opened } times.
note-audit-original-fetched = { $by } brought stored originals back { $times } times.
note-audit-residue = It is gone, and { $count } things survive it on the platform.
note-audit-review = Its plan has been in review for { $days } days.
note-audit-instruction = The outpost did not obey an instruction: { $why }.
note-audit-reply = A reply of the outpost was not believed: { $why }.
note-audit-approvals = Applied without what the policy in force asks for: { $missing }

error-audit-period = The period { $from } to { $until } can't be audited: it is empty, or not over yet.
    .hint = Name a period that is over, as 2026, 2026-Q3, 2026-11, or 2026-11-01/now.
error-audit-form = “{ $given }” names no period.
    .hint = Write 2026, 2026-Q3, 2026-11, 2026-11-05, 2026-11-01/2026-11-15, or 2026-11-01/now.
error-audit-schedule = No period was named, and no schedule is set.
    .hint = Name one with --period 2026-Q3, or set [audit] every = "quarter" in the configuration.
