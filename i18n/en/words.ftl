# The closed vocabulary: one meaning each, the same on every surface.
# Names from data are looked up as they are: verdict.left_only is word-verdict-left-only.

## Terms of the product

word-term-platform = platform
word-term-connector = connector
word-term-connection = connection
word-term-identity = identity
word-term-witness = witness
word-term-group = group
word-term-kind = kind
word-term-class = class
word-term-owner = owner
word-term-successor = successor
word-term-link = link
word-term-fact = fact
word-term-profile = profile
word-term-capability = capability
word-term-case = case
word-term-plan = plan
word-term-step = step
word-term-preflight = preflight
word-term-approval = approval
word-term-two-person-review = two-person review
word-term-notice = notice
word-term-joint-announcement = joint announcement
word-term-freeze = freeze
word-term-unlink = unlink
word-term-export = export
word-term-receipt = receipt
word-term-seal = seal
word-term-bundle = bundle
word-term-cooling-off = cooling-off
word-term-point-of-no-return = point of no return
word-term-principal = principal
word-term-recovery-window = recovery window
word-term-run = run
word-term-observation = observation
word-term-verdict = verdict
word-term-residue = residue
word-term-guided-human-step = guided human step
word-term-undo = undo
word-term-rebuild = rebuild
word-term-rescue = rescue
word-term-handover = handover
word-term-dissolve = dissolve
word-term-hold = legal hold
word-term-retention = retention
word-term-disposal = disposal
word-term-de-identified = de-identified
word-term-anonymised = anonymised
word-term-drill = drill

## Kinds of groups

word-kind-ordinary = ordinary
word-kind-enterprise = enterprise
word-kind-education = education
word-kind-trading = trading
word-kind-external-customer = external customers

## One group's way

word-state-registered = registered
word-state-operating = operating
word-state-proposed = proposed
word-state-preflighted = preflighted
word-state-in-review = in review
word-state-notice-period = notice period
word-state-frozen = frozen
word-state-sealed = exported and sealed
word-state-unlinked = unlinked
word-state-announced = announced
word-state-waits-for-others = waits for the other groups
word-state-rebuilt = dissolved; a new group stands in its place
word-state-cooling-off = cooling-off
word-state-dissolving = dissolving
word-state-observing = observing
word-state-verified-gone = verified gone
word-state-retained = retained
word-state-destroyed = destroyed

## Side states

word-state-paused = paused
word-state-needs-person = needs a person
word-state-blocked-by-hold = blocked by a hold
word-state-plan-stale = plan stale
word-state-partly-done = partly done
word-state-undoing = being undone
word-state-undone = undone
word-state-reopened = reopened

## States of a case

word-state-planned = planned
word-state-rejected = rejected
word-state-approved = approved
word-state-stale = plan stale
word-state-running = running
word-state-ended = ended
word-state-closed = closed
word-state-past-return = past the point of no return

## The eight verdicts

word-verdict-gone = verified gone
word-verdict-hidden = hidden only
word-verdict-archived = archived
word-verdict-left-only = left only
word-verdict-emptied = emptied
word-verdict-kept-by-platform = kept by the platform
word-verdict-reappeared = reappeared
word-verdict-still-there = still there
word-verdict-unknown = unknown

## What a call did

word-effect-applied = applied
word-effect-not-applied = not applied
word-effect-unknown = unknown

## What a connector can do

word-support-native = native
word-support-emulated = emulated
word-support-assisted = assisted
word-support-unsupported = unsupported

## Operations of steps

word-step-preflight = preflight
word-step-notice = give notice
word-step-freeze = freeze
word-step-export = export
word-step-seal = seal
word-step-unlink = unlink
word-step-announce = announce
word-step-join = wait for the other groups
word-step-transfer = give the group another owner
word-step-rescue = emergency transfer
word-step-cooling-off = cooling-off
word-step-tail-export = tail export
word-step-confirm = confirm
word-step-recheck = recheck
word-step-settle = wait for the clients
word-step-handover = hand over
word-step-dissolve = dissolve
word-step-purge = purge
word-step-remove-media = remove media
word-step-observe = observe
word-step-certificate = certificate

## Roles

word-role-admin = administrator
word-role-business = business
word-role-compliance = compliance
word-role-requester = requester
word-role-service = service

## Platforms

word-platform-wechat = WeChat
word-platform-qq = QQ
word-platform-dingtalk = DingTalk
word-platform-wecom = WeCom
word-platform-feishu = Feishu
word-platform-matrix = Matrix
word-platform-xmpp = XMPP
word-platform-reference = reference platform
word-platform-drill-suffix = {" "}(drill)

## Operations of connectors

word-op-probe = probe
word-op-members = list members
word-op-links = find links
word-op-export = export
word-op-freeze = freeze
word-op-announce = announce
word-op-unlink = unlink
word-op-handover = hand over
word-op-transfer = transfer ownership
word-op-dissolve = dissolve
word-op-purge = purge
word-op-remove-media = remove media
word-op-restore = restore
word-op-verify = verify

## Kinds of links

word-link-bot = bot
word-link-app = app
word-link-mini-program = mini-program
word-link-webhook = webhook
word-link-bridge = bridge
word-link-payment = payment
word-link-store = store

## How far a fact can be trusted

word-confidence-declared = declared
word-confidence-confirmed = confirmed
word-confidence-disputed = disputed
word-confidence-contradicted = contradicted

## Classes of groups

word-class-ordinary = ordinary
word-class-important = important
word-class-personal = personal

## How far a connector was verified

word-tier-live = verified live
word-tier-recorded = verified on recorded traffic
word-tier-documents = simulated from documents
word-tier-experimental = experimental

## Until when it can be taken back

word-reversible-harmless = changes nothing
word-reversible-always = can be undone at any time
word-reversible-never = can't be undone

## What changed since the plan was made, in a list

word-differences-drift-owner = owner
word-differences-drift-link-new = a new link
word-differences-drift-link-lost = a lost link
word-differences-drift-members = members
word-differences-drift-capability = capabilities
word-stage-sealed = history sealed
word-stage-unlinked = rights taken off
word-stage-announced = announced
word-stage-reversible-ended = what can come back has ended
word-says-gone = gone
word-says-present = there
word-says-empty = empty
word-says-archived = archived
word-says-hidden = hidden
word-says-not-in = not in it
word-says-kept = kept
word-says-nothing = says nothing
