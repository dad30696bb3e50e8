# 群台账：组织自己的群清单。

register-title = 共 { $count } 行，按 { $form } 读取。
register-done = 新登记 { $n_new }，有变化 { $n_changed }，无变化 { $n_same }，未登记 { $n_wrong }
register-dry = 没有写入任何内容（--dry-run）。
register-no-contact = 有 { $count } 个群的群主联系不到：联系方式为空。
register-problem = 第 { $line } 行：{ $says }

note-ledger-empty = “{ $column }”一栏为空。
note-ledger-nameless = 这一行既没有群名也没有群号。
note-ledger-long = “{ $column }”一栏超过 { $limit } 个字。
note-ledger-control = “{ $column }”一栏含有无法显示的字符。
note-ledger-cells = 这一行有 { $count } 格，表头只有 { $expected } 格。
note-ledger-kind = “{ $given }”不是已知的群类型：普通、企业、教育、交易、外部客户。
note-ledger-class = 策略中没有重要级别“{ $given }”。
note-ledger-connection = 没有通向“{ $given }”的接入。
note-ledger-duplicate = 与第 { $first } 行是同一个群。
note-ledger-destroyed = 这个群的密钥已销毁，不能再登记。

error-ledger-size = 台账太大：最多 { $lines } 行、{ $megabytes } MB。
    .hint = 请拆分；没有登记其中任何内容。
error-ledger-encoding = 台账既不是 UTF-8 也不是 GBK，无法确定其中的文字。
    .hint = 请另存为“CSV UTF-8”或 .xlsx；没有登记其中任何内容。
error-ledger-header = 台账的表头有不认识或重复的列：{ $columns }。
    .hint = 应有 { $expected }；还可以有群ID、类型、用途、副群主、副群主联系方式、部门、涉及数据、到期日、退出方案。没有登记任何内容，因为读不懂的列可能正是要紧的那一列。
error-ledger-columns = 台账缺少列：{ $columns }。
    .hint = 应有 { $expected }。联系方式与重要级别的单元格可以为空，列不能缺。
error-ledger-form = 这个文件不是可以读取的表格。
    .hint = 请给出 .csv 或 .xlsx 文件；旧的 .xls 请先另存为 .xlsx。没有登记任何内容。
error-ledger-connections = 有两个接入都通向{ $platform }：{ $connections }。
    .hint = 用 `--connection` 指明台账属于哪一个。
