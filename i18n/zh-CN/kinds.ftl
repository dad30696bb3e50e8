# 群的类型与各自的终结路径：联合公告、预告、固化过程笔录、其他相关方、舆情、挂接，以及哪一步失败时怎么办。

## 联合公告：法律声明与技术说明

announcement-legal = 【个人信息处理告知】
announcement-household = 属于自然人的个人或家庭事务，不适用个人信息保护的法律（{ $article }）。
announcement-no-personal-data = 按本单位台账，本群不含个人信息。
announcement-who = 处理者：{ $organisation }{ $contact ->
        [none] 。
       *[other] ；联系方式：{ $contact }。
    }
announcement-why = 目的与方式：因{ $reason }解散本群，导出聊天记录并封存归档。
announcement-what = 信息种类：本群消息与文件、成员账号与名称。
announcement-where = 去向：{ $archive }{ $others ->
        [none] 。
       *[other] ；并提供给{ $others }。
    }
announcement-others = 并提供给{ $others }。
announcement-kept = 保存期限：归档自群结束起 { $length }。
announcement-by-law = 依法留存（如有）：{ $kept }。
announcement-kept-item = { $class } { $length }（{ $article }）
announcement-then = 期满由两人销毁；期限或法律保留未结束的不销毁。
announcement-rights = 您的权利：知情、查阅、复制、更正、删除、提出异议{ $contact ->
        [none] 。
       *[other] ，请按上述方式联系。
    }
announcement-told-under = 告知依据：{ $article }。
announcement-customers = 致各位客户：您的信息不会提供给此处未列明的任何一方。
announcement-technical = 【技术说明】
announcement-platform = { $platform }：本群对所有成员终止，{ $recovery ->
        [none] 不可恢复
       *[other] { $recovery }内可以恢复
    }。
announcement-stays = 仍然存在的：{ $residue }

## 预告

notice-text = 预告：本群将于 { $at } 解散，不会提前。请在此之前保存您需要的内容。
notice-contact = 疑问与异议请联系：{ $organisation }，{ $contact }。

## 固化过程笔录

minutes-title = 聊天记录固化过程笔录
minutes-matter = 事由：{ $matter }
minutes-case = 案件 { $case }，方案 { $hash }
minutes-subject = 群：{ $group_name }（{ $platform }，{ $native }）
minutes-people = 参与人员：
minutes-person = { $name }（{ $principal }）：{ $role_part }
minutes-device = 设备：{ $software }，安装标识 { $installation }，接入 { $connection }，身份 { $identity }
minutes-clock = 时钟：{ $source }；自 { $begin } 至 { $end }；独立机构时间戳：{ $stamped ->
        [yes] 有
       *[other] 无
    }
minutes-steps = 步骤：
minutes-step = { $n_row }. { $at }  { $what }  { $step }  { $outcome }
minutes-hashes = 封存时的归档哈希：{ $sealed } · 读回的哈希：{ $read_back }
minutes-records = 记录数：{ $n_records }；是否完整：{ $complete ->
        [yes] 完整
       *[other] 不完整，见完整性回执
    }
minutes-signed = 由安装标识 { $installation } 签名：{ $signature }
minutes-signatures = 见证（公证处、姓名、日期、印章）：____________________    本单位：____________________

## 各命令说的话

handover-accepted = 已确认接任 { $n_groups } 个群的工作交接。
reaction-noted = 已记下，编号 { $reaction_id }。未处理的异议：{ $n_open } 条。
reaction-paused = 超过策略允许的数量：{ $n_runs } 个执行已暂停，答复或上报之后才能继续。
reaction-none = 没有舆情记录。
why-reactions = 舆情：{ $n_all } 条，未处理的异议 { $n_open } 条
why-party = 等待：{ $party }（{ $errand }），至 { $until }
plan-links = 挂接及其去向：
plan-link = { $name }（{ $kind }）：{ $fate }；{ $breaks }
length-years = { $n_years } 年
length-months = { $n_months } 个月
plan-retention = 留存：{ $what }，自{ $from }起 { $length }{ $article ->
        [none] 。
       *[other] （{ $article }）。
    }
plan-notice = 告知成员其数据的去向（{ $article }）。
plan-notice-household = 自然人的个人或家庭事务：无须告知成员其数据的去向（{ $article }）。
plan-notice-no-personal-data = 台账称本群不含个人信息，并如此告知成员。
note-notice-without-organisation = 没有写明由谁对成员的数据负责：请填写 [organisation]。
note-notice-without-contact = 没有告知成员向谁询问：[organisation] 缺少 contact。
note-notice-without-archive = 没有告知成员归档在哪里：[organisation] 缺少 archive。
note-notice-without-term = 没有告知成员归档保存多久：[organisation] 缺少 keep_months，也没有法律要求保存。
note-notice-without-law = 没有告知成员法定期限：配置未选用任何法域（[law] packs 为空）。
note-drift-retention = 须留存的内容或期限已不同于告知成员的：法域规则或台账有变。
word-differences-drift-retention = 须留存的内容
word-since-record = 记录产生
word-since-end = 群结束
word-since-completion = 交易完成
plan-contingency = 预案：
contingency-nobody = 没有设定步骤失败时的联系人（`organisation.duty`，至少填写 `organisation.contact`）：由发起人处理。
contingency-requester = 发起人
step-about = { $op }：{ $what }
plan-judicial = 先保全证据，事由：{ $matter }
plan-announcement-hash = 公告规范形式的 SHA-256：{ $hash }

## 词

word-effect-no-answer = 尚未答复
word-step-party = 征询其他方
word-step-notice-period = 预告期
word-state-waits-for-party = 等待其他方
word-term-reaction = 舆情
word-term-minutes = 笔录
word-party-service-desk = 平台客服
word-party-legal = 法务部门
word-party-notary = 公证处
word-party-finance = 财务系统
word-party-audit = 审计系统
word-party-archive = 网盘与档案
word-party-home-school = 家校渠道
word-party-evidence-platform = 存证平台
word-errand-clearance = 法务意见
word-errand-watch = 见证固化过程
word-errand-minutes = 固化过程笔录
word-errand-deposit = 归档哈希存证
word-errand-record = 归档数据登记
word-errand-feed = 支付与凭证推送
word-errand-notice = 预告
word-fate-by-itself = 自动解除
word-fate-unknown = 去向未知
word-reaction-objection = 异议
word-reaction-question = 疑问
word-reaction-rumour = 谣言
word-reaction-open = 未处理
word-reaction-answered = 已答复
word-reaction-escalated = 已上报
word-reason-function-change = 功能调整
word-reason-privacy = 隐私保护
word-reason-relations-changed = 社交关系变化
word-reason-project-ended = 项目结束
word-reason-law = 法律或命令
word-part-requester = 发起人
word-part-reviewer = 复核人
word-part-by-hand = 人工操作
word-event-answered = 其他方已答复
word-event-handover-accepted = 接任人已确认交接
word-event-reaction-added = 记下舆情
word-event-reaction-answered = 答复舆情
word-event-reaction-escalated = 上报舆情
word-differences-drift-refused = 其他方拒绝

## 阻塞项，以及由谁解除

note-blocker-party = 方案需要{ $party }，而没有配置通往它的渠道；请系统管理员在配置的 [party] 下添加，之后重新生成方案。
note-blocker-nominee = 企业群解散前须完成工作交接，而方案没有指定接任人；请重新生成方案并指定一位操作人（`--nominee`，或在生成方案的表单里选择）。
note-blocker-notice = 该群须提前告知，而这个接入无法在群内发布内容；请接入管理员补足发布的办法，之后重新生成方案。
note-blocker-organisation = 必须告知客户其数据的去向，而配置没有写明本单位；请填写 [organisation]，之后重新生成方案。
note-willnot-legal-statement = 公告不带法律声明：配置里没有 [organisation]，无法写明由谁对数据负责。
note-drift-refused = { $party }拒绝。
note-proof-answer = 读到其他方的答复，且答复以哈希指明这条消息。

## 挂接解除后受影响的

note-breaks-bot = 它的回复、提醒与记录停止
note-breaks-app = 群内用它办的事停止
note-breaks-mini-program = 无法再从群内打开它的表单与任务
note-breaks-webhook = 经它推送的一方会收到错误
note-breaks-bridge = 对侧的群不再收到消息
note-breaks-payment = 无法再经它收款或退款

## 哪一步失败时怎么办

note-contingency-party = { $step }：{ $party }逾期未答复时，由{ $call }当面征询并提交答复；被拒绝时案件停止，没有任何损失。
note-contingency-notice = { $step }：预告发不出时，由{ $call }请管理员发布；时间从发布起算。
note-contingency-freeze = { $step }：无法冻结时案件继续，期间新增的内容由尾部导出取回；告知{ $call }。
note-contingency-export = { $step }：导出中断后从断点继续；有缺口时由{ $call }决定是否接受，此前不会解散。
note-contingency-seal = { $step }：无法封存时不会解散；由{ $call }检查磁盘与时间戳机构。
note-contingency-unlink = { $step }：挂接未解除时，由{ $call }请其负责人手工关闭，并以一次测试调用验证。
note-contingency-announce = { $step }：公告发不出或被截断时，由{ $call }请管理员发布同一文本，并比对哈希。
note-contingency-handover = { $step }：交接未获批准时，由{ $call }联系接任人与审批人，解散等待。
note-contingency-join = { $step }：同案其他群遇到问题时，先等待一段时间再继续；告知{ $call }。
note-contingency-tail-export = { $step }：同主导出；缺口由{ $call }决定。
note-contingency-recheck = { $step }：情况有变时在不可撤回点之前停止，由{ $call }安排重新生成方案。
note-contingency-dissolve = { $step }：回执丢失时先查看再决定，绝不盲目重复调用；群仍在时由{ $call }安排人工解散。平台可恢复期内可以恢复。
note-contingency-purge = { $step }：无法清除时，判定为平台留档；由{ $call }联系平台。
note-contingency-remove-media = { $step }：未移除的文件列入残留；由{ $call }联系平台。
note-contingency-observe = { $step }：群重现时重新观察并告知{ $call }；无人可看时判定为无法判定，绝不判为已消失。

## 错误

error-announcement-too_long = “{ $step }”的文本有 { $count } 个{ $unit ->
    [bytes] 字节
   *[other] 字符
}，而 { $platform } 最多 { $limit } 个。文本不会被悄悄截断，因此没有生成方案。
    .hint = 缩短文本，或用 `--announce-lang zh-CN` 只给出一种语言的声明。
error-party-open = 案件 { $case } 正在等待{ $party }；对方同意之前，不会做任何不可撤回的事。
    .hint = `adjourn why { $case }` 会显示发送的内容与答复期限。
error-party-unknown = 没有这个相关方，或没有通往它的渠道。
    .hint = 在配置的 [party] 下添加渠道。
error-party-channel = 通往其他方的渠道出错。
    .hint = 检查配置中的文件夹或地址；系统会重试。
error-party-answer = 其他方给出的内容不是这条消息的答复。
    .hint = 答复须为 party-answer/v1 格式，写明消息的 key 与 SHA-256；经 webhook 的答复还须签名。
error-handover-open = 案件 { $case } 正在等待 { $nominee } 确认工作交接。
    .hint = 由接任人用自己的密钥执行 `adjourn accept { $case }`，或在案件页面上确认接任。
error-handover-nominee = { $principal } 不是这里指定的接任人。
    .hint = `adjourn show CASE` 会显示接任人是谁。
error-notice-short = 这个时间不足以容纳预告期与冷静期，最早为 { $earliest }。
    .hint = 用 `--not-before` 选择更晚的时间，或不指定。
error-minutes-early = { $group } 还没有笔录：它的归档尚未封存。
    .hint = 归档封存并读回之后才会生成笔录。
error-reaction-text = 文本为空或过长，或记录已满（{ $count }）。
    .hint = 最多 4000 个字符；更长的材料请作为步骤的证据提交。
error-reaction-unknown = 本案没有编号为 { $reaction } 的舆情记录。
    .hint = 用 `adjourn reaction ls CASE` 列出。
error-reaction-answered = { $reaction } 已经答复。
    .hint = 如有新的内容，请另记一条。
error-reaction-open = 案件 { $case } 有 { $count } 条未处理的异议，超过策略允许的数量，因此不会继续。
    .hint = 请答复或上报：`adjourn reaction ls { $case }`。

## 校验

note-verify-order-party = 在其他方同意之前做了不可撤回的事。
note-verify-order-notice = 在预告期结束之前做了不可撤回的事。
note-verify-order-handover = 在接任人确认交接之前做了不可撤回的事。
note-verify-minutes-form = 固化过程笔录缺失，或不成立。
note-verify-announcement-hash = 发布的公告不是方案所指的那一份。
note-verify-proved-parties = { $group } 须等待的各方都在不可撤回的操作之前同意：{ $parties }。
note-verify-proved-preserved = { $group } 的记录在不可撤回的操作之前已作为证据固化，笔录有签名；公证编号 { $reference }。
note-verify-proved-notice = { $group } 已提前告知：{ $seconds } 秒的预告期在不可撤回的操作之前已满。
note-verify-rests-by-hand = { $party }对 { $group } 的同意依赖于人工提交的材料。
note-verify-rests-simulated = 对 { $group } 表示同意的{ $party }是模拟的。

## 演练

demo-group-stays = 校友联谊群（他人的群）
demo-organisation = 示例集团有限公司
demo-archive = 示例集团有限公司档案室
demo-duty = 值班台（模拟）
plan-one-language = 两种语言的说明超出平台的长度限制，因此只用一种语言。可用 `--announce-lang` 另选。
