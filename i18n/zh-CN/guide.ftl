# 个人指引：`adjourn guide`。提问、页面标题，以及打印页上的说明（note-guide-…）。

## 提问

guide-ask-owner = 这个群是谁的？
guide-ask-holds = 群里有什么？
guide-ask-links = 群上挂着什么？
guide-ask-keep = 哪些必须留下？
guide-ask-button = 客户端里有解散按钮吗？
guide-ask-several = 可选多项，用逗号隔开；都没有，直接按回车。
guide-ask-one = 选一项；直接按回车取第一项。
guide-ask-again = “{ $answer }”不在选项之中。

word-guide-owner-me = 我自己的
word-guide-owner-other = 别人的
word-guide-owner-gone = 群主不明、被封或联系不上
word-guide-holds-files = 照片和文件
word-guide-holds-vouchers = 订单、收据、转账
word-guide-holds-school = 班级或学校群，有家长
word-guide-links-mini-programs = 小程序、应用
word-guide-links-bots = 机器人
word-guide-links-payments = 群收款、支付
word-guide-keep-chat = 聊天记录
word-guide-keep-files = 照片和文件
word-guide-keep-members = 成员名单
word-guide-keep-evidence = 司法证据
word-guide-button-present = 有，或还没看
word-guide-button-missing = 没有

guide-written = 已写入：{ $path }
guide-printed-how = 用浏览器打开页面即可打印；.ics 文件用日历打开。

## 页面

guide-title = { $platform }：怎样结束这个群
guide-intro = 本页只针对下面这些回答。没有向任何地方发送任何内容：除本页和日历文件外，什么也没有留下。
guide-your-answers = 你的回答
guide-answer-owner = 谁的群
guide-answer-holds = 群里有什么
guide-answer-links = 挂着什么
guide-answer-keep = 必须留下
guide-answer-button = 解散按钮
guide-nothing = 无
guide-when = 起算时间
guide-rules = 按哪种取值
word-guide-rules-declared = 以公开说法为准
word-guide-rules-confirmed = 有证实的以证实为准
guide-outcome = 这条路线能做到什么
word-guide-outcome-dissolved = 群对所有人结束（解散）。
word-guide-outcome-emptied = 群里不再有人（空壳）。这比解散弱：群本身并没有结束。
word-guide-outcome-left-only = 你离开了群，群仍然存在（仅退群）。你无权解散它。
word-guide-outcome-not-by-you = 这个群你一个人结束不了，须由组织的管理员处理。
guide-steps = 分步操作
guide-no-return = 不可撤回点：这一步之后无法撤回。
guide-branch = 没有解散按钮？
guide-acts = 四件不一样的事
guide-act = 操作
guide-act-ends = 群会结束吗
guide-act-others = 其他人看到什么
guide-act-you = 你留下什么
guide-act-back = 能否收回
word-guide-act-dissolve = 解散
word-guide-act-leave = 退出
word-guide-act-delete = 删除聊天
word-guide-act-hide = 不显示（隐藏）
guide-acts-note = 四件事里只有一件会结束群。自己的列表里看不到，只是隐藏，不等于群已消失。
guide-final = 收不回来的东西
guide-checks = 怎样确认真的没了
guide-clocks = 时限
guide-clock-what = 事项
guide-clock-long = 多久
guide-clock-ends = 截止
guide-clock-sure = 可信程度
guide-clock-none = 来源称没有这样的时限：
guide-clock-unknown = 这个平台没有已知数值，也没有编造：
guide-clock-other-value = 另一种说法，不作准
guide-sources = 平台事实与来源
guide-source-acting = 作准
guide-source-checked = 核对日期 { $date }
guide-sources-note = 找到的取值全部列出，互相矛盾的也在内；标记说明每条能信到什么程度。
guide-ended = （{ $date } 起已不再如此。）
guide-no-source = 这个平台没有记录与此有关的事实。
guide-disagree = 来源说法不一
guide-footer = 散群 { $version } · 生成于 { $time } · 打印出来的页面不会更新；平台会变，请留意上面的核对日期。
guide-time = { $time }（UTC{ $offset }）
guide-n-seconds = { $count } 秒
guide-n-minutes = { $count } 分钟
guide-n-hours = { $count } 小时
guide-n-days = { $count } 天

## 步骤

note-guide-step-owner-check = 先确认你有权解散：按钮只对有权的人显示。如果群主是别人，到此为止，换成那个回答重新生成本页。
note-guide-step-school = 这是教育群。请提前在群里公布解散时间（{ $time }），同时通过家校通知渠道发出。要提前多久没有统一规定；给家长留足答复的时间，并逐一询问还没有答复的人。
note-guide-step-evidence = 先取证，后解散。在改动任何内容之前保全聊天记录，记下由谁、用哪台设备、在什么时间操作；等法院、律师或公证处确认所需材料已经齐全。
note-guide-step-chat = 把必须留下的聊天记录存到你自己保管的设备上，并打开存下的那一份，确认从第一条到最后一条都能读。
note-guide-step-files = 把照片和文件逐个存到客户端之外（收藏不算），再抽查打开几个。从没点开过的图片可能只有缩略图。
note-guide-step-members = 按需要记下成员是谁、怎么联系，以成员能预料的范围为限。这是个人信息，用完即删。
note-guide-step-vouchers = 保存订单、收据和转账凭证，从每笔交易完成之日起，按法律要求的年限保管。
note-guide-step-payments = 先结清款项：群收款、无人领取的红包、退款。还有未结清的就不要往下走。
note-guide-step-mini-programs = 把小程序和应用从群里移除，并在它们各自的设置里取消授权。
note-guide-step-bots = 在成员列表里逐个移出机器人；机器人另有服务端的，也要在那里关闭。
note-guide-step-handover = 有来源称要先完成工作移交审批。请问一下管理员；无论如何，先把手头的事移交出去。
note-guide-step-announce = 用群公告告知成员，一次说清：谁来结束、为什么、什么时候（{ $time }）、聊天记录和文件怎么处理、之后去哪里、怎么联系你。
note-guide-step-last-look = 最后再看一遍：群没弄错吧（群名、成员）？大家需要的都拿到了吗？没有欠款吧？有没有人有权要求保留（纠纷、检查）？
note-guide-step-dissolve = 打开群，按此路径操作：{ $path }。按客户端的要求输入或确认。
note-guide-step-mistake = 弄错了？关于能否收回，各来源的说法是：
note-guide-step-interrupted = 中途断了？先看是否已经解散，再决定要不要重试。
note-guide-step-witness = 请一位成员（不是你自己）看客户端显示什么，并留一张带时间的通知截图。
note-guide-step-watch = 1、24、72 小时后各看一次，并再问同一位成员。没有答复不算证明，记为“无法判定”。
note-guide-step-ask-owner = 别人的群你无权解散。请群主来做，把本页给他；群主不做，你能做的只有下面这些。
note-guide-step-take-over = 或者请群主把群转让给你。等客户端显示你是群主，再以“我自己的”重新生成本页。
note-guide-step-org-admin = 组织的群：请找组织管理员，由他更换群主或结束该群。
note-guide-step-desk = 向平台客服申请紧急转让，说明你是谁、为什么申请，并附上身份证明。所写时间是平均值，不是承诺；超过了就再问。
note-guide-step-leave = 或者退出。退出结束不了任何东西：群仍然存在，你写过的内容其他人还看得到。
note-guide-step-update = 把客户端升级到最新版，重新打开群，看按钮是否出现；出现了，就走上面的路线。
note-guide-step-empty = 仍然没有按钮：先告知每一位成员，再逐个移出，最后自己退出。结果较弱：群成了空壳，并没有解散；没有任何通知说它结束了，记录也还在每个人手里。
note-guide-step-empty-impossible = 在这里，移出所有人行不通。请找组织管理员。

## 解散、退出、删除、隐藏

note-guide-act-dissolve-ends = 会，对所有人。
note-guide-act-dissolve-others = 他们都不在群里了，也不能再发言。
note-guide-act-dissolve-you = 留在自己设备上的内容。
note-guide-act-dissolve-back = 当作不能；见“时限”。
note-guide-act-leave-ends = 不会，其他人照旧。
note-guide-act-leave-others = 成员里不再有你；你写过的内容还在。
note-guide-act-leave-you = 不再收到新消息；客户端可能移除你设备上的记录。
note-guide-act-leave-back = 只能等别人再邀请你。
note-guide-act-delete-ends = 不会，你仍是成员。
note-guide-act-delete-others = 对他们没有任何变化。
note-guide-act-delete-you = 你设备上的记录没有了；有新消息时聊天又会出现。
note-guide-act-delete-back = 不能，除非事先另存。
note-guide-act-hide-ends = 不会，你照旧是成员。
note-guide-act-hide-others = 他们毫无察觉。
note-guide-act-hide-you = 全部都在，只是列表里不显示。
note-guide-act-hide-back = 随时可以。

## 收不回来的东西

note-guide-final-group = 解散之后的群本身。
note-guide-final-notice = 成员已经收到的通知。
note-guide-final-history = 事先没有另存的聊天记录。
note-guide-final-files = 事先没有另存的文件。
note-guide-final-copies = 成员设备上的、转发过的、拍过照的内容。谁也收不回来，解散也不会删除它们。

## 确认

note-guide-check-witness = 另一位成员看到群已经结束。这才是算数的信号。
note-guide-check-hidden = 在自己的设备上按群名搜索。搜得到、还能发言，就只是隐藏，或只是删了聊天。
note-guide-check-left = 其他人还能发言，说明你只是退出了。
note-guide-check-return = 屏幕上的“已完成”不算证明；自己看不到它，也不算。
note-guide-check-unknown = 没有人说得清，结论就是“无法判定”，不是“已消失”。

## 时限

note-guide-clock-mistake-recall-seconds = 群主误操作的撤回
note-guide-clock-notice-recall-seconds = 通知的撤回
note-guide-clock-recovery-seconds = 群的恢复
note-guide-clock-recovery-request-seconds = 申请恢复聊天记录
note-guide-clock-history-roaming-hours = 最后几条消息的漫游
note-guide-clock-history-pull-seconds = 拉取组织的会话存档
note-guide-clock-files-kept-seconds = 文件的保留
note-guide-clock-observe-seconds = 观察群是否不再出现
note-guide-clock-exception-banned-hours = 紧急转让（平均）
note-guide-clock-handover-member-age-hours = 新群主须已入群的时间

## 日历

guide-ics-name = { $platform }：结束一个群
guide-ics-dissolve = { $platform }：解散群
guide-ics-dissolve-says = 这是你公布的时间；步骤见打印页。
guide-ics-leave = { $platform }：按打印页操作
guide-ics-clock = { $platform }：{ $what }到期（{ $long }）
guide-ics-clock-unsure = { $platform }：{ $what }到期（{ $long }，{ $confidence }）
guide-ics-says = { $says }来源：{ $source }，核对日期 { $date }。可信程度：{ $confidence }。
guide-ics-not-acting = 另有来源给出别的数值，不要依赖这一条。
guide-ics-look = { $platform }：群真的没了吗（{ $count } 小时）
guide-ics-look-says = 问一下看到结束通知的那位成员：还有人能在里面发言吗？没有答复记为“无法判定”，不是“已消失”。

## 错误

error-guide-answer = { $given ->
        [none] 缺少 { $flag }。可用的是：{ $choices }。
       *[other] { $flag } 不接受“{ $given }”。可用的是：{ $choices }。
    }
    .hint = 改正这个参数；或在终端里不带参数运行 `adjourn guide`，逐项回答。
error-guide-platform = 没有 { $platform } 的个人指引。有指引的平台：{ $choices }。
    .hint = 请从中选一个；其他平台的已知事实用 `adjourn facts PLATFORM` 查看。
error-guide-time = “{ $given }”不是可以读懂的时间。
    .hint = 写成 2026-12-01T20:00+08:00 这样；不写时区按北京时间理解。
