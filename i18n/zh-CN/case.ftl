# 案件、群档案与批量选择的页面。


## 填写途中会话结束

kept-over = 会话已结束，刚才没有提交任何内容。请登录，已填写的内容会回到原表单中。
kept-files = 文件与密码不会保留，请重新选择和输入。
kept-back = 已重新登录。填写的内容已回到原表单，尚未提交。
kept-left = 以下内容在本页已无处可填，如仍需要请自行复制：

## 键入确认

typed-code = 仅对应此操作的短码：
typed-here = 输入短码
typed-no-name = （未命名）

## 批量选择

groups-shown = 第 { $first }–{ $last } 个
groups-pick-note = 先核对所选的群。此处不改动平台上的任何内容，也不会解散任何群。
groups-pick-all = 本视图全部 { $count } 个群
groups-pick-look = 核对所选
groups-keys = 快捷键：j、k 移动，x 选择，/ 搜索，p 核对所选。
pick-surprising = { $count ->
        [0] 没有需要特别留意的群
       *[other] { $count } 个群需要特别留意
    }
pick-gone = 该群已经消失。
pick-hold = 该群处于法律保留，方案将被拦截。
pick-in-case = 该群在尚未结束的案件 { $case } 中。
pick-no-owner = 该群没有群主。
pick-owner-unknown = 群主未知。
pick-used = 近期仍有活动：{ $at }。
pick-nominee = 接任人（企业群必须指定）
pick-without = 本方案跳过的步骤
pick-without-note = 勾选的挂接不会解绑。方案会写明这一点和理由，并同样需要复核。
pick-without-one = 不解绑：{ $kind }“{ $link }”
pick-without-why = 跳过这些步骤的理由
pick-activity-unknown = 最近活动时间未知。未知不等于闲置。
pick-linked = 有 { $count } 项挂接。
pick-large = 有 { $count } 名成员。
pick-unregistered = 登记册中没有该群。
error-plan-many = { $count } 个群超过此处一份方案的上限（{ $limit } 个）。
    .hint = 请少选一些或缩小视图；复核人要逐一阅读。

## 群档案

group-facts = 已知情况
group-fact = 项目
group-says = 内容
group-source = 来源 · 核对于
group-native = 平台上的标识
group-records = 记录数
group-from-policy = 由接入或登记册设定
group-from-ledger = 来自台账，{ $at }；尚无身份查看过
group-from-row = 登记册第 { $row } 行
group-from-person = 登记册，由人登记
group-unregistered = 未登记
group-deputy = 副负责人
group-unit = 所属单位
group-purpose = 用途
group-no-links = 未见任何挂接。
group-name = 名称
group-kind = 类型
group-fate = 群解散后
group-members = { $count } 名成员
group-account = 账号
group-standing = 群内身份
group-hold = 法律保留 { $hold }，{ $by } 自 { $time } 起设定：{ $matter }
group-hold-lifting = { $by } 已申请解除，还须另一人确认。
group-hold-blocks = 该群处于法律保留：可以生成方案，但会被拦截。
group-can = 可做什么
group-danger = 危险操作区
group-closed-runs = 暂不可用：案件 { $case } 正在进行
group-closed-over = 不再可用：该群已经消失
word-standing-owner = 群主
word-standing-admin = 群管理员
word-standing-member = 成员

## 案件

case-already = 此操作先前已完成，没有重复执行。
case-fresh = 打开此页之后方案已重新生成。刚才没有执行任何操作：以下是现在的方案，请先阅读。
case-review = 复核要点
case-asks = { $name } 发起；方案生成于 { $at }
case-irreversible = 不可撤回的内容
case-irreversible-none = 本方案的全部内容均可撤回。
case-when = 何时执行
case-when-earliest = 最早在执行后 { $length }，各步骤自身所需时间另计。
case-when-announced = 已预告于 { $at }，不会更早。
case-when-observed = 之后观察 { $length }。
case-idleness = 是否仍在使用
case-idle = { $group_name }：已 { $since }无人活动（最近 { $time }；{ $seen }）
case-reactions = 成员反馈：{ $count ->
        [0] 没有未处理的异议
       *[other] { $count } 条未处理的异议
    }
case-reactions-none = 没有记录到任何反馈。
case-questions = 补充说明
case-question = { $name }，{ $at }：{ $text }
case-answer = 您的答复
case-answer-send = 提交答复
case-asked-you = { $case }：复核人要求您补充说明
case-answer-open = 尚未答复
case-review-stands = 复核进展
case-valid = 群主、成员、挂接与平台事实不变时有效；执行前会再次核对。
case-money = { $count } 项资金待结清
case-records = { $count } 条记录待导出
case-back-never = 平台不可恢复
case-back-purged = 平台本可恢复（{ $back }），但本方案会先行清除
case-back = 平台可恢复：{ $back }
case-only-new = 仅新方案有：{ $line }
case-only-old = 仅旧方案有：{ $line }
case-members = 成员：新增 { $n_joined } 名，减少 { $n_left } 名
case-same = 没有差异
case-compared = { $group_name }：与 { $at } 的方案（{ $case }）比较
case-ask = 要求补充
case-ask-what = 作出决定前需要知道什么
case-ask-note = 问题记入案件，不代表任何决定；其他复核人可先行决定。
case-withdraw = 撤回案件
case-locked-requester = 只有发起人可以撤回。
case-locked-approved = 您已同意此方案。
case-locked-nominee = 只有方案指定的接任人可以确认。
case-take-over = 确认接任
console-take-over = { $group_name }：方案指定由您接任
case-take-over-note = 方案指定了接任人。接任人在此确认之前，不会解散。
case-waits-nominee = 等待方案指定的接任人确认接任。
case-locked-role = 此处不需要您的同意。
case-effect = { $count ->
        [one] 该群将对所有人解散。
       *[other] 这 { $count } 个群将对所有人解散。
    }
case-last-return = 执行后 { $waits } 内、到达不可撤回点之前可以停下。此后：{ $back }。
case-redraw = 重新生成方案
case-redraw-command = 请按群类型的要求在命令行重新生成：{ $command }
case-so-far = 执行进度
case-total = { $percent }% · { $n_all } 个群中 { $n_over } 个已结束
case-close-page = 可以关闭此页，任务会继续。
case-no-skip = 复核人同意的是这些步骤：要跳过一步，须另做一份不含此步的方案并重新复核。只有机器人、webhook 和应用可以保留。
case-stays = 成员已看到本群将解散的公告。打开公告链接的人会看到群已保留；请在群内发布：
case-stays-text = 本群的解散已撤销，群继续保留。
case-skip = 跳过此步（需理由并重新复核）
case-skip-note = 执行将在此停止，仍在不可撤回点之前。随后生成一份不含此步、写明理由的方案，需要同样的复核。
case-skip-send = 停止执行，跳过此步
case-skip-draw = 生成不含此步的方案
case-doing = 正在进行
case-paused = 已暂停，不会自行继续。
case-next = 将于 { $at } 继续
case-counted = 已完成 { $n_done } 项
case-counted-of = { $n_total } 项中已完成 { $n_done } 项
case-rate = 每分钟 { $count } 项
case-attempts = 第 { $count } 次尝试
case-alive = 最近响应 { $at }
case-silent = 无响应，正在重试。
case-undo-before = 按相反顺序撤回已完成的内容，标 ! 的除外。
case-undo-past = 已过不可撤回点，只有平台自身能恢复的才能恢复。
case-rebuild = 若无法恢复，可新建一个群代替
case-stop-until = 除标 ! 的内容外仍可撤销，截至 { $until }
case-restorable = 平台可恢复该群，截至 { $until }
case-receipt = 导出不完整
case-receipt-total = 已导出的记录
case-receipt-told = 平台所称的记录数
case-receipt-media = 已导出的媒体文件
case-receipt-undecryptable = 无法解密的记录
case-receipt-first = 第一条
case-receipt-last = 最后一条
case-receipt-gaps = 缺失内容与原因：
case-receipt-note = 接受即表示：尽管以上内容将永远缺失，仍可解散该群。您的姓名会写入证据包。
case-receipt-locked = 导出由您本人完成，须由他人确认是否足够。
case-receipt-accept = 接受缺失
case-others = 本案件的其他群
case-post = 成员将看到：{ $what }
case-post-plain = 纯文本，原样发布：@ 不会提醒任何人，客户端可能缩短显示链接。
case-post-room = { $platform }最多 { $n_limit } 个{ $unit ->
    [bytes] 字节
   *[other] 字符
}，本文 { $n_length } 个。
case-post-about = { $n_chars } 个字符 · SHA-256 { $hash }
case-print = 打印视图
case-paper = 案件 { $case } 的方案
word-state-withdrawn = 已撤回
word-event-question-asked = 复核人要求补充
word-event-question-answered = 已答复
word-event-withdrawn = 已撤回
error-question-text = 问题、答复或理由须为 1 至 { $limit } 个字符，此处为 { $count } 个。
    .hint = 请用自己的话说明，不宜过长。
error-question-many = 本案件已有 { $limit } 个问题。
    .hint = 请驳回方案，并把仍未明确之处写作理由。
error-question-unknown = 本案件没有第 { $question } 个问题。
    .hint = 请重新打开案件，问题列在复核部分。
error-question-answered = 该问题已有答复。
    .hint = 请重新打开案件查看答复。

## 观察

watch-closed = 观察期已结束。
watch-closes = 距离结案：{ $at }。
watch-missed = 未能读取任何内容
watch-gone = { $length }内 { $n_looks } 次探测、{ $n_who } 个身份，均未再见到此群。
watch-judged = { $n_looks } 次探测、{ $n_who } 个身份之后的判定：{ $verdict }
watch-so-far = 开始 { $since }以来：{ $verdict }（{ $n_looks } 次探测、{ $n_who } 个身份）
watch-matrix = 最近一次探测中各身份得到的答复。* 为见证身份；? 为不能作为证明的答复。
watch-question = 询问
watch-positive = { $count ->
        [0] 又见到此群的内容。观察继续；请到平台上查看。若仍存在，本案件将以未消失结束，须另行生成方案。
       *[other] 此群重现，观察已重新开始（第 { $count } 次）。请到平台上查看：谁仍能发言，谁又被加入？若仍存在，本案件将以未消失结束，须另行生成方案。
    }
watch-positive-over = 又见到此群的内容，它并未消失：请到平台上查看，再为其生成新方案。
watch-to-group = 查看该群
