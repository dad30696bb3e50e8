# 成员交来的文件：`import` 命令及其发现、错误，以及靠收件箱读取的平台的说明。

import-messages = { $file }：{ $format }，本群 { $count } 条记录
import-groups = { $file }：{ $format }，{ $count } 个群
import-archive = { $file }：{ $format }，{ $records } 条记录，涉及本连接已扫描的 { $count } 个群
import-left-out = 文件中另有 { $count } 个未扫描的群，其内容及单聊内容一律不留存。
import-image = { $file }：{ $format }
import-span = 自 { $first } 至 { $last }；本地时间按 { $zone } 时区读取。
import-hash = { $bytes } 字节，SHA-256 { $sha256 }
import-stripped = 图片中的设备、地点和时间信息已去除；前后两个哈希均已记录。
import-ended = { $identity } 的客户端在此文件中写明：群主已解散该群。
import-unreadable = 有 { $count } 行无法读取，仍保留在留存的文件中。
import-finding = 第 { $row } 行：{ $says }
import-more = ……另有 { $count } 处发现
members-unknown = 成员未知
import-kept = 文件已作为证据留存。
import-dry = 仅查看，未留存任何内容。

## 格式

word-format-chatlog-csv = chatlog 导出（CSV）
word-format-chatlog-json = chatlog 导出（JSON）
word-format-memotrace-csv = 留痕 MemoTrace 导出（CSV）
word-format-pywxdump-csv = PyWxDump 导出（CSV）
word-format-pywxdump-json = PyWxDump 导出（JSON）
word-format-chatrooms-csv = chatlog 群列表（CSV）
word-format-chatrooms-json = chatlog 群列表（JSON）
word-format-wecom-archive-jsonl = 企业微信会话内容存档
word-format-png = 图片（PNG）
word-format-jpeg = 图片（JPEG）

## 文件中的发现

word-finding-file-truncated = 文件被截断
word-finding-file-no-rows = 没有数据行
word-finding-file-many-groups = 会话过多，未能逐一区分
word-finding-archive-gap = 此行之前有缺号：未及时拉取的记录，或无法读取的记录
word-finding-archive-left-out = 制作文件的人略去了其他会话的记录
word-finding-header-short = 表头比数据行少一列
word-finding-row-columns = 列数与表头不符
word-finding-row-encoding = 文字不是 UTF-8
word-finding-row-extra-column = 比表头多一列
word-finding-row-format = 不是此格式的数据行
word-finding-row-id = 没有编号，或编号无法逐位保留
word-finding-row-id-twice = 编号与前面的行重复
word-finding-row-json = 不是 JSON 对象
word-finding-row-local-time = 本地时间无法读取
word-finding-row-order = 时间早于上一行
word-finding-row-seq = 消息序号与时间不符
word-finding-row-time = 时间无法读取
word-finding-row-time-twice = 该本地时间在时钟上出现过两次，或从未出现
word-finding-row-type = 某列的类型不符
word-finding-row-type-unknown = 未知的消息类型
word-finding-row-users = 成员数超过群的上限
word-finding-row-zone = 按此时区，同一行的两个时间不一致

## 错误

error-upload-format = { $file } 不是可以交来的文件，其开头为：{ $says }
    .hint = 请交来工具导出的原文件，不要用表格软件另存。首行应为下列之一：
        { $expected }
error-upload-encoding = { $file } 不是 UTF-8 编码，似乎是 { $says }。
    .hint = 请重新以 UTF-8 导出；自行转码后的文件不再是工具写出的原件。
error-upload-row_too_long = { $file } 中有一行超出任何工具会写的长度（{ $says }）。
    .hint = 文件已损坏或并非导出文件，请重新导出。
error-upload-empty = { $file } 没有内容。
    .hint = 请按完整时间范围重新导出该群。
error-upload-order = { $file } 的记录不按 seq 排列（{ $says }）。
    .hint = 请按拉取的原样交入，seq 由小到大，每条一次；多次拉取的结果请逐份交入。
error-upload-platform = 这是平台 { $platform } 的文件，而 { $connection } 连接的是另一个平台。
    .hint = `adjourn connect ls` 会列出所有连接；请用 `--connection` 指明该文件所属群的连接。
error-upload-contacts = 不需要联系人列表，也不会留存。
    .hint = 请交来群列表，或某个群的聊天记录。
error-upload-group = 没有说明这份文件属于哪个群。
    .hint = 用 `--group` 指明群；如果是群列表，用 `--connection` 指明接入。
error-upload-identity = 接入 { $connection } 没有身份 { $identity }。
    .hint = `adjourn connect ls` 列出各身份；`--as` 填写导出文件所在客户端的身份。
error-upload-other_group = 这份文件与 { $group } 无关，它属于 { $found }。
    .hint = 请交来正确的群的导出，或改为指明它所属的群。
error-upload-zone = 没有时区 { $zone }。
    .hint = 请写成 `Asia/Shanghai` 或 `+08:00`，即导出时所用电脑的时区。
error-upload-too_large = 文件有 { $bytes } 字节，上限为 { $limit }。
    .hint = 请缩短时间范围，分几次导出并逐一交来。
error-upload-changed = 读取期间文件发生了变化：{ $says }。
    .hint = 请等工具写完后再交一次。

## 没有接口的平台如何办理

note-inbox-chatrooms = 由成员用工具导出群列表并交来；没有人交来的内容即为未知。
note-inbox-export = 由成员用工具导出该群，再用 `adjourn import` 交来；系统逐行读取，并核对表头、条数、时间范围和哈希。
note-inbox-verify = 由事后交来的导出判断：群主解散后，客户端会在每位成员的聊天记录里写下一行系统消息。过期的导出不作数，没有交来即为未知。
note-person-announce-wechat = 请群主打开该群，点右上角 ··· → 群公告，原文发布此公告；再由见证人导出该群，用 `adjourn import` 交来。
note-person-unlink-wechat = 请群主打开该群，点右上角 ··· → 成员列表下的“−”，移出机器人；小程序请在其后台关闭。随后用 `adjourn import` 交来新的群列表。
note-person-transfer-wechat = 请群主打开该群，点右上角 ··· → 群管理 → 群主管理权转让，选择接任人；再由接任人用 `adjourn import` 交来新的群列表。
note-person-dissolve-wechat = 请群主打开该群，点右上角 ··· → 群管理 → 解散群聊，按提示输入群名。“删除并退出”不是解散，它会让别人成为群主。找不到按钮时请先升级客户端。随后由见证人导出该群，用 `adjourn import` 交来。
note-no-freeze = 平台无法让普通成员只读。
note-unknown-export-tools = 成员所用的导出工具能否用于当前版本的客户端：这些工具由第三方制作。
note-proof-inbox-list = 事后交来的群列表显示如此。
note-proof-witness-export = 事后由见证身份交来的导出中，有客户端自己写下的那一行。

## 事件

word-event-upload-received = 收到交来的文件
word-event-list-received = 收到群列表
