# WeCom: how its steps are done, what proves them, what stays, what nobody can know. The families are those of notes.ftl.

note-wecom-accepted-only = The app posts to the group. The platform answers that it has accepted the message and shows it to nobody afterwards: accepted is not delivered, and what exceeds a member's limits is dropped without a word. In doubt nothing is posted again, and a person looks.
note-wecom-person-announce = No app can post to a customer group: its owner or an administrator posts the text in the app, unchanged. The platform shows it to no app, so the step rests on people: `adjourn step done` with a screenshot of it in the group (`--evidence`), or said by two people, each with their own key. Where the message archive covers who posted it, hand the archive in first: then it is read there.
note-wecom-person-dissolve = No interface dissolves a group. With the handover approved, an administrator opens the admin console (管理后台), or the owner opens the group's settings in the app (群设置 → 解散群聊), and dissolves it; then hand in a screenshot that shows the result. All-staff, department and staff-service groups can't be dissolved by hand.
note-wecom-robots-named = No interface lists a group's robots. Those that the connection names are tried with an empty message, which can't be posted; others stay unseen.
note-wecom-archive-import = The history comes from decrypted records of the message archive (会话内容存档) that people hand in. The archive is paid, covers enabled members only, and keeps records for about 5 days; numbers that are missing are listed as gaps.
note-wecom-verify-app = Customer groups are looked at through their own reads, the list and the signed dismissal. A group that an app made can be read by that app only: for “verified gone” a witness app has to be told that it does not exist, or a person attests it.
note-wecom-no-freeze = The platform has no interface that makes a group read-only.
note-proof-told-by-person = A person says so and hands in what shows it, or two people say so. Nothing can be read back: it is marked as told by a person and never as machine-checked, unless a message archive that is handed in holds the words.
note-proof-accepted-not-delivered = The platform answered that it accepted the message, and the group is there. Whether anybody got it can't be read.
note-proof-wecom-robot-answers = The robot's address is tried with an empty message, and the platform says that there is no such robot.
note-proof-wecom-approval-read = The approval request for this group is read from the platform and has been granted.
note-residue-wecom-archive = What the organisation's message archive has taken stays in it.
note-residue-wecom-drive = Files that members saved to the organisation's drive stay there.
note-unknown-wecom-notice = Nobody can say from an official source what members are told when a group is dissolved.
note-unknown-wecom-delivery = Nobody can read whether a message of an app reached a member.
note-gap-archive = { $first ->
        [none] The archive that was handed in lacks some numbers.
       *[other] The archive that was handed in lacks the numbers { $first } to { $last }. It counts over all chats, so nobody can say whose messages they were.
    }
note-gap-archive-more = And { $n_more } more ranges of numbers are missing.
