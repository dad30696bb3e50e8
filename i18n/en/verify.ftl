# What a check of evidence says: note-verify-<code>, the codes are those of crates/evidence. Surfaces name the file
# beside it; the check's own words can be passed as says.

## What makes the evidence invalid

note-verify-bag-unreadable = The file can't be read.
note-verify-bag-form = The tag file is not what BagIt, or our one way of writing it, says.
note-verify-bag-altered = The file's content is not what the manifest's hash says.
note-verify-bag-missing = The manifest names this file and it is not there.
note-verify-bag-extra = No manifest names this.
note-verify-bag-duplicate = A manifest names the same file twice.
note-verify-bag-escape = The path leads out of the bag, or is a link or a device.
note-verify-bag-count = The files or bytes are not as many as Payload-Oxum says.
note-verify-bundle-missing = A file that every bundle has is not there.
note-verify-bundle-form = The file can't be understood.
note-verify-bundle-content = The bundle's content is not what the checkpoint's signature names.
note-verify-plan-hash = The plan is not the one that the journal knows.
note-verify-plan-groups = The groups in the bundle are not the groups of the plan.
note-verify-principal-conflict = The principals contradict each other or the journal.
note-verify-approval-signature = The signature on an approval does not hold.
note-verify-approval-plan = An approval is for another plan or case.
note-verify-approval-journal = An approval is not in the journal, or differs from it.
note-verify-approval-quorum = The review that the plan asks for did not take place.
note-verify-journal-commitment = The content of a journal entry is not the one that was committed to.
note-verify-journal-inclusion = A journal entry is not in the log's tree.
note-verify-journal-order = Journal entries are out of order, or some are left out.
note-verify-checkpoint-signature = The checkpoint's signature does not hold.
note-verify-log-key = The log's key is not the expected one.
note-verify-timestamp-form = The timestamp can't be read, or was not granted.
note-verify-timestamp-imprint = The timestamp is about something else.
note-verify-timestamp-signature = The timestamp's signature does not hold.
note-verify-timestamp-chain = The timestamp authority is not one that is trusted.
note-verify-order-seal = Something irreversible came before the sealed archive was read back.
note-verify-order-approval = Something irreversible came before the approvals.
note-verify-order-hold = Something irreversible was done under a legal hold.
note-verify-certificate-verdict = Certificate, verdict and journal don't agree.
note-verify-receipt-counts = The archive does not hold what its receipt counts.
note-verify-receipt-media = The media files are not those that the archive lists.

## What is proved

note-verify-proved-intact = No file was changed, added or taken away since the bag was closed (files: { $files }, bytes: { $bytes }, hash of the bag: { $bag_hash }).
note-verify-proved-content = The bundle's content is the one that the log's signature names ({ $content_hash }).
note-verify-proved-report = The report ({ $form }) is the one that the log's signature names ({ $sha256 }).
note-verify-proved-plan = The plan is the one that was drawn ({ $plan_hash }).
note-verify-proved-approved = Approved by { $principals }, for exactly this plan and each with a key of their own ({ $plan_hash }).
note-verify-proved-journal = All events carried here ({ $events }) are in the log { $origin } (entries: { $size }), unchanged and in this order.
note-verify-proved-time = { $file } existed on { $at }, as it is now.
note-verify-proved-order = Everything irreversible that was done to { $group } (acts: { $intents }) came after the approvals and the archive's read-back.
note-verify-proved-archive = The archive of { $group } holds what its receipt says (messages: { $messages }, media files: { $media }).
note-verify-proved-verdict = The journal's verdict over { $group } is “{ $verdict }”.

## What that rests on

note-verify-rests-key-from-bundle = The log's key came with the bundle ({ $key }): compare it with the one you know, or give it when verifying.
note-verify-rests-key-given = The log's key is the one that you gave ({ $key }).
note-verify-rests-principals = That these keys belong to these people: { $principals }.
note-verify-rests-no-timestamp = There is no timestamp for { $file }; its time rests on the log alone.
note-verify-rests-unvouched-authority = The timestamp of { $file } has a good signature, but nobody vouched for the authority; `--tsa-ca` names one that you trust.
note-verify-rests-simulated-authority = The timestamp of { $file } is of a simulated authority: it proves nothing to anybody.
note-verify-rests-authority = The authority that stamped { $file } is one that you trust.
note-verify-rests-late-timestamp = { $file } was stamped on { $at }, after the first irreversible step.
note-verify-rests-destroyed = The contents of some events ({ $events }) were destroyed and can't be checked; their commitments are still in the log.
note-verify-rests-sealed-original = The { $messages } messages of { $group } are sealed under its key. That they are inside rests on the read-back before the first irreversible step (SHA-256 { $sha256 }).
note-verify-rests-uncounted = The archive of { $group } is as it was sealed. That it holds the { $messages } messages of its receipt was not counted: leave out `--quick` for that.
note-verify-rests-earlier-history = Of { $stream } the bundle carries the events from number { $version } on, not the earlier ones.
note-verify-rests-typed-confirmation = { $principal } asked for it and confirmed it by typing; this class has no reviewers.
note-verify-rests-human-attestation = That { $group } is gone rests on a person's signed word, not on a witness.
note-verify-rests-incomplete-archive = The archive of { $group } is not complete (gaps: { $gaps }, messages that can't be decrypted: { $undecryptable }).
note-verify-rests-told = What the report says was told from the journal by whoever holds the log's key.
note-verify-rests-platform = What the platforms showed us was what they had: nobody but a platform can prove that.
