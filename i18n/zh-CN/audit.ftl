# 合规审计:`audit run|ls` 与审计报告页面。

audit-title = 群组合规审计报告
audit-period = 审计期间：{ $from } 至 { $until }（不含最后时刻）
audit-made = { $at } 由 { $by } 出具，依据日志中的 { $n_events } 条事件
audit-summary = { $n_bad ->
        [0] { $n_look ->
            [0] 未发现需要关注的事项。
           *[other] 不符合项：无。观察项：{ $n_look } 项。
        }
       *[other] 不符合项：{ $n_bad } 项。观察项：{ $n_look } 项。
    }
audit-drawn = 报告 { $sha256 }
audit-dry = 试运行：没有写入任何内容。
audit-written = 报告位于 { $path }（report.zh-CN.html、report.en.html 供阅读，另有 report.json 与 findings.csv）。
audit-none = 尚未做过审计。
audit-row = { $at }  { $from } – { $until }  发现 { $n_findings } 项  { $sha256 }
audit-due = 应做审计：期间 { $from } 至 { $until } 已结束，尚未审计。
audit-not-due = 目前无需审计：最近一个已结束的期间已经审计。
audit-no-schedule = 未设置审计周期：请在配置中写 [audit] every = "month"、"quarter"、"half_year" 或 "year"。
audit-coverage = 台账覆盖情况
audit-cover-groups = 受管群组
audit-cover-registered = 已登记
audit-cover-reachable = 群主可联系
audit-cover-purpose = 写明用途
audit-cover-deputy = 有代理负责人
audit-cover-expires = 有到期日
audit-cover-holds = 写明涉及的数据
audit-cover-exit = 有退出方案
audit-cover-owned = 平台上可见群主
audit-cover-gone = 已结束并核实的群组
audit-cover-destroyed = 已销毁的记录
audit-checks = 检查项目
audit-findings = 审计发现
audit-compared = 与上次审计相比
audit-compared-none = 这是第一次审计，没有可比较的报告。
audit-compared-row = 新增 { $n_new } 项，仍存在 { $n_same } 项，已消除 { $n_settled } 项。
audit-col-check = 检查项目
audit-col-looked = 检查数量
audit-col-found = 发现
audit-col-grade = 性质
audit-col-iso = ISO/IEC 27001:2022 附录 A
audit-col-pipl = 个人信息保护法条款
audit-col-subject = 对象
audit-col-name = 名称
audit-col-since = 起始
audit-col-says = 情况
audit-new = 新增
audit-settled = 上次审计后已消除
audit-note = 各项检查只依据日志在期间结束时的内容得出。「检查数量 0」表示没有可检查的对象，不等于没有问题。所列条款为《个人信息保护法》中、2025 年《个人信息保护合规审计管理办法》审计要点所涉及的条款；本报告是此类审计的证据材料，不代替审计人员的判断。

word-check-unregistered = 未登记的群组
word-check-orphan = 没有群主的群组
word-check-one-owner = 只有一名群主且无代理负责人的群组
word-check-unreachable = 无法联系的群主
word-check-renewal-overdue = 逾期未续期
word-check-successor-overdue = 逾期未落实接任人
word-check-review-overdue = 逾期未复核
word-check-approval-outside-policy = 不符合政策的复核
word-check-hold-lasting = 长期法律保留
word-check-observation-failed = 未核实消失的群组
word-check-residue = 解散后的残留
word-check-told-only = 仅凭口述完成的步骤
word-check-disposition-overdue = 留存期满未处置的记录
word-check-instruction-refused = 被拒绝的指令
word-check-original-read = 被查阅的原件
word-refused-forged = 签名不属于受信任的密钥
word-refused-altered = 内容与签名不符
word-refused-not-for-me = 接收方是另一前哨
word-refused-expired = 已过有效期
word-refused-early = 来自未来的时间
word-refused-replayed = 已被使用过
word-refused-stale = 已有更新的工作端接管
word-grade-nonconformity = 不符合项
word-grade-observation = 观察项

note-audit-unregistered = { $by } 可见此群，但没有任何台账登记。
note-audit-unreachable = 台账中没有群主的联系方式。
note-audit-orphan = { $by } 所见，此群没有群主。
note-audit-one-owner = 只有一名群主，没有代理负责人。
note-audit-renewal = 到期日为 { $day }，既未续期，也无人提出结束。
note-audit-successor = 其{ $role }已离职，逾期未指定接任人。
note-audit-hold = 法律保留已持续 { $days } 天：{ $matter }
note-audit-not-gone = 已执行解散，判定为：{ $verdict }。
note-audit-disposition = 留存期已于 { $days } 天前届满，尚无人决定继续保留还是放行销毁。
note-audit-told = 步骤 { $step } 仅凭 { $people } 人口述视为完成，没有凭据。
note-audit-told-shown = 步骤 { $step } 凭 { $people } 人口述及其提交的材料视为完成。
note-audit-original-read = { $by } 查阅原件 { $times } 次，其中取出全部内容 { $opened } 次。
note-audit-original-fetched = { $by } 从存储取回原件 { $times } 次。
note-audit-residue = 群已消失，平台上仍残留 { $count } 项内容。
note-audit-review = 方案送审已 { $days } 天，尚未复核完毕。
note-audit-instruction = 前哨拒绝执行一条指令：{ $why }。
note-audit-reply = 前哨的一条答复未被采信：{ $why }。
note-audit-approvals = 执行时缺少现行政策要求的复核：{ $missing }

error-audit-period = 无法审计期间 { $from } 至 { $until }：期间为空，或尚未结束。
    .hint = 请指定已经结束的期间，例如 2026、2026-Q3、2026-11 或 2026-11-01/now。
error-audit-form = 「{ $given }」不是一个期间。
    .hint = 请写 2026、2026-Q3、2026-11、2026-11-05、2026-11-01/2026-11-15 或 2026-11-01/now。
error-audit-schedule = 没有指定期间，也没有设置审计周期。
    .hint = 请用 --period 2026-Q3 指定，或在配置中写 [audit] every = "quarter"。
