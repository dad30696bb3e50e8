# Facts about platforms: what `facts` says, how plans and watches speak of clocks, and what a check of a how-to finds.

facts-overridden = { $platform }: { $key } is { $value } from now on, for real connections and drills. Plans that rest on another value are stale.
facts-retracted = { $platform }: { $key } acts as the findings say again.
facts-override = acts: { $value }, said by { $by } at { $at }: { $reason }
facts-acts = acts under: { $rules }
facts-checked = checked { $date }
facts-ended = no longer so since { $date }
facts-stale = stale: checked more than { $count } days ago
facts-differences = { $name }: { $count ->
    [0] declared and confirmed rules act alike
    [one] one fact acts differently
   *[other] { $count } facts act differently
}

word-rules-declared = declared
word-rules-confirmed = confirmed
word-confidence-override = said by the organisation

## The tables of facts

word-table-p = Who may dissolve, where, with which second confirmation
word-table-n = What members are told
word-table-h = What history stays, where, how long
word-table-s = Special cases
word-table-l = What hangs on the group
word-table-e = When it goes wrong
word-table-x = One dissolve over several platforms
word-table-g = Dissolve, leave, delete, hide
word-table-c = Law

## Where something stays

word-keeps-server = on the platform's server
word-keeps-device = on the members' own devices
word-keeps-organisation-drive = on the organisation's drive
word-keeps-organisation-audit = in the organisation's audit system
word-keeps-homeserver = on the homeserver until it is purged
word-keeps-server-for-good = on the platform's server for good
word-keeps-recycle-bin = in the recycle bin
word-keeps-compliance-archive = in the compliance archive
word-keeps-unstated = somewhere that no source states
word-hangs-bot = bot
word-hangs-app = app
word-hangs-mini-program = mini-program
word-hangs-webhook = webhook
word-hangs-bridge = bridge
word-hangs-payment = payment
word-fate-kept = its record is kept
word-fate-apart = its record is kept apart from the group
word-fate-logs-kept = its logs are kept
word-fate-by-hand = it goes on running until a person closes it
word-fate-finance-audit = its record goes to the finance system's audit

note-residue-fact-history = The chat's history stays { $keeps }.
note-residue-fact-history-roams = The chat's history roams by way of the platform's server for { $hours } hours.
note-residue-fact-history-roams-days = The chat's history roams by way of the platform's server for { $days } days.
note-residue-fact-history-unstated = How long the platform's server keeps the history is not stated by any source.
note-residue-fact-files = Files of the group stay { $keeps }.
note-residue-fact-files-until = Files of the group stay { $keeps } for { $days } days.
note-residue-fact-link = What becomes of the { $hangs }: { $fate }.
note-drift-fact = What is known about the platform changed: { $key } was { $was } in the plan and is { $is } now.
word-differences-drift-fact = facts about the platform

## Clocks

days = { $count } days
plan-clocks = Clocks of the platform:
plan-facts-differ = Acts differently from what is published:
plan-fact-differs = { $key }: published { $declared }, acts { $value } ({ $confidence })
clock-none = { $object }: no such way
clock-runs = { $object }: { $duration } { $moment }
clock-until = { $object }: until { $until }
word-object-slip = recalling a slip
word-object-notice = taking the notice back
word-object-group = bringing the group back
word-object-history-request = applying for the history
word-object-history = history on the server
word-object-archive-pull = pulling the message archive
word-object-files = files that stay
word-object-rescue = emergency transfer by the service desk, on average
word-object-successor = membership that the successor needs
word-moment-dissolved = from the dissolve on
word-moment-last-message = from the last message on
word-moment-applied = from the application on; allow for it before
word-moment-joined = from joining on; allow for it before

## Checking a how-to

check-none = No claim found: nothing in it is about what is recorded here.
check-title = { $count ->
    [one] one claim
   *[other] { $count } claims
}: { $marks }
check-says = is said to be { $value }
check-conflict = the text itself says something else in line { $lines }
check-known = { $sign } { $confidence } · { $value } · { $source } · checked { $date }
word-mark-confirmed = confirmed
word-mark-declared = published, confirmed by nobody
word-mark-disputed = disputed
word-mark-contradicted = contradicted
word-mark-outdated = outdated
word-mark-self-contradictory = self-contradictory
word-platform-any = any platform
word-platform-law = law

## Errors

error-facts-value = { $value } can't be the value of { $key }.
    .hint = The value has the kind that the key has in the profile: a whole number, a text, true or false. `adjourn facts PLATFORM --only KEY` shows them.
error-facts-not_overridden = Nothing is overridden at { $key } of { $platform }.
    .hint = `adjourn facts PLATFORM` marks what is overridden with a star.
