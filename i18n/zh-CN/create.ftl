# 按模板建群：`create` 的文字与错误，以及没有接口可建群时由人操作的步骤。

word-op-create = 建群

create-dry-person = 该群将命名为“{ $name }”，由人在客户端创建（连接 { $connection }）。 没有写入任何内容，也没有调用平台。
create-dry-platform = 该群将命名为“{ $name }”，通过连接 { $connection } 创建。 没有写入任何内容，也没有调用平台。
create-done = “{ $name }”已建成（平台群号 { $native }），已登记为 { $group }。
create-second-id = 该群还有第二个标识。请把 { $pair } 加到连接 { $connection } 的“groups”设置里，之后才能通过接口禁言和转让。
create-person = 现在由人创建此群（连接 { $connection }）。群名须完全一致：{ $name }
create-owner = 群主账号：{ $account }
create-members = 成员账号：{ $accounts }
create-open = 尚不清楚“{ $name }”是否已建成（{ $code }）。不会重复建群：继续时先询问平台。
create-unsure = 无法从平台读出“{ $name }”是否已建成，因此不会自动再建一次。
create-unsure-look = 1. 在客户端查找名称完全一致的群。
create-unsure-name = 2. 如果有，报上群号：adjourn create done { $creation } --group ID
create-unsure-drop = 3. 如果没有，放弃这次创建后重新创建：adjourn create drop { $creation } --reason TEXT
create-none = 没有未完成的创建。
create-dropped = 已放弃 { $creation }。如果平台其实已建成该群，请像其他群一样处理：先 adjourn scan，再 adjourn plan。

note-person-create =
    1. 用将担任群主的账号打开客户端。
    2. 按要求的名称（须完全一致）和成员新建群。
    3. 查到新群的群号，用 `adjourn create done` 报上。
    随后会查看该群：必须存在，且名称一致。
note-person-create-wechat =
    1. 在客户端：右上角 +，发起群聊，选择成员（至少两人），完成。
    2. 在新群里：右上角 ···，群聊名称，填写要求的名称（须完全一致）。
    3. 用本连接的导出工具导出群聊列表并提交：adjourn import。
    4. 从列表中取新群的标识（以 @chatroom 结尾），用 `adjourn create done` 报上。
    随后会在列表中查找：必须存在，且名称一致。
note-person-create-qq =
    1. 在客户端：右上角 +，创建群聊，选择成员，其中必须有本连接的账号。
    2. 打开群设置，群聊名称，填写要求的名称（须完全一致）。
    3. 在群设置里查到群号，用 `adjourn create done` 报上。
    随后会通过本连接的账号查看：必须存在，且名称一致。
note-person-create-wecom =
    1. 在客户端：工作台，客户群（或通讯录，我的客户），创建一个客户群，选择客户。纯内部群如不是本应用所建，应用无法读取。
    2. 打开群设置，填写要求的名称（须完全一致）。
    3. 从 `adjourn scan` 的结果里取新群的标识，用 `adjourn create done` 报上。
    随后会查看该群：必须存在，且名称一致。
note-dingtalk-create-ordinary = 未设置 scene_template 时创建普通内部群。平台对此不接受去重标识：回执丢失后无从得知是否建成，须由人确认。
note-proof-group-read-back = 按群标识或创建时的去重标识读回新群。

error-template-unknown = 配置里没有模板 { $template }。
    .hint = { $known ->
        [none] 请先写一个：[template.{ $template }]，至少有 connection 和 name；写法见 docs/reference/cli.zh-CN.md。
       *[other] 现有模板：{ $known }。
    }
error-template-field = 缺少该模板要求的内容：{ $field ->
        [owner] 群主
        [contact] 群主的联系方式
        [deputy] 副负责人
        [purpose] 用途
        [unit] 所属部门
        [expires_days] 有效天数
        [holds] 群内将存放的内容
       *[name] 名称
    }。
    .hint = 请在命令行补充，例如 `--purpose TEXT`；没有建群。
error-template-characters = 命名规则不允许在{ $field ->
        [owner] 群主姓名
        [purpose] 用途
       *[unit] 所属部门
    }中使用字符 { $character }。
    .hint = 允许各种文字的字母和数字，以及：“{ $allowed }”。没有建群。
error-template-length = 名称“{ $name }”有 { $length } 个字符，该模板最多 { $most } 个。最长的部分是{ $field ->
        [owner] 群主姓名
        [purpose] 用途
        [unit] 所属部门
       *[name] 模板自带的文字
    }。
    .hint = 请缩短；没有建群。
error-template-taken = 已有名为“{ $name }”的群或未完成的创建：{ $by }。
    .hint = 请换用途或部门，或者继续处理已有的那个：`adjourn create ls`，`adjourn show { $by }`。
error-creation-unknown = 没有未完成的创建 { $creation }。
    .hint = `adjourn create ls` 列出尚未完成也未放弃的创建。
error-creation-not_there = 该连接看不到群 { $group }。
    .hint = 请核对群号，以及该连接的账号是否在群内（靠提交列表的平台须先提交新列表）；然后重试 `adjourn create done { $creation }`。
error-creation-other_name = 该群名为“{ $found }”，不是“{ $name }”：不是要求的那个群，或名称写错了。
    .hint = 请在客户端改名后重试 `adjourn create done { $creation }`，或报上另一个群号。
error-creation-registered = 该群已在登记中：{ $group }。
    .hint = 创建只针对新群。请用 `adjourn create drop` 放弃这次创建，或报上另一个群号。
error-creation-refused = 平台拒绝建群（{ $says }）。
    .hint = 请核对群主和成员的账号，以及平台允许的群名；没有建群。
