# One message per error code: error-<code with . as ->, and what to do as .hint.
# The sentence says what happened and what is safe; the hint says what to do next.
# A technical detail (argument says) is put behind the sentence in brackets by itself.
# [none] fits when the caller left the argument out. An argument named like a family of words
# (state, verdict, role, platform, ...) is shown as that word.

## Command line, configuration, installation

error-usage = This command line can't be understood.
    .hint = Run the command with `--help` to see what it takes.
error-config-unknown_key = The configuration { $path } has a key that does not exist: { $key }. Expected there: { $expected }.
    .hint = Look for a typing mistake; nothing was started with a setting that would be ignored.
error-config-invalid = A value of the configuration is not valid.
    .hint = Correct it and run `adjourn doctor`.
error-config-missing = A setting or a secret is missing.
    .hint = Add it to the configuration, or pass it on the command line, and run `adjourn doctor`.
error-data-locked = The data is in use by another process of Adjourn.
    .hint = Stop the other process, or let it finish; nothing was changed.
error-data-version = The data was written by a newer version than this program can read.
    .hint = Use the newer program. The data was left as it is.
error-disk-full = There is not enough free space to go on safely.
    .hint = Free some space and run the same command again; it continues where it stopped.
error-io = { $what } could not be read or written.
    .hint = Check that it exists and may be read and written, then run the command again.
error-journal-conflict = Somebody else wrote to the journal at the same moment, so nothing was written.
    .hint = Look at the new state with `adjourn show` and repeat the command if it is still wanted.
error-journal-corrupt = The journal does not add up at { $what }: an entry or the chain before it was altered or damaged.
    .hint = Stop work on this data with `adjourn stop-all`, keep a copy as it is, and restore a backup that verifies.

## Principals

error-principal-missing = This command needs to know who acts, and no key was given.
    .hint = Name your key file with `--key FILE` or in ADJOURN_KEY. On a new installation `adjourn principal add NAME --role admin` makes the first one.
error-principal-unknown = There is no principal { $principal }.
    .hint = List them with `adjourn principal ls`.
error-principal-exists = A principal { $principal } exists already.
    .hint = Choose another name; a principal is never replaced, because old approvals name it.
error-principal-key = The signing key can't be used.
    .hint = Check the folder given with `--keys`; nobody can sign for another principal.

## Groups and cases

error-group-unknown = { $group ->
        [none] There is no such group.
       *[other] There is no group { $group }.
    }
    .hint = Find it with `adjourn ls`, or look again with `adjourn scan`.
error-group-ambiguous = { $group } fits { $count } groups.
    .hint = Use the short code or the platform's own id; `adjourn ls` shows both.
error-case-unknown = There is no case { $case }, or it has no plan yet.
    .hint = List the cases with `adjourn ls --cases`.
error-case-state = Case { $case } is in state “{ $state }”, which does not allow this.
    .hint = `adjourn why { $case }` says what it is waiting for and what can be done.

## Plans and approvals

error-plan-stale = The plan of case { $case } is stale; this changed after it was made: { $differences }.
    .hint = Make a new plan with `adjourn plan`; approvals of the old one do not carry over.
error-plan-edited = The plan of case { $case } is not the one that its hash names.
    .hint = Plans are never edited. Make a new one with `adjourn plan`.
error-plan-blocked = The plan of case { $case } can't be submitted: { $count ->
        [one] one blocker is open.
       *[other] { $count } blockers are open.
    }
    .hint = Clear what `adjourn why { $case }` lists, then make a new plan.
error-plan-empty = No plan was made: it would be for { $count ->
        [0] no group.
        [one] one group.
       *[other] { $count } groups, which is more than one plan may have.
    }
    .hint = Name the groups to be planned; `adjourn ls` shows them.
error-approval-self = { $principal } requested this case and can't review it.
    .hint = Ask another principal who holds a reviewing role.
error-approval-duplicate = { $principal } has decided on this plan already.
    .hint = A second review has to come from another principal.
error-approval-role = This needs the role “{ $role }”, or a role that the review still waits for.
    .hint = `adjourn principal ls` shows the roles; `adjourn why CASE` says which one is missing.
error-approval-needed = Case { $case } is not approved yet; missing: { $missing }.
    .hint = Reviewers approve with `adjourn approve { $case }`; approvals count for this exact plan only.
error-approval-signature = The signature of { $principal } does not fit.
    .hint = It was refused. Sign again with the principal's own key.

## Holds and confirmations

error-hold-active = Legal hold { $hold } ({ $matter }) is in force, so the group may be neither dissolved nor destroyed.
    .hint = Lifting it takes two principals: one asks with `adjourn hold lift`, another agrees; see `adjourn hold ls`.
error-leave-owner = The account { $account } owns { $group }, and its leave would be more than a leave: { $does ->
        [dissolves] the platform would dissolve the group.
        [promotes] the platform would make another member its owner.
        [transfers] the platform asks for a new owner first.
       *[other] what the platform makes of it, nobody knows.
    }
    .hint = Give the group another owner first (`adjourn handover GROUP --to ACCOUNT`) and leave then, or end it (`adjourn plan GROUP`).
error-hold-unknown = There is no hold { $hold }.
    .hint = List them with `adjourn hold ls`.
error-hold-self_lift = You asked for hold { $hold } to be lifted, so you can't lift it as well.
    .hint = The hold stays in force until another principal lifts it.
error-confirm-needed = This can't be undone, so it has to be confirmed by typing the short code or the group's name.
    .hint = Read the plan once more, then type the code on the page, or give the name with `--confirm NAME`.
error-confirm-mismatch = What was typed is neither the short code nor the name of the group.
    .hint = Compare name, platform and owner, on the page or with `adjourn show`; nothing was done.

## Connections

error-connection-unknown = There is no connection { $connection }.
    .hint = List them with `adjourn connect ls`, or add one with `adjourn connect add`.
error-connection-exists = A connection { $connection } exists already.
    .hint = Choose another name; new secrets for the old one are given with `adjourn connect renew`.
error-connection-witness = The witness of connection { $connection } is the identity that dissolves.
    .hint = Name another identity: only a second one can see whether a group was dissolved or merely left.
error-connection-auth = The platform refused the credentials.
    .hint = Give the right ones with `adjourn connect renew NAME --secret …`; a run in progress then goes on with `adjourn apply`.
error-connection-expired = The authorisation has expired.
    .hint = Authorise it again and give the new secret with `adjourn connect renew NAME --secret …`; runs in progress then go on.
error-connection-permission = The identity lacks a permission on the platform.
    .hint = Have an administrator of the platform grant it, then run `adjourn connect test`.
error-connection-network = The platform could not be reached, or the connection broke.
    .hint = Check network and proxy with `adjourn doctor`. A call without an answer counts as unknown and is verified first.
error-connection-tls = The secure connection could not be made.
    .hint = Check the clock and the certificates; certificate checks can't be switched off.
error-connection-protocol = The platform answered in a way that its profile does not describe.
    .hint = Nothing was concluded from the answer. Compare it with `adjourn facts PLATFORM` and report the difference.
error-connection-url = The address of the connection can't be used.
    .hint = Give a full address with https:// and without a password in it.
error-connection-rate_limited = The platform asks us to slow down.
    .hint = Nothing has to be done: the run waits and goes on by itself.
error-capability-unsupported = The platform can't do this for this kind of group.
    .hint = `adjourn facts PLATFORM` names the source of this and what can be done instead.

## Records

error-export-incomplete = The export is incomplete.
    .hint = The group stays as it is. `adjourn why CASE` names what is missing. Who answers for it says so: `adjourn step done CASE STEP`.
error-seal-failed = The archive was not sealed.
    .hint = The group stays as it is, because nothing irreversible happens before the seal has been read back.
error-timestamp-failed = The timestamp authority gave no valid timestamp.
    .hint = The seal is kept and stamped later; until then the proof of time rests on our own log.
error-timestamp-unconfigured = No timestamp authority is configured, and the policy asks for one.
    .hint = Add one to the configuration and run `adjourn doctor`.

## Steps, runs, observation

error-step-unknown = There is no step { $step } that this could apply to.
    .hint = `adjourn show CASE` lists the steps and their states.
error-step-ambiguous = Several groups of the case wait with a step { $step }.
    .hint = Say which one is meant: `adjourn step done CASE { $group }/{ $step }`; `adjourn why CASE` names the groups.
error-step-evidence = The step can't be closed with this evidence.
    .hint = Give a screenshot or a file that shows the result with `--evidence FILE`.
error-step-same_person = You have already said that step { $step } is done.
    .hint = This step wants two different people; let a second one say `adjourn step done`.
error-step-confirm = The second confirmation of step { $step } is missing or wrong: { $factor }.
    .hint = Give it as the platform asked for it: `--factor typed_name='NAME OF THE GROUP'`, `--factor qr_scanned=yes --factor phone_confirmed=yes`, or `--factor approved_by=WHO`.
error-step-reason = Say why, in at most { $limit } characters.
    .hint = The reason goes to whoever draws the next plan: `--reason "the owner's phone is lost"`.
error-step-cant = Somebody said that a step of { $case } can't be done, and it was not.
    .hint = `adjourn why { $case }` shows the reason. Draw a new plan for the group, with another way or another owner.
error-undo-window = The platform brought groups back until { $until }; that time is over.
    .hint = `adjourn undo CASE --rebuild` has a person make a new group in its place: another id, no history.
error-undo-quota = This organisation brought back { $used } of { $of } groups that the platform brings back in a month with this account; the next is possible from { $until }.
    .hint = Wait until then, if the platform's window allows it; or `adjourn undo CASE --rebuild` has a person make a new group in its place: another id, no history.
error-undo-past_return = { $case } has passed the point of no return, and the platform does not bring groups back.
    .hint = `adjourn undo CASE --rebuild` has a person make a new group in place of a dissolved one: another id, no history. What was purged stays purged; the sealed history is in the bundle.
error-run-active = A run for { $group } is in progress.
    .hint = Watch it with `adjourn watch CASE`; one group has one run at a time.
error-run-human = A step has to be done by a person.
    .hint = Follow the instructions of `adjourn why CASE`, then `adjourn step done CASE STEP --evidence FILE`.
error-observed-not_gone = The group was observed and is not gone: { $verdict }.
    .hint = No certificate is issued. `adjourn watch CASE` shows what still sees it.

## Bundles and verification

error-bundle-missing = There is no evidence bundle at { $bundle }.
    .hint = `adjourn show CASE` names the path of the bundle.
error-bundle-invalid = { $bundle } is not an evidence bundle that this program can read.
    .hint = Copy the bundle again from where it was made; a damaged copy proves nothing.
error-verify-failed = The bundle does not verify: { $count ->
        [one] one check failed.
       *[other] { $count } checks failed.
    }
    .hint = Each finding names its file. Don't rely on this bundle until they are explained.
error-key-destroyed = The key of { $group } was destroyed, so its contents can't be read any more.
    .hint = This is what destruction is for. The chain and the log still verify.

## Knowledge

error-platform-unknown = There is no platform { $platform } here.
    .hint = Connectors exist for matrix, qq, dingtalk, wecom, wechat and reference; `adjourn facts qq` shows what is known about a platform, `adjourn demo` plays a joint case.
error-facts-unknown = Nothing is recorded about this on { $platform }.
    .hint = Not recorded is not the same as no. Verify it yourself, or add a dated source to the profile.

## Everything else

error-stopped = All work is stopped by `stop-all`.
    .hint = When the reason is gone, an administrator lets it go on with `adjourn resume`.
error-internal = Adjourn itself made a mistake.
    .hint = What was recorded is safe. Please report this with the output of `adjourn doctor`.
error-principal-first = The first principal must be an administrator, who adds all others; { $principal } would not be one.
    .hint = Add an administrator first: `adjourn principal add NAME --role admin`.
error-key-not_asked = Nobody has asked to destroy the key of { $group } yet.
    .hint = One person asks with `adjourn destroy plan { $group }`, another one confirms.

## Accounts and sessions

error-session-missing = Nobody is signed in.
    .hint = Sign in first.
error-session-over = The session is over.
    .hint = Sign in again; nothing was changed.
error-sign_in-refused = Name or password are not right.
    .hint = Try again; after five wrong passwords the account is locked for a while.
error-sign_in-locked = Too many wrong passwords: the account is locked until { $until }.
    .hint = Wait until then, or ask an administrator who else knows of it; the lock is in the journal.
error-link-unknown = This link does not open, or not any more.
    .hint = Ask an administrator for a new one; each opens once.
error-account-name = A name has one to { $max } characters and no control characters.
    .hint = Choose another name.
error-account-password = A password has at least { $min } characters.
    .hint = Choose a longer one; a few words in a row will do.
error-account-again = The two passwords are not the same.
    .hint = Type the same one twice.
error-request-cross_site = This request came from another site and was refused.
    .hint = Open the page here and send it from there.
error-plan-step_needed = No plan can do without taking “{ $link }” off.
    .hint = A bridge could bring the group back, money has to be settled, and the account that acts goes last. Have a person do it, or say in the run that it can't be done.
error-plan-form = A plan needs at least one group, and this act a reason in words.
    .hint = Pick a group and say why.
error-page-unknown = There is no such page.
    .hint = Go back to Today and look from there.
error-page-form = What was sent could not be read.
    .hint = Open the page again and fill in its form; nothing was changed.
error-webhook-unknown = No webhook is called { $name }.
    .hint = `adjourn webhook list` shows those in the configuration.
error-webhook-event = The webhook { $name } wants events of a kind that there is none of: { $event }.
    .hint = Did you mean { $closest }? docs/operations/webhooks.md lists the kinds.
error-webhook-private = The webhook { $name } leads to a private network: { $says }
    .hint = If that is meant, add the host to `private_hosts` in the table `[http]` of the configuration.
error-webhook-failed = The webhook { $name } did not take it: { $says }
    .hint = Check its address and secret; nothing is lost, events are told again later.
