# Statements that data gives by code: note-<code>, with - for every . and _ of the code.
# What a plan won't do, can't know and is blocked by, what drifted, what an export lacks, what survives, how a
# step is done and what proves it. An argument that is left out shows as ?; says is put behind it in brackets.

## What will not happen

note-willnot-accounts = Nobody's account will be disabled or closed.
note-willnot-other-groups = No group outside this plan will be touched, even if its members are the same.

## What nobody can know

note-unknown-copies = Nobody can know what members forwarded, photographed, downloaded or saved elsewhere before.
note-unknown-encrypted = The group's messages are end-to-end encrypted. Which of them can be read shows only during the export; the receipt lists every one that can't.
note-unknown-activity = The platform does not tell when the group was last active, so nobody can say that it is idle.
note-unknown-matrix-other-servers = Nobody can know what other Matrix servers do with their own copy; this server can't remove it for them.

## What blocks, and who can clear it

note-blocker-hold = The group is under a legal hold ({ $matter }) and can't be dissolved. One principal has to ask for it to be lifted and another to lift it; then make a new plan.
note-blocker-capability = { $op ->
        [dissolve] Through this connection the group can't be dissolved, neither by us nor by hand. Whoever looks after the connection has to get it the platform's permission, or an identity that has it; then make a new plan.
        [verify] Through this connection nobody can see whether the group is gone, so there could be no certificate. Whoever looks after the connection has to add an identity that can look; then make a new plan.
        [export] Through this connection the history can't be exported, and nothing is dissolved before the archive is sealed. Whoever looks after the connection has to get it the permission to read; then make a new plan.
       *[other] This connection lacks “{ $op }”, which is needed. Whoever looks after the connection has to get it the platform's permission; then make a new plan.
    }
note-blocker-money = “{ $link }” on this group handles money. Whoever is responsible for it has to settle and close it on the platform; then make a new plan.
note-blocker-personal = A group of class “personal” can be ended by its only owner alone, and this identity is not its only owner. Connect as the owner, or have an administrator choose a class that is reviewed.

## What changed since the plan was made

note-drift-owner = { $is ->
        [none] The owner changed.
       *[other] The owner was { $was } and is now { $is }.
    }
note-drift-link-new = { $link ->
        [none] There is a new link, and the plan has no step that takes it off.
       *[other] There is a new link, { $link }, and the plan has no step that takes it off.
    }
note-drift-link-lost = { $link ->
        [none] A link is no longer on the group, and we did not take it off.
       *[other] The link { $link } is no longer on the group, and we did not take it off.
    }
note-drift-members = { $changed ->
        [none] More members joined or left than the policy allows.
       *[other] Members who joined or left: { $changed } (of { $of } in the plan), which is more than the { $percent }% allowed.
    }
note-drift-capability = What this connection can do is not what it could do when the plan was made.

## What an export lacks

note-gap-media = { $media ->
        [none] The platform no longer has one of the files, so it is not in the export.
       *[other] The platform no longer has the file { $media }, so it is not in the export.
    }
note-gap-count = The platform counts { $platform } records; { $taken } were taken.

## What survives the dissolve

note-residue-device-copies = Messages and files that are on members' phones and computers stay there.
note-residue-matrix-federation = Other servers that took part in the group keep their own copy of its history.
note-residue-matrix-client-caches = Clients show cached messages until they next sync; a device that never syncs again keeps them.
note-residue-matrix-server-backups = Existing backups of the server's database and files hold the group until they expire.

## How it is done: by a person

note-person-step = { $op ->
        [none] This step could not be done automatically. Look at the platform, finish it by hand, then hand in a screenshot that shows the result.
       *[other] “{ $op }” could not be done automatically. Look at the platform, finish it by hand, then hand in a screenshot that shows the result.
    }
note-person-dissolve-none = Somebody who may dissolve the group opens its settings in the app and chooses to dissolve it; then hand in a screenshot that shows the result.
note-person-dissolve-type-name = Somebody who may dissolve the group opens its settings in the app, chooses to dissolve it and types its name when asked; then hand in a screenshot that shows the result.
note-person-dissolve-qr-phone = Somebody who may dissolve the group opens its settings in the app, chooses to dissolve it, scans the QR code and confirms the phone number when asked; then hand in a screenshot that shows the result.
note-person-dissolve-super-admin = Somebody who may dissolve the group asks for it in the app and the organisation's super administrator agrees on the platform; then hand in a screenshot that shows the result.
note-person-dissolve-handover = First get the handover approved on the platform; then somebody who may dissolve the group does so in the app and hands in a screenshot that shows the result.
note-person-handover = Submit the handover on the platform, have the successor accept and the approver agree, then hand in a screenshot that shows the approval.
note-person-transfer = The present owner makes the successor the owner in the app; then hand in a screenshot that shows the result.
note-person-restore = Within the recovery window the former owner brings the group back in the app; then hand in a screenshot that shows the result.
note-person-unlink = Somebody who may manage the link removes or stops it on the platform; then hand in a screenshot that shows the result.

## How it is done: by other means

note-leave-only = The platform's API says OK and may only have left the group. What a witness sees is what counts; if the group is still there, a person dissolves it.
note-matrix-emptied = Without the rights of a server admin the door is shut, everybody is put out and the identity leaves last. What is left is an empty shell, and the verdict says so.
note-matrix-transfer-v12 = The new owner gets power level 100. In rooms of version 12 and later the creator stands above all levels and keeps that power; elsewhere an owner who is as strong as whoever acts keeps it until they give it up. The result names who keeps power.
note-matrix-verify-member = Without the rights of a server admin only the state at the moment of leaving can be read. The verdict can be “emptied” at most, never “verified gone”.

## Why it can't be had

note-missing-permission = The platform has not given this identity the permission that is needed.
note-no-handover = The platform asks for no handover approval.
note-no-media-removal = The platform has no API that removes the files it keeps.
note-no-purge = The platform has no API that removes what it keeps.
note-no-recovery = The platform has no recovery window: what is dissolved can't be brought back.
note-matrix-needs-server-admin = Only a server admin can do this; this identity is a plain member.
note-matrix-no-handover = Matrix has no handover approval.
note-matrix-no-rooms = This identity is in no group, and without the rights of a server admin only groups that it is in can be worked on.
note-matrix-no-restore = A Matrix room that was closed can't be brought back, only rebuilt.

## What proves it

note-proof-bag-read-back = The closed archive is read back in full, and the hash of every file is that of the manifest.
note-proof-clock = The clock: the time has passed.
note-proof-link-gone = The list of links is read again and no longer has it.
note-proof-media-not-found = The file is asked for again, and the server says that it does not exist.
note-proof-members-at-departure = The group's state at the moment of leaving: nobody else was in it, and the door was shut.
note-proof-message-read-back = The message is read back from the platform and is the one that was sent.
note-proof-owner-read-back = The owner is read back from the platform and is the one who was named.
note-proof-power-levels-read-back = The power levels are read back: plain members can't post.
note-proof-probes = Several identities look again and again while it is observed; “verified gone” needs proof seen by a witness.
note-proof-read = Read from the platform itself.
note-proof-others-there = Every other group of the case has come this far, has ended, or has been waited for as long as the policy says.
note-proof-read-again = Owner, members, links and capabilities are read again right before the dissolve and compared with the plan.
note-proof-read-to-end = The history is read page by page to its end and compared with the platform's own count.
note-proof-room-closed = The room is read back: nobody is in it and nobody can join.
note-proof-room-not-found = The room is read back, and the server says that it does not exist.
note-proof-state-read-back = The platform's state is read back and is what it was set to.
note-proof-text-hash-read-back = The announcement is read back from the platform, and the hash of its text is that of the one sent.
note-proof-two-signals = At least two independent signals, at least one of them from a witness.
note-proof-witness-view = Seen by a witness, an identity that did not dissolve the group.
note-matrix-nobody-has-power = Nobody in this room has power, so nobody can be given any: it can be read and dissolved, not written to.
note-willnot-freeze = The group will not be frozen: nothing that we may do here can make it read-only. Where we read the history ourselves, messages up to the end go into a tail export.
note-willnot-announce = Members will not be told in the group: nothing that we may do here can post to it. Tell them another way.
note-willnot-left-out = “{ $link }” will not be taken off. Why: { $reason }
note-residue-link-left = “{ $link }” stays on and goes on running, until whoever owns it closes it.
note-willnot-unlink = What hangs on the group will not be taken off before the end; it goes with the group, or is left as residue.
note-willnot-dissolve = The group will not be dissolved, and nobody is removed from it.
note-blocker-not-member = The new owner { $who } is not in the group. Let the account join first; then make a new plan.
note-blocker-successor-bot = { $who } is a bot. Name a person as the new owner.
note-blocker-owns-already = { $who } owns the group already.
note-blocker-proof = Nothing proves the identity of the organisation or the person. Give it with `--proof FILE`: the platform's service desk asks for it, and the reviewers see what was handed in.
note-person-rescue-wechat = 1. Ask the present owner once more, by phone and in writing: whoever can still sign in transfers the group in the app (… → group management → transfer). 2. Otherwise apply at Tencent's service desk (腾讯客服) for an emergency transfer, with the proof that this plan names. 3. It takes 48 hours on average; that is an average, and after it we remind you. Hand in the receipt, and later a screenshot of the new owner. Never sign in with somebody else's account.
note-person-rescue-qq = 1. Ask the present owner once more: whoever can still sign in transfers the group in the app. 2. Otherwise apply at Tencent's service desk (腾讯客服) for an emergency transfer, with the proof that this plan names. 3. 48 hours on average; after that we remind you. Hand in the receipt, and later a screenshot of the new owner. Never sign in with somebody else's account.
note-person-rescue-dingtalk = 1. The organisation's main administrator gives the group another owner in the admin console. 2. Otherwise open a ticket at DingTalk's service desk with the proof that this plan names. 3. 48 hours on average; after that we remind you. Hand in the ticket's number, and later a screenshot of the new owner.
note-person-rescue-wecom = 1. The organisation's administrator inherits the group in the admin console (for customer groups: inheritance from a resigned colleague). 2. Otherwise open a ticket at WeCom's service desk with the proof that this plan names. 3. 48 hours on average; after that we remind you. Hand in the receipt, and later a screenshot of the new owner.
note-person-rescue-matrix = A server administrator makes the successor an administrator of the room; hand in a screenshot that shows the result.
note-person-rescue-reference = Apply at the platform's service desk with the proof that this plan names; hand in the receipt, and later a screenshot of the new owner.
note-person-rebuild = The group can't be brought back. A person makes a NEW group with the same members: it has another id and no history, and is called rebuilt, never restored. Name it so that members see the difference, post where the sealed history can be asked for, then hand in a screenshot.
