# 把归档转换成其他工具的格式：`archive convert`、转出文件中的用语及其错误。

archive-convert-read = { $file }：{ $records } 条记录
archive-convert-written = 已写入：{ $path }（{ $records } 条记录）
archive-convert-files = 共 { $files } 个文件。
archive-convert-left-out = 未写入其他会话的 { $count } 条记录。
archive-convert-reading = 已读 { $count } 条记录
archive-convert-writing = 已写 { $count } / { $of } 条记录

## 转出文件中的用语

word-transcript-image = 图片
word-transcript-voice = 语音
word-transcript-video = 视频
word-transcript-file = 文件
word-transcript-sticker = 表情
word-transcript-link = 链接
word-transcript-app = 应用卡片
word-transcript-location = 位置
word-transcript-contact = 名片
word-transcript-red-packet = 红包
word-transcript-transfer = 转账
word-transcript-call = 通话
word-transcript-poll = 投票
word-transcript-forward = 合并转发
word-transcript-poke = 拍一拍
word-transcript-other = 其他
word-transcript-edit = 修改后的内容
word-transcript-redaction = 删除消息
word-transcript-reaction = 表情回应
word-transcript-system = 系统消息
word-transcript-undecryptable = 无法解密
word-transcript-recalled = 已撤回

## 错误

error-archive-several = { $file } 有 { $count } 个会话，而这种格式只能容纳一个：{ $says }。
    .hint = 用 `--conversation ID` 指明一个，或改用可容纳多个会话的格式：csv、jsonl、html、rsmf、eml、parquet。
error-archive-conversation = { $file } 中没有会话 { $id }。现有：{ $says }。
    .hint = 请按列出的编号指明。
error-archive-foreign = { $path } 是一个文件夹，但不是转换写出的，因此没有替换。
    .hint = 请换一个位置，或先移走这个文件夹。
