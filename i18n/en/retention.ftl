# Retention: how long records are kept, what a person decides, the certificate of destruction.

word-retention-logs = logs
word-retention-impact-assessments = impact assessments and records of the processing
word-retention-provision-records = records of providing personal data
word-retention-trade-records = goods, service and transaction information
retention-ended = ended { $at }
retention-goes-on = goes on; periods count from its end
retention-runs = { $class }: until { $until } ({ $article }); the key stays until then
retention-runs-in-headers = { $class }: until { $until } ({ $article }); the journal's headers outlive the key, so this does not keep it
retention-over = { $class }: ran out on { $until } ({ $article })
retention-by-person = { $by } keeps it until { $until }: { $reason }
retention-release-by = { $by } released it: { $reason }
retention-due = No period keeps the key any more, and nobody has decided: release it or keep it.
hold-in-flight = A call was committed before the hold and can't be stopped any more: { $step }. Nothing after it is done; look with `adjourn watch`.
destroy-certificate = The certificate with both signatures lies in { $path }. Copies outside our keys (bundles handed over, the platform's, members', backups of keys) are not covered by it.
show-destroyed = The key of { $group } was destroyed on { $at }: this is what the journal's headers keep. The certificate lies in the folder of the bundles, under `destroyed`.
show-destroyed-once = The key of { $group } was destroyed: this is what the journal's headers keep.
retention-no-law = No law is chosen ([law] packs is empty): no legal periods are known, and nothing is kept because of one.
cert-written = Written: { $path }
doctor-no-law = none is chosen ([law] packs is empty): no facts about laws, no legal periods
retention-none = Nothing to show.
retention-kept = The record of { $group } is kept until { $until }.
retention-released = The record of { $group } is released. Nothing is destroyed yet: that takes two people.
word-event-retention-reviewed = retention decided

error-retention-running = The record of { $group } has to be kept until { $until } ({ $article }).
    .hint = `adjourn retention ls` shows every period. If the register says nothing about what the group holds, it counts as if it held everything: say it with `adjourn register { $group } --holds …`.
error-retention-kept = Somebody decided to keep the record of { $group } until { $until }.
    .hint = `adjourn retention ls` shows who and why; `adjourn retention release { $group } --reason TEXT` decides anew.
error-retention-undecided = Nobody has released the record of { $group }. Nothing is destroyed because time has passed.
    .hint = Look what is in it, then `adjourn retention release { $group } --reason TEXT`, or keep it with `adjourn retention keep`.
error-retention-until = { $until } can't be the last day: it has to be from { $earliest } to { $latest }.
    .hint = Choose another day; nothing was written.
error-retention-reason = A decision needs a reason of 1 to { $limit } characters.
    .hint = Say it with `--reason`; nothing was written.

error-law-unknown = There is no pack of laws named “{ $law }”.
    .hint = Packs: { $choices }. Name them in the configuration, `[law] packs = ["prc"]`; an empty list means: no law counts.
error-cert-none = There is no certificate of { $what }.
    .hint = A certificate is issued when the observation has ended with “gone” and the case is closed, or when a key was destroyed. `adjourn why` says what is still open.

note-verify-destruction-signatures = A certificate of destruction is not signed by two different people over this group's key.
note-verify-proved-destruction = { $principals } signed for the destruction of the key of { $group } on { $at }, each with a key of their own.
note-verify-rests-copies-elsewhere = That no copies are left elsewhere: the certificate speaks of what lay under the group's key alone, not of bundles handed over, of copies of the platform or its members, or of backups of keys.
