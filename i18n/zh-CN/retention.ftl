# 留存：记录保存多久，由人作何决定，销毁证明。

word-retention-logs = 日志
word-retention-impact-assessments = 影响评估报告和处理情况记录
word-retention-provision-records = 提供个人信息的记录
word-retention-trade-records = 商品、服务和交易信息
retention-ended = 结束于 { $at }
retention-goes-on = 仍在；期限从结束时起算
retention-runs = { $class }：至 { $until }（{ $article }）；在此之前保留密钥
retention-runs-in-headers = { $class }：至 { $until }（{ $article }）；操作记录的头部不随密钥消失，因此不要求保留密钥
retention-over = { $class }：已于 { $until } 届满（{ $article }）
retention-by-person = { $by } 决定保存至 { $until }：{ $reason }
retention-release-by = { $by } 决定不再保存：{ $reason }
retention-due = 已没有期限要求保留密钥，也还没有人作出决定：请决定不再保存或继续保存。
hold-in-flight = 有一次调用在保留之前已经提交，无法再拦下：{ $step }。此后的步骤都不再进行；用 `adjourn watch` 查看。
destroy-certificate = 带有两人签名的销毁证明在 { $path }。密钥以外的副本（已交出的证据包、平台和成员手中的、密钥的备份）不在其内。
show-destroyed = { $group } 的密钥已于 { $at } 销毁：日志头中只留下以上内容。销毁证明在证据包目录的 `destroyed` 下。
show-destroyed-once = { $group } 的密钥已销毁：日志头中只留下以上内容。
retention-no-law = 未选用任何法域（[law] packs 为空）：没有法定期限，也不会因法定期限保留任何内容。
cert-written = 已写入：{ $path }
doctor-no-law = 未选用任何法域（[law] packs 为空）：没有法律事实，也没有法定期限
retention-none = 没有可显示的内容。
retention-kept = { $group } 的记录保存至 { $until }。
retention-released = { $group } 的记录可不再保存。尚未销毁任何内容：销毁须由两人进行。
word-event-retention-reviewed = 已决定留存

error-retention-running = { $group } 的记录须保存至 { $until }（{ $article }）。
    .hint = `adjourn retention ls` 列出每一项期限。台账没有说明群里有什么时，按什么都有计算：请用 `adjourn register { $group } --holds …` 说明。
error-retention-kept = 已有人决定将 { $group } 的记录保存至 { $until }。
    .hint = `adjourn retention ls` 说明是谁、为何；`adjourn retention release { $group } --reason 理由` 重新决定。
error-retention-undecided = 还没有人决定不再保存 { $group } 的记录。期限届满本身不会销毁任何内容。
    .hint = 请查看其中内容，再用 `adjourn retention release { $group } --reason 理由`，或用 `adjourn retention keep` 继续保存。
error-retention-until = { $until } 不能作为最后一天：须在 { $earliest } 至 { $latest } 之间。
    .hint = 请另选一天；没有写入任何内容。
error-retention-reason = 决定须附理由，1 至 { $limit } 个字。
    .hint = 请用 `--reason` 说明；没有写入任何内容。

error-law-unknown = 没有名为“{ $law }”的法域规则。
    .hint = 可选：{ $choices }。请在配置中写 `[law] packs = ["prc"]`；空列表表示不适用任何法律。
error-cert-none = { $what } 没有证明。
    .hint = 观察期以“已核实消失”结束、案件关闭后，或密钥销毁后，才有证明。`adjourn why` 说明还差什么。

note-verify-destruction-signatures = 销毁证明没有由两个不同的人就该群的密钥签名。
note-verify-proved-destruction = { $principals } 于 { $at } 各以自己的密钥签名，销毁了 { $group } 的密钥。
note-verify-rests-copies-elsewhere = 别处没有留存副本：证明只涉及该群密钥之下的内容，不涉及已交出的证据包、平台或成员的副本、密钥的备份。
