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
word-transcript-p-itself = 中文
word-transcript-p-title = 聊天记录
word-transcript-p-conversation = 会话
word-transcript-p-search = 搜索全部内容
word-transcript-p-day = 跳到某天
word-transcript-p-language = 语言
word-transcript-p-theme = 外观
word-transcript-p-theme-auto = 跟随设备
word-transcript-p-theme-light = 浅色
word-transcript-p-theme-dark = 深色
word-transcript-p-people = 参与者
word-transcript-p-pages = 页码
word-transcript-p-pages-end = 页码（底部）
word-transcript-p-first = 第一页
word-transcript-p-previous = 上一页
word-transcript-p-next = 下一页
word-transcript-p-last = 最后一页
word-transcript-p-page = 页
word-transcript-p-platform = 平台
word-transcript-p-records = 记录数
word-transcript-p-zone = 时区
word-transcript-p-unknown = 未说明发送者
word-transcript-p-edited = 已编辑
word-transcript-p-mentions = 提到
word-transcript-p-all = 所有人
word-transcript-p-reactions = 表情回应
word-transcript-p-thread = 话题
word-transcript-p-answers = 回复
word-transcript-p-show-answered = 查看被回复的消息
word-transcript-p-show = 在原处查看
word-transcript-p-searching = 正在搜索……
word-transcript-p-found = 找到
word-transcript-p-none = 没有找到
word-transcript-p-made = 由 Adjourn 从归档生成。本页不加载、也不发送任何内容。
word-transcript-p-noscript = 本页用自带的脚本显示消息。请允许此文件运行脚本，或把归档转换成 CSV。

## 错误

error-archive-several = { $file } 有 { $count } 个会话，而这种格式只能容纳一个：{ $says }。
    .hint = 用 `--conversation ID` 指明一个，或改用可容纳多个会话的格式：csv、jsonl、html、rsmf、eml、parquet。
error-archive-conversation = { $file } 中没有会话 { $id }。现有：{ $says }。
    .hint = 请按列出的编号指明。
error-archive-foreign = { $path } 是一个文件夹，但不是转换写出的，因此没有替换。
    .hint = 请换一个位置，或先移走这个文件夹。
