## DingTalk: how it is done

note-person-dingtalk-dissolve = An ordinary group can't be dissolved by an app. The main administrator (or, by the official help, the group's owner) opens 群设置 → 解散企业群 in the app; where the organisation asks for it, the super administrator approves. If it is interrupted: clear the cache, use an administrator account, and look first whether it has been done. Then hand in a screenshot that shows the result.
note-person-dingtalk-export = No interface returns the group's history. A member exports it in the app (or a robot has collected it since its installation) and hands the file in; an administrator exports the contacts from the admin console.
note-dingtalk-robots-only = Only robots are listed. Apps, mini-programs and shortcuts of the group are not shown by any interface; look in the group's settings.
note-dingtalk-announce-robot = A message of the app's robot: that it was sent is known, its words can't be read back. A robot's message can be recalled through the interface.
note-dingtalk-announce-organisation = An announcement of the organisation to the members of the group, also those who muted it. It can be taken back in the admin console.

## DingTalk: why it can't be had

note-dingtalk-no-operator = Notices are posted in the name of an administrator, and the setting operator names none.
note-dingtalk-no-chatid = The group's second id (chatid) is not known, without which an ordinary group can't be muted. Add it to the setting groups.
note-dingtalk-no-purge = No interface removes what stays of a dissolved group: the drive and the compliance archive are the organisation's, and recovery needs a request of the legal department.
note-dingtalk-no-restore = A dissolved group can't be brought back, as the platform's own command line says. A ticket may be filed with the platform; nobody promises that it helps.

## DingTalk: what stays, and what nobody can know

note-residue-dingtalk-drive = What was synced to the organisation's drive stays there, and files are in the compliance archive (180 days are claimed).
note-residue-dingtalk-robot-servers = The servers behind the robots go on running: whoever owns one closes it, and its logs stay.
note-residue-dingtalk-apps = Authorisations of apps and mini-programs are kept as records; an app of the organisation has to be configured anew for another group.
note-unknown-dingtalk-notice = What members see when a group is dissolved is not documented.
note-unknown-dingtalk-apps = Which apps and mini-programs hang on the group can't be read.

## DingTalk: what proves it

note-proof-message-sent = The platform says that the message was sent; its words are not read back.
note-proof-export-checked = The file that was handed in is checked: its columns, its length, its first and last record.
