# 封闭词表：一词一义，所有界面一致。
# 数据中的名称可直接查找：verdict.left_only 即 word-verdict-left-only。

## 产品用语

word-term-platform = 平台
word-term-connector = 连接器
word-term-connection = 接入
word-term-identity = 身份
word-term-witness = 见证身份
word-term-group = 群
word-term-kind = 类型
word-term-class = 重要级别
word-term-owner = 群主
word-term-successor = 接任人
word-term-link = 挂接
word-term-fact = 平台事实
word-term-profile = 平台档案
word-term-capability = 能力
word-term-case = 案件
word-term-plan = 方案
word-term-step = 步骤
word-term-preflight = 预检
word-term-approval = 复核
word-term-two-person-review = 双人复核
word-term-notice = 预告
word-term-joint-announcement = 联合公告
word-term-freeze = 冻结
word-term-unlink = 解绑
word-term-export = 导出
word-term-receipt = 完整性回执
word-term-seal = 存证
word-term-bundle = 证据包
word-term-cooling-off = 冷静期
word-term-point-of-no-return = 不可撤回点
word-term-principal = 操作人
word-term-recovery-window = 可恢复期
word-term-run = 执行
word-term-observation = 观察期
word-term-verdict = 判定
word-term-residue = 残留
word-term-guided-human-step = 人工步骤
word-term-undo = 撤销
word-term-rebuild = 重建
word-term-rescue = 紧急转让
word-term-handover = 移交
word-term-dissolve = 解散
word-term-hold = 法律保留
word-term-retention = 留存
word-term-disposal = 销毁
word-term-de-identified = 去标识化
word-term-anonymised = 匿名化
word-term-drill = 演练

## 群的类型

word-kind-ordinary = 普通群
word-kind-enterprise = 企业群
word-kind-education = 教育群
word-kind-trading = 交易群
word-kind-external-customer = 外部客户群

## 一个群走过的状态

word-state-registered = 登记
word-state-operating = 运行
word-state-proposed = 拟解散
word-state-preflighted = 已预检
word-state-in-review = 待复核
word-state-notice-period = 公告期
word-state-frozen = 已冻结
word-state-sealed = 已导出存证
word-state-unlinked = 已解绑
word-state-announced = 已公告
word-state-waits-for-others = 等待其他群
word-state-rebuilt = 已解散，另建新群
word-state-cooling-off = 冷静期
word-state-dissolving = 解散中
word-state-observing = 观察期
word-state-verified-gone = 已核实消失
word-state-retained = 留存中
word-state-destroyed = 已销毁

## 旁支状态

word-state-paused = 已暂停
word-state-needs-person = 需人工
word-state-blocked-by-hold = 被保留拦截
word-state-plan-stale = 方案失效
word-state-partly-done = 部分完成
word-state-undoing = 撤销中
word-state-undone = 已撤销
word-state-reopened = 已重新处理

## 案件的状态

word-state-planned = 已有方案
word-state-rejected = 已驳回
word-state-approved = 已通过复核
word-state-stale = 方案失效
word-state-running = 执行中
word-state-ended = 已办结
word-state-closed = 已结案
word-state-past-return = 已过不可撤回点

## 八种判定

word-verdict-gone = 已核实消失
word-verdict-hidden = 仅隐藏
word-verdict-archived = 已归档
word-verdict-left-only = 仅退群
word-verdict-emptied = 空壳
word-verdict-kept-by-platform = 平台留档
word-verdict-reappeared = 重现
word-verdict-still-there = 仍然存在
word-verdict-unknown = 无法判定

## 调用的效果

word-effect-applied = 已生效
word-effect-not-applied = 未生效
word-effect-unknown = 未知

## 连接器的能力

word-support-native = 原生支持
word-support-emulated = 组合实现
word-support-assisted = 人工协助
word-support-unsupported = 不支持

## 步骤的操作

word-step-preflight = 预检
word-step-notice = 预告
word-step-freeze = 冻结
word-step-export = 导出
word-step-seal = 存证
word-step-unlink = 解绑
word-step-announce = 公告
word-step-join = 等待其他群
word-step-transfer = 转让群主
word-step-rescue = 紧急权限转移
word-step-cooling-off = 冷静期
word-step-tail-export = 尾段导出
word-step-confirm = 确认
word-step-recheck = 复查
word-step-settle = 等待客户端同步
word-step-handover = 移交
word-step-dissolve = 解散
word-step-purge = 清除平台留档
word-step-remove-media = 移除媒体文件
word-step-observe = 观察
word-step-certificate = 出具证明

## 角色

word-role-admin = 管理员
word-role-business = 业务岗
word-role-compliance = 合规岗
word-role-requester = 发起人
word-role-service = 服务账号

## 平台

word-platform-wechat = 微信
word-platform-qq = QQ
word-platform-dingtalk = 钉钉
word-platform-wecom = 企业微信
word-platform-feishu = 飞书
word-platform-matrix = Matrix
word-platform-xmpp = XMPP
word-platform-reference = 参考平台
word-platform-drill-suffix = （演练）

## 连接器的操作

word-op-probe = 探测
word-op-members = 列出成员
word-op-links = 查找挂接
word-op-export = 导出
word-op-freeze = 冻结
word-op-announce = 公告
word-op-unlink = 解绑
word-op-handover = 移交
word-op-transfer = 转让群主
word-op-dissolve = 解散
word-op-purge = 清除平台留档
word-op-remove-media = 移除媒体文件
word-op-restore = 恢复
word-op-verify = 核实

## 挂接的种类

word-link-bot = 机器人
word-link-app = 应用
word-link-mini-program = 小程序
word-link-webhook = webhook
word-link-bridge = 桥接
word-link-payment = 支付
word-link-store = 店铺

## 平台事实的可信程度

word-confidence-declared = 仅声明
word-confidence-confirmed = 已证实
word-confidence-disputed = 有争议
word-confidence-contradicted = 与官方资料矛盾

## 群的重要级别

word-class-ordinary = 普通
word-class-important = 重要
word-class-personal = 个人

## 连接器的验证程度

word-tier-live = 真实环境验证
word-tier-recorded = 录制流量验证
word-tier-documents = 按文档模拟
word-tier-experimental = 试验性

## 到何时为止可以撤回

word-reversible-harmless = 不作改动，无需撤回
word-reversible-always = 随时可撤回
word-reversible-never = 不可撤回

## 生成方案之后的变化，用于列举

word-differences-drift-owner = 群主
word-differences-drift-link-new = 新增挂接
word-differences-drift-link-lost = 挂接消失
word-differences-drift-members = 成员
word-differences-drift-capability = 能力
word-stage-sealed = 历史已存证
word-stage-unlinked = 权限已剥离
word-stage-announced = 已公告
word-stage-reversible-ended = 可恢复的群已解散
word-says-gone = 已消失
word-says-present = 仍在
word-says-empty = 空壳
word-says-archived = 已归档
word-says-hidden = 不显示
word-says-not-in = 不在群内
word-says-kept = 平台留档
word-says-nothing = 无信息
