# 归档：有哪些、查阅、封存与打开。

archive-ls-none = { $folder } 中还没有归档。案件会把原件留在那里；副本放在其中的 `copies` 文件夹。
archive-ls-row = { $count } 条消息，{ $bytes } 字节，{ $span }
archive-found = { $name }：在 { $rows } 条消息中找到 { $count } 条
archive-found-more = { $name }：在 { $rows } 条消息中，列出最新的 { $count } 条，还有更多
archive-no-index = 无法在 { $place } 写入索引，改为通读整个文件。
archive-bad-lines = { $name }：{ $count } 行不是归档内容，已跳过，第一处是第 { $first } 行
archive-edited = 已编辑
archive-recalled = 已撤回
archive-page-empty = { $archive } 在此处没有内容。
archive-page-end = { $archive } 到此为止。
archive-sealed = 已封存给 { $count } 个接收方：{ $file }。内容的 SHA-256：{ $sha256 }
archive-opened = 已取出 { $bytes } 字节：{ $file }。该文件为明文。

word-archive-state-original-sealed = 原件，已封存
word-archive-state-original-plain = 原件，明文
word-archive-state-unreadable = 原件，密钥已销毁
word-archive-state-deidentified = 去标识化副本
word-archive-state-anonymised = 匿名化副本
word-archive-state-unchecked = 密钥已销毁、未经检查的副本
word-archive-state-unknown = 副本，没有报告
word-record-message = 消息
word-record-edit = 编辑
word-record-redaction = 删除
word-record-reaction = 回应
word-record-system = 系统
word-record-undecryptable = 无法解密
word-record-other = 其他
word-reading-search = 检索
word-reading-show = 翻阅
word-reading-open = 取出
word-event-original-read = 查阅原件

## Errors

error-archive-unknown = 没有归档 { $archive }。
    .hint = `adjourn archive ls` 以 案件/群 列出原件；其他写法视为文件名。
error-archive-none = { $folder } 中没有可检索的副本。
    .hint = 请写明文件或原件，或把去标识化副本放在那里：`adjourn redact IN --out COPY`。
error-archive-query = 没有可检索的内容，或内容过多。
    .hint = 可检索字母、数字和汉字，最多 64 个词。单独的符号不在索引中。
error-archive-time = { $flag }：{ $typed } 不是时间。
    .hint = 请写日期（2026-03-01）或带时区的时间（2026-03-01T09:00:00+08:00）。
error-archive-message = { $archive } 中没有编号为 { $id } 的消息。
    .hint = 编号见 `archive search … --json`；不知道编号时用 `--at TIME` 翻到某一页。
error-archive-form = { $file } 不是归档：没有一行是消息，第 { $line } 行无法读取。
    .hint = 应为 JSON 行，每行至少有 `text`，明文或 zstd 均可。
error-archive-broken = { $file } 不完整或已损坏：{ $says }
    .hint = 请用 `zstd -t` 检查，或重新获取。文件不能读到末尾时，不给出任何结果。
error-archive-busy = 另一个进程正在建立索引 { $file }。
    .hint = 请等它结束后再试。
error-archive-changed = { $file } 在读取期间发生了变化。
    .hint = 请等到没有程序写入后再试。没有保留索引。
error-archive-index = 索引无法使用：{ $says }
    .hint = 请删除以 `.idx` 结尾的文件，它会重新建立。归档本身没有改动。
error-archive-sealed = { $file } 已封存。
    .hint = 用 `adjourn archive open FILE --identity IDENTITY --out OUT` 打开，任何人的 `age -d` 也可以。
error-archive-sealed_form = { $file } 无法打开，内容被改动或不完整：{ $says }
    .hint = 请与其哈希核对，并从另一份副本重新获取。没有保留任何内容。
error-archive-sealed_others = { $file } 封存给了其他接收方，所给的身份都不能打开它。
    .hint = `--identity` 指向 age-keygen 写出的文件。群的密钥一旦销毁，封存给它的内容谁也无法打开。
error-archive-identity = 没有可用来打开 { $file } 的身份。
    .hint = 请用 `--identity FILE` 给出含有 AGE-SECRET-KEY-1… 的文件，即 age-keygen 写出的文件。
error-archive-recipient = 无法封存：{ $says }
    .hint = 接收方形如 age1…，最多 20 个；`age-keygen -y IDENTITY` 显示某个身份对应的接收方。
error-archive-no_key = 本安装没有能打开 { $group } 原件的密钥。
    .hint = 密钥在执行案件的安装上。那里的密钥文件夹中有 `k/{ $group }.recover.age`，组织的身份可以打开它。
