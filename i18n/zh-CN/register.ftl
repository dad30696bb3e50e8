# 资产登记：用参数登记一个群、离职人员、视图、续期。

register-one-new = { $group } 已登记。
register-one-changed = { $group } 的登记内容已更新。
register-one-same = 登记内容已经如此。
register-more = ……另有 { $count } 条；用 `--json` 可看到全部。

leavers-title = 共 { $count } 人离职，按 { $form } 读取。
leavers-done = 新增待接任 { $n_new }，已在册 { $n_known }，名下无群 { $n_nothing } 人，存疑 { $n_doubtful } 人，未采用 { $n_wrong } 行
leavers-owed = { $name }：{ $leaver }（{ $role }）离职，须在 { $due } 前确定接任人
leavers-by-account = 由平台账号查得，登记中没有这个群
leavers-still-owner = { $group }：登记中已另有其人，但平台仍显示离职者的账号 { $account } 为群主
leavers-doubtful = 第 { $line } 行：{ $name } 没有对上；有 { $count } 个群的群主或副群主同名但联系方式不同。在有人核对之前，不为其登记待接任。
leavers-nothing = 第 { $line } 行：就目前所知，{ $name } 不是任何群的群主或副群主
leavers-active = 名单中有 { $count } 人仍在职。
leavers-unlisted = 目录中还有 { $count } 人没有列出，请取下一页。
owed-proposed = 建议：{ $name }

ls-view-none = 这个视图中没有群。
ls-unregistered = 未登记
ls-expires = 到期日 { $day }
ls-expires-renewed = 到期日 { $day }，由 { $by } 于 { $at } 续期
ls-owed = { $leaver }（{ $role }）离职，须在 { $due } 前确定接任人

scan-unregistered = 有 { $count } 个群未登记。
scan-settled = 有 { $count } 个群已显示新的群主，所欠的接任人已到位。
scan-owner-changed = { $group }：群主原为 { $before }，现为 { $after }
scan-vanished = { $group } 以前见过，这次没有列出。这不能证明它已消失。

renew-done = { $group } 续期至 { $day }。

word-register-role-owner = 群主
word-register-role-deputy = 副群主
word-event-successor-owed = 待接任
word-event-renewed = 已续期

note-ledger-deputy = 填了副群主的联系方式，却没有副群主。
note-ledger-holds = “{ $given }”不是已知的涉及数据：个人信息、商业秘密、交易凭证，或无。
note-ledger-date = “{ $given }”不是日期。请写成 2026-12-31；表格里的数字只有在单元格设为日期格式时才算日期。
note-ledger-date-calendar = 日历上没有 { $given } 这一天。
note-ledger-date-years = { $given } 不像是真正要填的日期：只接受 { $first } 年至 { $last } 年。
note-ledger-merged = 这一行在合并单元格 { $range } 之下，其中只有一格有值。请拆分并逐格填写。
note-ledger-formula = 单元格 { $cell } 是没有结果的公式：文件在计算之前就保存了。请打开后重新保存，或直接填入值。
note-ledger-formula-text = “{ $column }”一栏是公式而不是值：{ $given }
note-ledger-cell-error = 单元格 { $cell } 的公式出错：{ $says }
note-leavers-duplicate = 与第 { $first } 行是同一个人。
note-leavers-resource = 这一条不是 SCIM 的 User。
note-leavers-active = 这一条没有说明此人是否在职；不会因为没有说明就当作离职。
note-leavers-nameless = 此人已离职，但名单中没有姓名。

error-ledger-header_cell = 表头不可信：{ $why }
    .hint = 请让每一列的名称各占一格；没有采用任何内容。
error-leavers-size = 离职名单太大：最多 { $lines } 行、{ $megabytes } MB。
    .hint = 请拆分；没有采用其中任何内容。
error-leavers-encoding = 离职名单既不是 UTF-8 也不是 GBK，无法确定其中的文字。
    .hint = 请另存为“CSV UTF-8”或 .xlsx；没有采用其中任何内容。
error-leavers-header = 离职名单的表头有不认识或重复的列：{ $columns }。
    .hint = 应有 { $expected }；还可以有账号、平台、离职日期。没有采用任何内容。
error-leavers-columns = 离职名单缺少列：{ $columns }。
    .hint = 应有 { $expected }。联系方式的单元格可以为空，列不能缺。
error-leavers-form = 这个文件既不是离职人员的表格，也不是目录的答复。
    .hint = 请给出 .csv 或 .xlsx 文件，或 SCIM 2.0 的 ListResponse、User 的 JSON。没有采用任何内容。
error-register-flag = { $flag } 无法采用：{ $why }
    .hint = 没有写入任何内容。`adjourn register --help` 说明每个参数的取值。
error-register-owner = 还没有人说明 { $group } 的群主是谁。
    .hint = 请用 `--owner` 指明群主；没有写入任何内容。
error-register-deputy = 没有副群主，无法记录其联系方式。
    .hint = 请用 `--deputy` 指明副群主；没有写入任何内容。
error-register-over = { $group } 已核实消失，不必再有人照管。
    .hint = `adjourn show { $group }` 说明它是怎样结束的。
error-renew-unregistered = { $group } 未登记，没有可以续期的到期日。
    .hint = 请先登记：`adjourn register { $group } --owner 姓名 --contact 联系方式`。
error-renew-until = { $until } 不能作为到期日：须在 { $earliest } 至 { $latest } 之间。
    .hint = 请另选一天；没有写入任何内容。
error-renew-length = “{ $given }”不是一段时间。
    .hint = 请写成 90d、6m 或 1y。
error-renew-answer = 答复超过 { $limit } 个字。
    .hint = 请缩短；没有写入任何内容。

renew-asked = 已为 { $count } 位群主生成链接，{ $until } 前有效。
renew-asked-nobody = 有 { $count } 个群没有可以询问的群主：没有联系方式，或群主离职。
renew-asked-answered = 有 { $count } 个群的群主已答复不再需要或不归其负责，由人决定。
ls-answered = 群主 { $at } 答复：{ $word }
word-renewal-needed = 仍需要
word-renewal-not-needed = 不再需要
word-renewal-not-mine = 不归我负责
word-event-renewal-asked = 询问群主是否仍需要
word-event-renewal-answered = 群主已答复

renewal-title = 这些群还需要吗？
renewal-hello = { $name }，登记显示您是这些群的群主，它们即将到期。无需账号：本页只供您使用。
renewal-ends-nothing = 任何答复都不会解散群。不再需要的，会有人与您联系如何收尾。
renewal-purpose = 用途：{ $purpose }
renewal-no-day = 没有登记到期日
renewal-question = 还需要吗？
renewal-needed = 仍需要
renewal-until = 到这一天为止
renewal-not-needed = 不再需要
renewal-not-mine = 不归我负责
renewal-text = 想补充的话（可不填）
renewal-send = 提交
renewal-answered-needed = 您已答复：需要到 { $day }。
renewal-answered-not-needed = 您已答复：不再需要。
renewal-answered-not-mine = 您已答复：不归我负责。

error-renew-answered = { $group } 没有在等这个答复：已经答复、已经续期，或群主已换人。
    .hint = 请重新打开页面查看。
