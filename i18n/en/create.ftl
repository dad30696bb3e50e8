# Making groups from templates: `create`, its errors, and what a person does where no interface makes groups.

word-op-create = create a group

create-dry-person = The group would be called “{ $name }”; a person would make it in the app (connection { $connection }). Nothing was written and nothing was called.
create-dry-platform = The group would be called “{ $name }”; it would be made through connection { $connection }. Nothing was written and nothing was called.
create-done = “{ $name }” is there (platform id { $native }) and in the register as { $group }.
create-second-id = The group has a second id. Add { $pair } to the setting “groups” of connection { $connection }, so that it can be frozen and handed over by interface.
create-person = A person makes this group now (connection { $connection }). Its name, exactly: { $name }
create-owner = Owner's account: { $account }
create-members = Members' accounts: { $accounts }
create-open = Whether “{ $name }” was made is not known yet ({ $code }). Nothing is made twice: going on asks the platform first.
create-unsure = Whether “{ $name }” was made can't be read from the platform, so it is not made again by itself.
create-unsure-look = 1. Look in the app for a group of exactly this name.
create-unsure-name = 2. If it is there, name its id: adjourn create done { $creation } --group ID
create-unsure-drop = 3. If it is not, give this creation up, and create it anew: adjourn create drop { $creation } --reason TEXT
create-none = No creation is open.
create-dropped = { $creation } was given up. Should the platform have made the group all the same, end it like any other: adjourn scan, then adjourn plan.

note-person-create =
    1. Open the app with the account that is to own the group.
    2. Make a new group with exactly the name and the members that are asked for.
    3. Look up the new group's id, and name it with `adjourn create done`.
    The group is then looked at: it has to be there, under this name.
note-person-create-wechat =
    1. In the app: + at the top right, 发起群聊, choose the members (two at least), 完成.
    2. In the new group: ··· at the top right, 群聊名称, and type exactly the name that is asked for.
    3. Export the list of chats with the export tool of this connection, and hand it in: adjourn import.
    4. Take the group's id (it ends in @chatroom) from that list, and name it with `adjourn create done`.
    The group is then looked for in the list: it has to be there, under this name.
note-person-create-qq =
    1. In the app: + at the top right, 创建群聊, choose the members. The account of this connection has to be among them.
    2. Open the group's settings, 群聊名称, and type exactly the name that is asked for.
    3. Take the group number from the settings (群号), and name it with `adjourn create done`.
    The group is then looked at through the account of this connection: it has to be there, under this name.
note-person-create-wecom =
    1. In the app: 工作台, 客户群 (or 通讯录, 我的客户), 创建一个客户群, and choose the customers. Groups of staff alone can't be read by an app that did not make them.
    2. Open the group's settings, and type exactly the name that is asked for.
    3. Take the new id from `adjourn scan`, and name it with `adjourn create done`.
    The group is then looked at: it has to be there, under this name.
note-dingtalk-create-ordinary = Without the setting scene_template an ordinary group is made. The platform takes no key for it: after a lost reply nobody can tell whether it is there, and a person looks.
note-proof-group-read-back = The new group is read back by its id, or by the key under which it was made.

error-template-unknown = There is no template { $template } in the configuration.
    .hint = { $known ->
        [none] Write one: [template.{ $template }] with connection and name; docs/reference/cli.md shows how.
       *[other] There are: { $known }.
    }
error-template-field = Something is missing that this template asks for: { $field ->
        [owner] the owner
        [contact] how to reach the owner
        [deputy] the deputy
        [purpose] the purpose
        [unit] the organisation unit
        [expires_days] after how many days it expires
        [holds] what the group will hold
       *[name] a name
    }.
    .hint = Say it on the command line, for example `--purpose TEXT`; nothing was made.
error-template-characters = The name rule does not allow the character { $character } in { $field ->
        [owner] the owner's name
        [purpose] the purpose
       *[unit] the organisation unit
    }.
    .hint = Letters and digits of any script are allowed, and these: “{ $allowed }”. Nothing was made.
error-template-length = The name “{ $name }” has { $length } characters; this template allows { $most }. The longest part is { $field ->
        [owner] the owner's name
        [purpose] the purpose
        [unit] the organisation unit
       *[name] the template's own text
    }.
    .hint = Say it shorter; nothing was made.
error-template-taken = There is a group or an open creation called “{ $name }” already: { $by }.
    .hint = Choose another purpose or unit, or go on with that one: `adjourn create ls`, `adjourn show { $by }`.
error-creation-unknown = There is no open creation { $creation }.
    .hint = `adjourn create ls` lists those that are neither done nor given up.
error-creation-not_there = The connection sees no group { $group }.
    .hint = Check the id, and whether the connection's account is in the group (where lists are handed in, hand a new one in first); then repeat `adjourn create done { $creation }`.
error-creation-other_name = The group is called “{ $found }”, not “{ $name }”: it is not the one that was asked for, or was named wrong.
    .hint = Rename it in the app and repeat `adjourn create done { $creation }`, or name another group.
error-creation-registered = The group is in the register already: { $group }.
    .hint = A creation is only for a new group. Give this one up with `adjourn create drop`, or name another group.
error-creation-refused = The platform refused to make the group ({ $says }).
    .hint = Check the accounts of owner and members, and what names the platform takes; nothing was made.
