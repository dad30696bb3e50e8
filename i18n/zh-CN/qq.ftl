# QQ 连接器用代码给出的文字。键的种类与 notes.ftl、errors.ftl 相同。

note-qq-leave-dissolves = 该账号是群主；在官方客户端上，群主“退群”即解散，因此绝不会发出单纯的退群。返回成功不作数：要由见证账号收到解散事件且群从其列表消失才算。若未出现，改由人工解散。
note-qq-freeze-unread = 该实现不提供全员禁言状态，冻结后无法读回核对。
note-qq-no-groups = 该账号不在任何群中。
note-qq-restore-in-drills = “恢复QQ群”功能已于 2023 年 10 月下线，只有按公布规则进行的演练才会恢复群。
note-residue-qq-bot-logs = 机器人随群停止；与它们的交互日志仍留在其运营者处。
note-residue-qq-wallet = 钱包交易另行保存，与群无关。
note-unknown-qq-server-copies = 平台服务器将已解散群的消息与文件保留多久，外人无从得知。
note-proof-notice-read-back = 从群公告栏读回公告，还原换行与转义后，与发出的文字一致。
note-proof-qq-disband-seen = 另一账号收到解散事件，且其不经缓存的群列表中已没有该群。
note-proof-qq-listed-again = 该群重新出现在账号不经缓存的群列表中。

error-event-forged = 自称来自平台的推送没有有效签名。
    .hint = 内容未被读取。请核对双方的密钥是否一致；若反复出现，说明有他人知道该地址。
