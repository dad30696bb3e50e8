# 用其他工具的导出文件制作归档：`archive import` 及其格式、发现与错误。

archive-import-read = { $file }：{ $format }，{ $rows } 行
archive-import-counts = { $records } 条记录，{ $conversations } 个会话，{ $participants } 名参与者
archive-import-unreadable = { $count } 行无法读取；原导出文件未被改动，这些行仍在其中。
archive-import-cut = 导出文件没有到头，或缺少一部分。
archive-import-written = 已写入：{ $path }
archive-import-dry = 只查看，未写入任何内容。
archive-import-progress = 已读 { $read } / { $of } MiB

## 格式

word-format-memotrace-session-csv = MemoTrace，单个会话，CSV
word-format-weflow-json = WeFlow 或 echotrace，JSON
word-format-qq-exporter-json = QQ Chat Exporter，JSON
word-format-qq-exporter-chunks = QQ Chat Exporter，分块
word-format-chatlab-json = ChatLab，JSON
word-format-chatlab-jsonl = ChatLab，JSON 行
word-format-discord-json = DiscordChatExporter，JSON
word-format-slack-export = Slack，工作区导出
word-format-telegram-json = Telegram Desktop，JSON
word-format-mattermost-jsonl = Mattermost，批量导出
word-format-zulip-export = Zulip，组织导出
word-format-matrix-json = Matrix，房间事件
word-format-archive-jsonl = 归档
word-format-archive-bag = 归档文件夹

## 发现

word-finding-file-broken = 从某处起不再是有效的 JSON
word-finding-file-part-missing = 导出文件列出的一个文件不在
word-finding-file-part-unlisted = 另读取了一个导出文件未列出的文件
word-finding-file-fewer-rows = 一个文件的行数少于导出文件所说
word-finding-file-ids-unchecked = 行数过多，未能核对编号是否各出现一次
word-finding-file-reactions-left-out = 表情回应超过可保留的数量，其后的未计入
word-finding-file-attachments-left-out = 附件超过可保留的数量，其后的只见于消息文字
word-finding-row-too-long = 超出任何工具会写的长度
word-finding-row-time-odd = 时间早于 1970 年或晚于 2099 年
word-finding-row-conversation-unknown = 没有说明属于哪个会话

## 错误

error-archive-exists = { $path } 已存在，没有写入任何内容。
    .hint = 请换一个文件名，或用 `--force` 覆盖。
error-upload-package = { $file } 是压缩包，但无法读到结尾：{ $says }。
    .hint = 请重新导出或复制。如果压缩包完好，请解压后指明文件夹。
error-upload-place = { $file } 中有一项会落到包外，或是链接、已加密、重复出现：{ $says }。
    .hint = 没有工具会写出这样的压缩包。在别处打开之前，请先查明来源。
error-upload-packed = { $file } 是用 { $says } 打包的。
    .hint = 请先解包，再指明解出的文件夹或文件。zip 文件和 tar 文件（包括 gzip 压缩的）可以直接读取。
error-upload-incomplete = { $file } 缺少 { $says }。
    .hint = 请指明工具写出的整个文件夹或压缩包。
