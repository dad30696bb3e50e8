# 去标识化：归档记录的去标识化副本，以及可能遗留内容的报告。

redact-done = 读取 { $count } 行，其中 { $touched } 行含有标识符。副本在 { $out }：已去标识化，不是匿名化。
redact-dry = 读取 { $count } 行，其中 { $touched } 行含有标识符。没有写入任何文件。
redact-kind = { $name }：找到 { $found } 处（确定 { $certain }，可能 { $likely }），互不相同 { $distinct } 个；校验位不符而保留 { $rejected } 处
redact-whole = 发送者和账号：替换 { $count } 处
redact-dropped = 平台原始数据和头像：去掉 { $count } 处，因为无法检查其中内容
redact-left = 七位以上、不属于以上各类而保留的数字：{ $count } 处
redact-not-covered = 不查找：
redact-key-new = 假名的新密钥在 { $path }。请与副本分开保存：两者都拿到的人就能认出每个人。
redact-key-known = 假名使用 { $path } 中的密钥：同一个人的假名与此前用它制作的副本相同。
redact-imported = 从{ $format }的 { $rows } 行中取出 { $records } 条消息；{ $unreadable } 行无法读取，只在原件中。过程中没有写入含标识符的中间文件。
redact-format-kept = 副本中的号码和邮箱是虚构的，仅保留格式：手机号以 11 开头，固定电话以 01 或 1 开头，身份证号以 99 开头，银行卡号和 QQ 号以 0 开头，邮箱以 .invalid 结尾。没有人使用这些号码。
redact-members = 已知 { $people } 人，其中 { $learned } 人由归档本身得知。有 { $shared } 个名字属于多个人，{ $unusable } 个太短无法查找。
redact-no-members = 没有成员名单：没有发言的人只能靠姓氏和上下文查找。用 `--members FILE` 可按每个名字找到每个人。
redact-fault = 第 { $number } 行未写入：{ $what }
redact-faults-more = 另有 { $count } 行
redact-original = 原文已加密封存于 { $path }，{ $count } 个接收方可用各自的密钥打开。
redact-report-written = 报告在 { $path }。

word-redact-kind-mobile = 手机号
word-redact-kind-landline = 固定电话
word-redact-kind-resident-id = 居民身份证号
word-redact-kind-card = 银行卡号
word-redact-kind-credit-code = 统一社会信用代码
word-redact-kind-passport = 护照号
word-redact-kind-permit = 通行证号
word-redact-kind-plate = 车牌号
word-redact-kind-email = 邮箱
word-redact-kind-ip = 网络地址
word-redact-kind-link = 带密钥的链接
word-redact-kind-wechat = 微信号
word-redact-kind-qq = QQ 号
word-redact-kind-address = 通信地址
word-redact-kind-person = 姓名

word-redact-fault-no-json = 不是 JSON
word-redact-fault-no-utf8 = 不是 UTF-8
word-redact-fault-too-long = 超过 16 MiB

word-redact-gap-pictures-voice-and-files = 图片、语音和文件
word-redact-gap-names-without-context-and-surname = 没有姓氏也没有上下文的名字
word-redact-gap-nicknames-that-are-not-listed = 名单上没有的昵称
word-redact-gap-addresses-without-road-or-place = 没有路名或地名的地址
word-redact-gap-meaning-that-identifies = 只有某个人才会说的内容
word-redact-gap-identifiers-over-several-messages = 分成几条消息发送的标识符

## 错误

error-redact-exists = { $file } 已经存在。
    .hint = 换一个名字，或用 `--force` 替换。没有写入任何内容。
error-redact-same = { $file } 就是原件。
    .hint = 副本从不代替原件。请换一个名字；没有写入任何内容。
error-redact-busy = 另一个进程正在写入 { $file }。
    .hint = 请等它结束后再试。
error-redact-form = 给出的内容不是按行的 JSON 消息（{ $says }）。
    .hint = 每行应为一个 JSON 对象，至少有 `text`，可以用 zstd 压缩。请先解包；没有写入任何内容。
error-redact-compressed = 压缩的输入被截断或已损坏：{ $says }
    .hint = 请重新获取，或用 `zstd --test` 检查。没有写入副本，因为无法知道缺了什么。
error-redact-members = 无法读取成员名单：{ $says }
    .hint = 每行一个名字，或带表头的表格（UTF-8 或 GBK 的 CSV、XLSX），例如：姓名、别名、账号。没有写入任何内容。
error-redact-scope = 范围名应为 1 到 { $limit } 个字母、数字、`-`、`_` 或 `.`，且不以点开头。
    .hint = 请为 `--scope` 换一个名字；没有写入任何内容。
error-redact-key = { $file } 不是密钥：应为 64 位十六进制数字。
    .hint = 给出一个不存在的文件名，就会在其中生成密钥。没有写入任何内容。
error-redact-export = { $file } 是其他工具的导出，无法读到结尾（{ $says }）。
    .hint = `adjourn archive import` 会给出详细原因。没有写入副本。
error-redact-partly = 有 { $count } 行无法读取，没有写入副本。
    .hint = 报告按行号列出它们。原件中仍有这些行；原件没有任何改动。
