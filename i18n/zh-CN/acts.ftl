# 不结束群的动作：退出，以及它与容易混淆的几件事的区别。另有只作计数的内容：每月恢复次数。

word-step-leave = 退出（一个账号离开，群继续存在）
word-op-leave = 退出
word-state-left = 已退出（群继续存在）
word-ending-left = 已退出
note-acts-apart = 四件事并不相同。已解散：群对所有人结束，并经核验。已退出：一个账号离开，群继续存在，什么也没有结束。已清空：群还在，里面没有人。已隐藏：只是列表里不显示，一切照旧。
note-willnot-end-by-leaving = 不会解散该群：只有写明的账号离开。成员、记录、关联应用和群主都保持原样。
note-blocker-not-in = 账号 { $who } 不在群内，无从退出。请用 --account 指定在群内的账号。
note-blocker-last-member = 群里没有其他人：退出后只剩空群，既不是退出，也不是解散。请改为规划群的终结（`adjourn plan`）。
note-blocker-leave-witness = 没有第二个账号能查看：账号一旦退出，就再也看不到成员列表，没有办法证明它已离开。请给该连接添加一个在群内的见证账号（`adjourn connect`）。
note-person-leave = 用方案写明的账号在客户端打开该群并退出（选“退出群聊”，不是“解散群聊”，也不是“删除聊天”）。如果客户端提示解散或要求先转让，请停下：说明该账号是群主，这就不是退出。完成后上传能看出结果的截图。
note-proof-member-list = 由另一个账号读取的成员列表
note-contingency-leave = { $step }：账号仍在群内。什么也没有结束；请重新读取成员列表，再由人在客户端退出。
note-copy-rewritten = 平台改写了空格、换行或字符宽度；文字一个不少。
note-copy-truncated = 平台截断了公告：{ $of } 个字符只剩 { $kept } 个。这不算公告。
note-copy-edited = 平台上的文字与发送的不同：从第 { $at } 个字符起有差别。它后来被编辑过，或者是另一段文字。
progress-again = 平台没有答复（{ $code }）；{ $seconds } 秒后再问，第 { $attempt } 次，共 { $of } 次
restore-quota = 连接 { $connection } 的账号本月已恢复 { $used } / { $of } 次；下个月从 { $until } 起算。
