# One message per error code: error-<code with . as ->, and what to do as .hint.
# The sentence says what happened and what is safe; the hint says what to do next.

## Command line, configuration, installation

error-usage = This command line can't be understood: { $what }.
    .hint = Run `adjourn { $verb } --help` to see what it takes.
error-config-unknown_key = The configuration { $file } has a key that does not exist: { $key }.
    .hint = Look for a typing mistake; nothing was started with a setting that would be ignored.
error-config-invalid = The configuration value of { $key } is not valid: { $what }.
    .hint = Correct it in { $file } and run `adjourn doctor`.
error-config-missing = The configuration lacks { $key }.
    .hint = Add it to { $file }, or pass it on the command line.
error-data-locked = The data in { $path } is in use by another process of Adjourn.
    .hint = Stop the other process, or let this command talk to it; nothing was changed.
error-data-version = The data in { $path } was written by version { $found }; this program reads up to version { $known }.
    .hint = Use the newer program. The data was left as it is.
error-disk-full = There is not enough free space at { $path } to go on safely.
    .hint = Free some space and run the same command again; it continues where it stopped.
error-io = Reading or writing { $path } failed: { $what }.
    .hint = Check that the path exists and may be read and written, then run the command again.
error-journal-conflict = Somebody else changed { $stream } at the same moment, so nothing was written.
    .hint = Look at the new state with `adjourn show` and repeat the command if it is still wanted.
error-journal-corrupt = The journal does not add up at entry { $seq }: the entry or the chain before it was altered or damaged.
    .hint = Stop work on this data with `adjourn stop-all`, keep a copy as it is, and restore a backup that verifies.

## Principals

error-principal-missing = This command needs to know who acts, and no principal is set up.
    .hint = Create one with `adjourn principal add NAME`; it makes a signing key.
error-principal-unknown = There is no principal { $principal }.
    .hint = List them with `adjourn principal ls`.
error-principal-exists = A principal { $principal } exists already.
    .hint = Choose another name; a principal is never replaced, because old approvals name it.
error-principal-key = The signing key of { $principal } can't be used: { $what }.
    .hint = Check the folder given with `--keys`; nobody can sign for another principal.

## Groups and cases

error-group-unknown = There is no group { $group } in the register.
    .hint = Find it with `adjourn ls`, or add it with `adjourn register`.
error-group-ambiguous = { $group } fits { $n_found } groups.
    .hint = Use the short code or the platform's own id; `adjourn ls` shows both.
error-case-unknown = There is no case { $case }.
    .hint = List the cases with `adjourn ls --cases`.
error-case-state = Case { $case } is in state “{ $state }”, which does not allow this.
    .hint = `adjourn why { $case }` says what it is waiting for and what can be done.

## Plans and approvals

error-plan-stale = The plan of case { $case } is stale: { $what } changed after it was made.
    .hint = Make a new plan with `adjourn plan`; approvals of the old one do not carry over.
error-plan-edited = The plan of case { $case } is not the one that its hash names.
    .hint = Plans are never edited. Make a new one with `adjourn plan`.
error-plan-blocked = The plan can't be submitted: { $what }.
    .hint = Clear the blockers that `adjourn why { $case }` lists, then make a new plan.
error-plan-empty = There is nothing to do for { $group }, so no plan was made.
    .hint = `adjourn show { $group }` shows the state that the group is in already.
error-approval-self = You requested case { $case }, so you can't review it.
    .hint = Ask another principal who holds a reviewing role.
error-approval-duplicate = { $principal } has decided on this plan already.
    .hint = A second review has to come from another principal.
error-approval-role = This review needs { $role ->
        [business] the business role
        [compliance] the compliance role
        [admin] the administrator role
       *[other] the role { $role }
    }, which { $principal } does not hold.
    .hint = Ask a principal who holds it; `adjourn principal ls` shows the roles.
error-approval-needed = Case { $case } still needs { $count ->
        [one] one approval
       *[other] { $count } approvals
    } of this exact plan.
    .hint = Reviewers approve with `adjourn approve { $case }`; `adjourn why { $case }` says who is still missing.
error-approval-signature = The signature of { $principal } does not fit this plan.
    .hint = The approval was refused. Approve again with the principal's own key.

## Holds and confirmations

error-hold-active = { $group } is under legal hold { $hold }, so it may be neither dissolved nor destroyed.
    .hint = Only somebody other than the person who placed the hold may lift it; see `adjourn hold ls`.
error-hold-unknown = There is no hold { $hold }.
    .hint = List them with `adjourn hold ls`.
error-hold-self_lift = You placed hold { $hold }, so you can't lift it.
    .hint = Ask another principal with the compliance role.
error-confirm-needed = This can't be undone, so it has to be confirmed by typing a short code.
    .hint = Read the plan once more, then pass `--confirm { $code }`.
error-confirm-mismatch = The code that was typed is not that of { $group }.
    .hint = Compare name, platform and owner with `adjourn show { $group }`; nothing was done.

## Connections

error-connection-unknown = There is no connection { $connection }.
    .hint = List them with `adjourn connect ls`, or add one with `adjourn connect add`.
error-connection-exists = A connection { $connection } exists already.
    .hint = Choose another name, or remove the old one first.
error-connection-auth = { $platform } refused to sign in { $connection }.
    .hint = Check the credentials and run `adjourn connect test { $connection }`.
error-connection-expired = The authorisation of { $connection } has expired.
    .hint = Authorise it again with `adjourn connect add`; runs in progress wait and then go on.
error-connection-permission = { $connection } lacks a permission on { $platform }: { $permission }.
    .hint = Have an administrator of the platform grant it, then run `adjourn connect test { $connection }`.
error-connection-network = { $host } could not be reached: { $what }.
    .hint = Check network and proxy with `adjourn doctor`. A call without an answer counts as unknown and is verified first.
error-connection-tls = The secure connection to { $host } could not be made: { $what }.
    .hint = Check the clock and the certificates; certificate checks can't be switched off.
error-connection-protocol = { $platform } answered in a way that its profile does not describe: { $what }.
    .hint = Nothing was concluded from the answer. Look at `adjourn facts { $platform }` and report the difference.
error-connection-url = The address { $url } can't be used: { $what }.
    .hint = Give a full address with https:// and without a password in it.
error-connection-rate_limited = { $platform } asks us to slow down for { $n_seconds } s.
    .hint = Nothing has to be done: the run waits and goes on by itself.
error-capability-unsupported = { $platform } can't do “{ $operation }” for this kind of group.
    .hint = `adjourn facts { $platform }` names the source of this and what can be done instead.

## Records

error-export-incomplete = The export of { $group } is incomplete: { $n_missing ->
        [one] one entry is
       *[other] { $n_missing } entries are
    } missing.
    .hint = The group stays as it is. Run `adjourn export { $group }` again, or have the gap accepted in review.
error-seal-failed = The archive of { $group } was not sealed: { $what }.
    .hint = The group stays as it is, because nothing irreversible happens before the seal has been read back.
error-timestamp-failed = The timestamp authority { $authority } gave no valid timestamp: { $what }.
    .hint = The seal is kept and stamped later; until then the proof of time rests on our own log.
error-timestamp-unconfigured = No timestamp authority is configured, and the policy asks for one.
    .hint = Set `timestamp.url` in the configuration and run `adjourn doctor`.

## Steps, runs, observation

error-step-unknown = Case { $case } has no step { $step }.
    .hint = `adjourn show { $case }` lists its steps.
error-step-evidence = Step { $step } can't be closed with this evidence: { $what }.
    .hint = Give a screenshot or a file that shows the result with `--evidence FILE`.
error-run-active = A run for { $group } is in progress.
    .hint = Watch it with `adjourn watch { $case }`; one group has one run at a time.
error-run-human = Step { $step } of case { $case } has to be done by a person.
    .hint = Follow the instructions of `adjourn why { $case }`, then `adjourn step done { $case } { $step } --evidence FILE`.
error-observed-not_gone = { $group } was observed and is not gone: { $verdict }.
    .hint = No certificate is issued. See `adjourn watch { $case }` for what still shows it.

## Bundles and verification

error-bundle-missing = There is no evidence bundle at { $path }.
    .hint = `adjourn show { $case }` names the path of the bundle.
error-bundle-invalid = { $path } is not an evidence bundle that this program can read: { $what }.
    .hint = Copy the bundle again from where it was made; a damaged copy proves nothing.
error-verify-failed = The bundle does not verify: { $count ->
        [one] one check failed
       *[other] { $count } checks failed
    }.
    .hint = Each finding names its file. Don't rely on this bundle until they are explained.
error-key-destroyed = The key of { $group } was destroyed, so its contents can't be read any more.
    .hint = This is what destruction is for. The chain and the log still verify.

## Knowledge

error-platform-unknown = There is no platform { $platform }.
    .hint = The known platforms are: { $known }.
error-facts-unknown = Nothing is recorded about “{ $topic }” on { $platform }.
    .hint = Not recorded is not the same as no. Verify it yourself, or add a dated source to the profile.

## Everything else

error-stopped = All work is stopped by `stop-all` since { $since }.
    .hint = When the reason is gone, an administrator resumes with `adjourn resume --all`.
error-internal = Adjourn itself made a mistake: { $what }.
    .hint = What was recorded is safe. Please report this with the output of `adjourn doctor`.
