# Who may say yes: review policy, delegations, passkeys. A passkey is "user-verified (fingerprint, face or PIN)".

review-or = { " " }or{ " " }
review-asked = Asked and not answered yet: { $people }
review-asked-one = { $name } ({ $role })
review-asked-lent = { $name } ({ $role }, in the place of { $from })
review-asked-no-passkey = { $person }, has no passkey yet
review-answered = ✓ { $name } ({ $role }) approved at { $at }
review-answered-lent = ✓ { $name } ({ $role }, in the place of { $from }) approved at { $at }
review-passkey = with a user-verified passkey
review-until = counts until { $until }
review-expired = ✗ no longer counts since { $until }; { $name } has to approve again
review-by = Answers are wanted until { $until }; after that { $roles } will be told. Silence approves nothing.
review-overdue = Overdue since { $until }. { $escalated ->
        [yes] { $roles } were told.
       *[no] { $roles } will be told.
    } Silence approves nothing.
review-needs-passkey = Every approval needs a user-verified passkey (fingerprint, face or PIN): `adjourn approve { $case } --passkey`
case-overdue = review overdue since { $until }
plan-review-ttl = An approval counts for { $hours } hours.
plan-review-unmeetable = ! This review can never be met as things are: { $have } of { $need } with the role “{ $role }” besides the requester.
doctor-unmeetable = nobody can meet this review as things are: { $have } of { $need } with the role “{ $role }” (no connection uses this class)

delegation-made = { $to } may approve as { $role } in the place of { $from } until { $until } ({ $id }).
delegation-line = { $from } → { $to }  { $role }  { $since } – { $until }
delegation-none = No role is lent.
delegation-revoked = Delegation { $id } is taken back. What was approved by it stays approved.
word-lent-holds = holds
word-lent-over = over
word-lent-revoked = taken back

passkey-open = Open this page in the browser whose passkey you use: { $url }
passkey-waits = Waiting up to { $seconds } seconds for the browser …
passkey-added = { $name } has a passkey now ({ $credential }…, { $algorithm }), for pages of { $rp }.
passkey-none-yet = Nobody has a passkey.
passkey-revoked = The passkey is taken away. What it signed stays signed.
word-passkey-fine = fine
word-passkey-revoked = taken away
word-passkey-suspect = counted backwards

passkey-title-add = Add a passkey
passkey-title-approve = Approve a plan
passkey-title-confirm = Confirm a plan
passkey-hello-add = { $name }, this device or security key will make a passkey for you. You unlock it with your fingerprint, your face or a PIN; that stays on the device.
passkey-hello-approve = { $name }, you sign your approval of exactly this plan.
passkey-hello-confirm = { $name }, you confirm exactly this plan. After that it is applied.
passkey-case = Case { $case }
passkey-plan = SHA-256 of the plan: { $hash }
passkey-compare = Compare it with what the command line shows.
passkey-button-add = Make the passkey
passkey-button-approve = Approve with the passkey
passkey-button-confirm = Confirm with the passkey
passkey-page-done = Done. You can close this page and go on at the command line.
passkey-page-no = It did not work: { $says } You can try again.
passkey-page-refused = Refused
passkey-page-over = This page was used already, or its time is over. Start again at the command line.
passkey-page-no-script = This page needs JavaScript and a browser that knows passkeys.

word-event-review-refused = refused: may not review
word-event-review-escalated = review overdue, told

error-approval-expired = Approvals of case { $case } have expired; missing now: { $missing }.
    .hint = The same people approve again with `adjourn approve { $case }`; a case that waits goes on by itself after that.
error-approval-passkey = Case { $case } needs a user-verified passkey here (fingerprint, face or PIN).
    .hint = Use `--passkey`: a page opens in your browser. `adjourn principal passkey add NAME` adds a passkey first.
error-policy-unmeetable = The review of class { $class } can never be met: it needs { $need } with the role “{ $role }” besides the requester, and there are { $have }.
    .hint = Add people (`adjourn principal add NAME --role { $role }`), or change the review of that class in the configuration and draw the plan again.
error-delegation-self = { $principal } can't lend a role to the same person.
    .hint = Name another principal; `adjourn principal ls` shows them.
error-delegation-role = { $principal } does not hold the role “{ $role }” by themself, so it can't be lent.
    .hint = Only the role that somebody was added with can be lent, and what was lent can't be lent on.
error-delegation-time = A delegation ends in the future and lasts at most { $limit } days; { $until } does not fit.
    .hint = Give the end as RFC 3339 (`--until 2026-12-24T18:00:00+08:00`).
error-delegation-reason = A delegation needs a reason of at most { $limit } characters.
    .hint = Auditors read it: say why the role is lent.
error-delegation-unknown = No delegation { $delegation } is in force.
    .hint = List them with `adjourn principal delegations`.
error-passkey-invalid = The passkey's answer was refused: { $what ->
        [challenge] it is for another plan, another person, or was asked for at another time.
        [user-verification] the user was not verified by fingerprint, face or PIN.
        [user-presence] nobody was present.
        [signature] the signature does not hold.
        [credential] it is not a passkey of this person.
        [relying-party] it belongs to another site.
        [origin] it comes from another page.
       *[other] its { $what } does not fit.
    }
    .hint = Nothing was written. Start again; if it is refused again, show it to whoever looks after the installation.
error-passkey-algorithm = This authenticator makes a kind of key that is not taken; ES256 and EdDSA are.
    .hint = Use another device or security key.
error-passkey-exists = This passkey was added before.
    .hint = One passkey belongs to one person; see `adjourn principal passkey ls`.
error-passkey-limit = Nobody has more than { $limit } passkeys.
    .hint = Take one away first: `adjourn principal passkey revoke CREDENTIAL`.
error-passkey-none = { $principal } has no passkey for pages of { $rp }.
    .hint = Add one: `adjourn principal passkey add { $principal }`.
error-passkey-owner = A passkey is added by its own person, with their own key; { $principal } is somebody else, or unknown.
    .hint = Name yourself, or let that person run the command.
error-passkey-unknown = No single passkey in use begins with { $credential }.
    .hint = List them with `adjourn principal passkey ls` and give more of it.
error-passkey-counter = The passkey has signed { $got } times by its own count, and had said { $had } before: there may be two of it. The answer was refused, and the journal says so.
    .hint = Ask its owner. Take it away with `adjourn principal passkey revoke CREDENTIAL` and add a new one.
error-passkey-timeout = No answer came from the browser within { $seconds } seconds.
    .hint = Nothing was written. Run the command again and open the page in time.

note-verify-approval-delegation = Somebody approved in a role that was not lent to them then.
note-verify-approval-expired = Approvals had expired when something irreversible was begun.
note-verify-passkey-missing = The plan asks for a user-verified passkey, and there was none.
note-verify-passkey-invalid = What a passkey signed, or the file with it, does not hold.
note-verify-proved-passkey = { $principal } used a user-verified passkey (fingerprint, face or PIN) for exactly this plan; files for openssl: { $folder }.
note-verify-rests-delegated = { $principal } approved as { $role } in the place of { $of }, who had lent the role.
