# 每个错误代码一条：error-<代码中的 . 换成 ->，.hint 说明怎么办。
# 句子讲发生了什么、什么仍然安全；提示讲下一步做什么。
# 技术细节（参数 says）会自动加括号附在句末。
# [none] 表示调用方没有给出该参数；与词表类别同名的参数（state、verdict、role、platform 等）显示为对应的词。

## 命令行、配置、安装

error-usage = 无法理解这条命令。
    .hint = 加上 `--help` 再次运行，即可查看用法。
error-config-unknown_key = 配置文件 { $path } 中有不存在的键：{ $key }。此处应为：{ $expected }。
    .hint = 请检查拼写；程序没有带着被忽略的设置启动。
error-config-invalid = 配置中有无效的值。
    .hint = 请改正后运行 `adjourn doctor`。
error-config-missing = 缺少一项设置或密钥。
    .hint = 请写入配置，或在命令行中给出，然后运行 `adjourn doctor`。
error-data-locked = 数据正被另一个散群进程使用。
    .hint = 请停止那个进程，或等它办完；没有做任何改动。
error-data-version = 数据由更新的版本写入，本程序无法读取。
    .hint = 请使用更新版本的程序；数据保持原样。
error-disk-full = 剩余空间不足，无法安全地继续。
    .hint = 请腾出空间后再次运行同一条命令，它会从中断处接着办。
error-io = 无法读写 { $what }。
    .hint = 请确认它存在且可读写，然后再次运行。
error-journal-conflict = 同一时刻有他人写入日志，因此本次没有写入。
    .hint = 用 `adjourn show` 查看最新状态，如仍有必要再重复本命令。
error-journal-corrupt = 日志在 { $what } 处对不上：该条或其之前的链被改动或损坏。
    .hint = 请用 `adjourn stop-all` 停止对这份数据的操作，原样留一份副本，再恢复一份能通过校验的备份。

## 操作人

error-principal-missing = 这个命令需要知道由谁操作，但没有给出密钥。
    .hint = 用 `--key FILE` 或环境变量 ADJOURN_KEY 指出您的密钥文件。新安装时先运行 `adjourn principal add NAME --role admin`。
error-principal-unknown = 没有操作人 { $principal }。
    .hint = 用 `adjourn principal ls` 查看现有操作人。
error-principal-exists = 操作人 { $principal } 已存在。
    .hint = 请换一个名称；过往的复核以该名称为准，因此操作人不会被替换。
error-principal-key = 无法使用签名密钥。
    .hint = 请检查 `--keys` 指定的目录；任何人都不能替他人签名。

## 群与案件

error-group-unknown = { $group ->
        [none] 没有这个群。
       *[other] 没有群 { $group }。
    }
    .hint = 用 `adjourn ls` 查找，或用 `adjourn scan` 重新扫描。
error-group-ambiguous = { $group } 对应 { $count } 个群。
    .hint = 请使用短码或平台自己的群号；`adjourn ls` 两者都会列出。
error-case-unknown = 没有案件 { $case }，或它还没有方案。
    .hint = 用 `adjourn ls --cases` 查看所有案件。
error-case-state = 案件 { $case } 处于“{ $state }”状态，不允许此操作。
    .hint = `adjourn why { $case }` 会说明它在等什么、可以做什么。

## 方案与复核

error-plan-stale = 案件 { $case } 的方案已失效；方案生成之后发生了变化：{ $differences }。
    .hint = 请用 `adjourn plan` 重新生成方案；对旧方案的复核不会沿用。
error-plan-edited = 案件 { $case } 的方案与其哈希不符。
    .hint = 方案不可修改；请用 `adjourn plan` 重新生成。
error-plan-blocked = 案件 { $case } 的方案无法提交：还有 { $count } 个阻塞项。
    .hint = 请先清除 `adjourn why { $case }` 列出的阻塞项，再重新生成方案。
error-plan-empty = 没有生成方案：{ $count ->
        [0] 没有指定群。
       *[other] 指定了 { $count } 个群，超出一份方案的上限。
    }
    .hint = 请指明要列入方案的群；`adjourn ls` 会列出各群。
error-approval-self = 本案件由 { $principal } 发起，不能复核自己的申请。
    .hint = 请由另一位有复核角色的操作人复核。
error-approval-duplicate = { $principal } 已对本方案作出决定。
    .hint = 第二份复核须由另一位操作人给出。
error-approval-role = 这一步需要“{ $role }”角色，或复核仍在等待的角色。
    .hint = `adjourn principal ls` 列出各人的角色；`adjourn why CASE` 说明还差谁。
error-approval-needed = 案件 { $case } 尚未通过复核，还差：{ $missing }。
    .hint = 复核人用 `adjourn approve { $case }` 同意；复核只对这一份方案有效。
error-approval-signature = { $principal } 的签名不符。
    .hint = 该签名已被拒收；请用本人的密钥重新签名。

## 法律保留与确认

error-hold-active = 法律保留 { $hold }（{ $matter }）生效中，该群既不能解散，也不能销毁。
    .hint = 解除须由两位操作人先后进行：一位用 `adjourn hold lift` 提出，另一位确认；见 `adjourn hold ls`。
error-leave-owner = 账号 { $account } 是 { $group } 的群主，它的退出不只是退出：{ $does ->
        [dissolves] 平台会解散该群。
        [promotes] 平台会让另一名成员接任群主。
        [transfers] 平台要求先转让群主。
       *[other] 没有资料说明平台会怎样处理。
    }
    .hint = 请先转让群主（`adjourn handover 群 --to 账号`）再退出，或规划群的终结（`adjourn plan 群`）。
error-hold-unknown = 没有法律保留 { $hold }。
    .hint = 用 `adjourn hold ls` 查看。
error-hold-self_lift = 解除法律保留 { $hold } 是您提出的，不能再由您确认解除。
    .hint = 在另一位操作人确认解除之前，该法律保留继续生效。
error-confirm-needed = 此事不可撤回，须键入短码或群名确认。
    .hint = 请再读一遍方案，然后在页面上键入短码，或用 `--confirm NAME` 给出群名。
error-confirm-mismatch = 键入的内容既不是短码，也不是群名。
    .hint = 请在页面上或用 `adjourn show` 核对名称、平台和群主；没有做任何改动。

## 接入

error-connection-unknown = 没有接入 { $connection }。
    .hint = 用 `adjourn connect ls` 查看，或用 `adjourn connect add` 添加。
error-connection-exists = 接入 { $connection } 已经存在。
    .hint = 请换一个名称；要给原有接入换密钥，用 `adjourn connect renew`。
error-connection-witness = 接入 { $connection } 的见证身份就是执行解散的身份。
    .hint = 请另指定一个身份：只有另一个身份才看得出群是被解散了，还是仅仅退了群。
error-connection-auth = 平台拒绝了登录凭据。
    .hint = 用 `adjourn connect renew 名称 --secret …` 换上正确的凭据；进行中的执行之后用 `adjourn apply` 接着办。
error-connection-expired = 授权已过期。
    .hint = 请重新授权，并用 `adjourn connect renew 名称 --secret …` 交入新凭据；进行中的执行之后接着办。
error-connection-permission = 该身份在平台上缺少权限。
    .hint = 请平台管理员授予权限，然后运行 `adjourn connect test`。
error-connection-network = 无法连通平台，或连接中断。
    .hint = 请用 `adjourn doctor` 检查网络与代理；没有收到答复的调用一律视为未知，先核实再处理。
error-connection-tls = 无法建立安全连接。
    .hint = 请检查系统时钟与证书；证书校验不能关闭。
error-connection-protocol = 平台的答复与平台档案不符。
    .hint = 程序没有据此下任何结论。请对照 `adjourn facts 平台`，并反馈差异。
error-connection-url = 该接入的地址不可用。
    .hint = 请给出以 https:// 开头的完整地址，且其中不要带密码。
error-connection-rate_limited = 平台限频，要求放慢。
    .hint = 无需处理：执行会等待，然后自动继续。
error-capability-unsupported = 平台不支持对这一类型的群进行此操作。
    .hint = `adjourn facts 平台` 会给出依据和替代办法。

## 记录

error-export-incomplete = 导出不完整。
    .hint = 该群保持原状。`adjourn why 案件` 会说明缺什么；对此负责的人确认：`adjourn step done 案件 步骤`。
error-seal-failed = 归档未能存证。
    .hint = 该群保持原状：存证回读通过之前，不会做任何不可撤回的事。
error-timestamp-failed = 时间戳机构没有给出有效的可信时间戳。
    .hint = 存证已保留，之后补盖时间戳；在此之前，时间证明只以我方日志为据。
error-timestamp-unconfigured = 策略要求可信时间戳，但没有配置时间戳机构。
    .hint = 请在配置中添加，然后运行 `adjourn doctor`。

## 步骤、执行、观察

error-step-unknown = 没有适用于此操作的步骤 { $step }。
    .hint = `adjourn show 案件` 会列出各步骤及其状态。
error-step-ambiguous = 案件中有多个群都在等待步骤 { $step }。
    .hint = 请指明是哪一个：`adjourn step done 案件 { $group }/{ $step }`；`adjourn why 案件` 会列出各群。
error-step-evidence = 不能凭这份证据办结该步骤。
    .hint = 请用 `--evidence 文件` 提供能看出结果的截图或文件。
error-step-same_person = 您已经确认过步骤 { $step }。
    .hint = 此步骤需要两个不同的人；请另一位执行 `adjourn step done`。
error-step-confirm = 步骤 { $step } 的二次确认缺失或不符：{ $factor }。
    .hint = 请按平台的要求填写：`--factor typed_name='群名称'`，`--factor qr_scanned=yes --factor phone_confirmed=yes`，或 `--factor approved_by=审批人`。
error-step-reason = 请说明原因，最多 { $limit } 个字。
    .hint = 原因会交给制定下一份方案的人：`--reason "群主手机丢失"`。
error-step-cant = 有人报告 { $case } 的一个步骤无法办理，而且确实没有完成。
    .hint = `adjourn why { $case }` 会显示原因。请为该群重新制定方案：换一条路，或先换群主。
error-undo-window = 平台的可恢复期到 { $until } 为止，现已超过。
    .hint = `adjourn undo 案件 --rebuild` 会请人工另建新群：群号不同，没有历史。
error-undo-quota = 用该账号本月已恢复 { $used } 个群，平台每月只恢复 { $of } 个；下一次最早在 { $until }。
    .hint = 如平台的恢复期限允许，请等到那时；或用 `adjourn undo 案件 --rebuild` 由人另建新群：群号不同，没有记录。
error-undo-past_return = { $case } 已过不可撤回点，且平台不支持恢复群。
    .hint = `adjourn undo 案件 --rebuild` 会请人工为已解散的群另建新群：群号不同，没有历史。已清除的内容无法找回；已存证的历史在证据包中。
error-run-active = { $group } 已有一个执行正在进行。
    .hint = 用 `adjourn watch 案件` 查看；一个群同一时间只有一个执行。
error-run-human = 有一个步骤须由人工完成。
    .hint = 请按 `adjourn why 案件` 的指引操作，完成后运行 `adjourn step done 案件 步骤 --evidence 文件`。
error-observed-not_gone = 经观察，该群并未消失：{ $verdict }。
    .hint = 不会出具证明。用 `adjourn watch 案件` 查看它还在哪里可见。

## 证据包与校验

error-bundle-missing = { $bundle } 处没有证据包。
    .hint = `adjourn show 案件` 会给出证据包的路径。
error-bundle-invalid = { $bundle } 不是本程序能读取的证据包。
    .hint = 请从生成之处重新复制；损坏的副本不能证明任何事。
error-verify-failed = 证据包未通过校验：{ $count } 项检查不合格。
    .hint = 每条结果都指明了文件；在弄清原因之前，请勿依据这个证据包。
error-key-destroyed = { $group } 的密钥已销毁，其内容无法再读取。
    .hint = 这正是销毁的目的；链和日志仍可校验。

## 平台知识

error-platform-unknown = 这里没有平台 { $platform }。
    .hint = 现有连接器：matrix、qq、dingtalk、wecom、wechat 和 reference；`adjourn facts qq` 显示已知的平台事实，`adjourn demo` 可以演练一次联合解散。
error-facts-unknown = 关于 { $platform } 没有这方面的记录。
    .hint = 没有记录不等于没有。请自行核实，或在平台档案中补充带日期的来源。

## 其他

error-stopped = 所有执行已被 `stop-all` 停止。
    .hint = 原因消除后，由管理员用 `adjourn resume` 恢复。
error-internal = 散群自身出错。
    .hint = 已记录的内容是安全的。请附上 `adjourn doctor` 的输出反馈此问题。
error-principal-first = 第一位操作人必须是管理员，由其添加其他人；{ $principal } 不是。
    .hint = 先添加管理员：`adjourn principal add NAME --role admin`。
error-key-not_asked = 还没有人申请销毁 { $group } 的密钥。
    .hint = 一个人先用 `adjourn destroy plan { $group }` 申请，再由另一个人确认。

## 账户与会话

error-session-missing = 尚未登录。
    .hint = 请先登录。
error-session-over = 会话已结束。
    .hint = 请重新登录；没有改动任何内容。
error-sign_in-refused = 姓名或密码不正确。
    .hint = 请重试；连续输错五次后，账户会暂时锁定。
error-sign_in-locked = 密码输错次数过多：账户锁定至 { $until }。
    .hint = 请等到该时间，或询问管理员；此次锁定已记入日志。
error-link-unknown = 此链接无法打开，或已失效。
    .hint = 请向管理员索取新链接；每个链接只能打开一次。
error-account-name = 姓名须为 1 至 { $max } 个字符，且不含控制字符。
    .hint = 请换一个名称。
error-account-password = 密码至少 { $min } 个字符。
    .hint = 请设置更长的密码，几个词连在一起即可。
error-account-again = 两次输入的密码不一致。
    .hint = 请输入两次相同的密码。
error-request-cross_site = 此请求来自其他网站，已拒绝。
    .hint = 请在本页面中操作。
error-plan-step_needed = “{ $link }”必须解绑，任何方案都不能跳过这一步。
    .hint = 桥接可能让群重现，资金必须结清，执行账号最后退出。请安排人工办理，或在执行中说明做不了。
error-plan-form = 方案至少需要一个群，此操作需要写明理由。
    .hint = 请选择群并写明理由。
error-page-unknown = 没有这个页面。
    .hint = 请回到今日，从那里查找。
error-page-form = 无法读取提交的内容。
    .hint = 请重新打开页面填写表单；没有改动任何内容。
error-webhook-unknown = 没有名为 { $name } 的 webhook。
    .hint = `adjourn webhook list` 列出配置中的 webhook。
error-webhook-event = webhook { $name } 要的事件类型不存在：{ $event }。
    .hint = 是否想写 { $closest }？全部类型见 docs/operations/webhooks.md。
error-webhook-private = webhook { $name } 指向私有网络：{ $says }
    .hint = 如确需如此，请在配置的 `[http]` 中把该主机写入 `private_hosts`。
error-webhook-failed = webhook { $name } 没有接受：{ $says }
    .hint = 请检查地址和密钥；不会丢失，事件稍后会再次通知。
