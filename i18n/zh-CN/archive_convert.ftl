# 把存档写成其他工具能读的格式：`archive convert` 及其错误。

archive-convert-written = 共 { $records } 条记录，{ $conversations } 个会话，{ $files } 个文件：{ $path }

error-archive-several = 这种格式只装一个会话，而这里有多个：{ $says }。
    .hint = 用 `--conversation ID` 选一个。
error-archive-foreign = { $path } 是一个文件夹，但不是转换写出的，因此没有替换。
    .hint = 请换一个位置，或先移走这个文件夹。
error-archive-conversation = 里面没有会话 { $conversation }。
    .hint = 不加 `--conversation` 导出 `--to csv`，Talker 一列会列出全部会话。
