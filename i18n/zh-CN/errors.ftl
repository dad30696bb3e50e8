# 每个错误代码一条:error-<代码中的 . 换成 ->,.hint 说明怎么办。
# 句子讲发生了什么、什么仍然安全；提示讲下一步做什么。

## 命令行、配置、安装

error-usage = 无法理解这条命令：{ $what }。
    .hint = 运行 `adjourn { $verb } --help` 查看用法。
error-config-unknown_key = 配置文件 { $file } 中有不存在的配置项：{ $key }。
    .hint = 请检查拼写；程序不会带着一个会被忽略的设置启动。
error-config-invalid = 配置项 { $key } 的值无效：{ $what }。
    .hint = 请在 { $file } 中改正，然后运行 `adjourn doctor`。
error-config-missing = 缺少配置项 { $key }。
    .hint = 请把它写入 { $file }，或在命令行中给出。
error-data-locked = { $path } 中的数据正被另一个散群进程使用。
    .hint = 请先停止那个进程，或通过它来执行本命令；没有做任何改动。
error-data-version = { $path } 中的数据由版本 { $found } 写入，本程序最高只能读取版本 { $known }。
    .hint = 请使用更新版本的程序；数据保持原样。
error-disk-full = { $path } 的剩余空间不足，无法安全地继续。
    .hint = 请腾出空间后再次运行同一条命令，它会从中断处接着办。
error-io = 读写 { $path } 失败：{ $what }。
    .hint = 请确认该路径存在且可读写，然后再次运行。
error-journal-conflict = 同一时刻有他人改动了 { $stream }，因此本次没有写入。
    .hint = 用 `adjourn show` 查看最新状态，如仍有必要再重复本命令。
error-journal-corrupt = 日志在第 { $seq } 条处对不上：该条或其之前的链被改动或损坏。
    .hint = 请用 `adjourn stop-all` 停止对这份数据的操作，原样留一份副本，再恢复一份能通过校验的备份。

## 操作人

error-principal-missing = 本命令需要知道由谁操作，但尚未设置任何操作人。
    .hint = 用 `adjourn principal add 名称` 新建操作人，同时会生成签名密钥。
error-principal-unknown = 没有操作人 { $principal }。
    .hint = 用 `adjourn principal ls` 查看现有操作人。
error-principal-exists = 操作人 { $principal } 已存在。
    .hint = 请换一个名称；过往的复核以该名称为准，因此操作人不会被替换。
error-principal-key = 无法使用 { $principal } 的签名密钥：{ $what }。
    .hint = 请检查 `--keys` 指定的目录；任何人都不能替他人签名。

## 群与案件

error-group-unknown = 登记簿中没有群 { $group }。
    .hint = 用 `adjourn ls` 查找，或用 `adjourn register` 登记。
error-group-ambiguous = { $group } 对应 { $n_found } 个群。
    .hint = 请使用短码或平台自己的群号；`adjourn ls` 两者都会列出。
error-case-unknown = 没有案件 { $case }。
    .hint = 用 `adjourn ls --cases` 查看所有案件。
error-case-state = 案件 { $case } 处于“{ $state }”状态，不允许此操作。
    .hint = `adjourn why { $case }` 会说明它在等什么、可以做什么。

## 方案与复核

error-plan-stale = 案件 { $case } 的方案已失效：方案生成之后，{ $what }发生了变化。
    .hint = 请用 `adjourn plan` 重新生成方案；对旧方案的复核不会沿用。
error-plan-edited = 案件 { $case } 的方案与其哈希不符。
    .hint = 方案不可修改；请用 `adjourn plan` 重新生成。
error-plan-blocked = 方案无法提交：{ $what }。
    .hint = 请先清除 `adjourn why { $case }` 列出的阻塞项，再重新生成方案。
error-plan-empty = { $group } 没有需要做的事，因此没有生成方案。
    .hint = `adjourn show { $group }` 会显示该群目前的状态。
error-approval-self = 案件 { $case } 由您发起，您不能复核自己的申请。
    .hint = 请由另一位有复核角色的操作人复核。
error-approval-duplicate = { $principal } 已对本方案作出决定。
    .hint = 第二份复核须由另一位操作人给出。
error-approval-role = 本次复核需要{ $role ->
        [business] 业务岗
        [compliance] 合规岗
        [admin] 管理员
       *[other] “{ $role }”角色
    }，而 { $principal } 不具备。
    .hint = 请由具备该角色的操作人复核；`adjourn principal ls` 会列出各人的角色。
error-approval-needed = 案件 { $case } 的这份方案还差 { $count } 人复核。
    .hint = 复核人用 `adjourn approve { $case }` 同意；`adjourn why { $case }` 会说明还差谁。
error-approval-signature = { $principal } 的签名与本方案不符。
    .hint = 该复核已被拒收；请用本人的密钥重新复核。

## 法律保留与确认

error-hold-active = { $group } 处于法律保留 { $hold } 之下，既不能解散，也不能销毁。
    .hint = 只有设置者以外的人才能解除保留；见 `adjourn hold ls`。
error-hold-unknown = 没有法律保留 { $hold }。
    .hint = 用 `adjourn hold ls` 查看。
error-hold-self_lift = 法律保留 { $hold } 由您设置，您不能自行解除。
    .hint = 请由另一位合规岗操作人解除。
error-confirm-needed = 此操作不可撤回，须键入短码确认。
    .hint = 请再看一遍方案，然后加上 `--confirm { $code }`。
error-confirm-mismatch = 键入的短码不是 { $group } 的短码。
    .hint = 请用 `adjourn show { $group }` 核对名称、平台和群主；没有执行任何操作。

## 接入

error-connection-unknown = 没有接入 { $connection }。
    .hint = 用 `adjourn connect ls` 查看，或用 `adjourn connect add` 添加。
error-connection-exists = 接入 { $connection } 已存在。
    .hint = 请换一个名称，或先移除原有的接入。
error-connection-auth = { $platform } 拒绝了 { $connection } 的登录。
    .hint = 请检查凭据，然后运行 `adjourn connect test { $connection }`。
error-connection-expired = { $connection } 的授权已过期。
    .hint = 请用 `adjourn connect add` 重新授权；进行中的执行会等待，之后接着办。
error-connection-permission = { $connection } 在 { $platform } 上缺少权限：{ $permission }。
    .hint = 请平台管理员授予该权限，然后运行 `adjourn connect test { $connection }`。
error-connection-network = 无法连通 { $host }：{ $what }。
    .hint = 请用 `adjourn doctor` 检查网络与代理；没有收到答复的调用一律视为未知，先核实再处理。
error-connection-tls = 无法与 { $host } 建立安全连接：{ $what }。
    .hint = 请检查系统时钟与证书；证书校验不能关闭。
error-connection-protocol = { $platform } 的答复与平台档案不符：{ $what }。
    .hint = 程序没有据此下任何结论。请查看 `adjourn facts { $platform }`，并反馈差异。
error-connection-url = 地址 { $url } 不可用：{ $what }。
    .hint = 请给出以 https:// 开头的完整地址，且其中不要带密码。
error-connection-rate_limited = { $platform } 限频，要求等待 { $n_seconds } 秒。
    .hint = 无需处理：执行会等待，然后自动继续。
error-capability-unsupported = { $platform } 不支持对这一类型的群进行“{ $operation }”。
    .hint = `adjourn facts { $platform }` 会给出依据和替代办法。

## 记录

error-export-incomplete = { $group } 的导出不完整：缺少 { $n_missing } 条。
    .hint = 该群保持原状。请再次运行 `adjourn export { $group }`，或在复核中认可这一缺口。
error-seal-failed = { $group } 的归档未能存证：{ $what }。
    .hint = 该群保持原状：存证回读通过之前，不会做任何不可撤回的事。
error-timestamp-failed = 时间戳机构 { $authority } 没有给出有效的可信时间戳：{ $what }。
    .hint = 存证已保留，之后补盖时间戳；在此之前，时间证明只以我方日志为据。
error-timestamp-unconfigured = 策略要求可信时间戳，但没有配置时间戳机构。
    .hint = 请在配置中设置 `timestamp.url`，然后运行 `adjourn doctor`。

## 步骤、执行、观察

error-step-unknown = 案件 { $case } 中没有步骤 { $step }。
    .hint = `adjourn show { $case }` 会列出全部步骤。
error-step-evidence = 不能凭这份证据办结步骤 { $step }：{ $what }。
    .hint = 请用 `--evidence FILE` 提供能看出结果的截图或文件。
error-run-active = { $group } 已有一个执行正在进行。
    .hint = 用 `adjourn watch { $case }` 查看；一个群同一时间只有一个执行。
error-run-human = 案件 { $case } 的步骤 { $step } 须由人工完成。
    .hint = 请按 `adjourn why { $case }` 的指引操作，完成后运行 `adjourn step done { $case } { $step } --evidence FILE`。
error-observed-not_gone = 经观察，{ $group } 并未消失：{ $verdict }。
    .hint = 不会出具证明。用 `adjourn watch { $case }` 查看它还在哪里可见。

## 证据包与校验

error-bundle-missing = { $path } 处没有证据包。
    .hint = `adjourn show { $case }` 会给出证据包的路径。
error-bundle-invalid = { $path } 不是本程序能读取的证据包：{ $what }。
    .hint = 请从生成之处重新复制；损坏的副本不能证明任何事。
error-verify-failed = 证据包未通过校验：{ $count } 项检查不合格。
    .hint = 每条结果都指明了文件；在弄清原因之前，请勿依据这个证据包。
error-key-destroyed = { $group } 的密钥已销毁，其内容无法再读取。
    .hint = 这正是销毁的目的；链和日志仍可校验。

## 平台知识

error-platform-unknown = 没有平台 { $platform }。
    .hint = 已知的平台：{ $known }。
error-facts-unknown = 关于 { $platform } 的“{ $topic }”没有记录。
    .hint = 没有记录不等于没有。请自行核实，或在平台档案中补充带日期的来源。

## 其他

error-stopped = 自 { $since } 起，所有执行已被 `stop-all` 停止。
    .hint = 原因消除后，由管理员用 `adjourn resume --all` 恢复。
error-internal = 散群自身出错：{ $what }。
    .hint = 已记录的内容是安全的。请附上 `adjourn doctor` 的输出反馈此问题。
