# 平台事实：`facts` 的输出、计划与观察中的时限，以及教程核查的结果。

facts-overridden = { $platform }：{ $key } 自此按 { $value } 行事，真实接入与演练都如此。依据其他值的方案已过期。
facts-retracted = { $platform }：{ $key } 重新按查到的说法行事。
facts-override = 按 { $value } 行事，由 { $by } 于 { $at } 认定：{ $reason }
facts-acts = 生效于：{ $rules }
facts-checked = 核对于 { $date }
facts-ended = 自 { $date } 起不再如此
facts-stale = 待重新核对：上次核对在 { $count } 天以前
facts-differences = { $name }：{ $count ->
    [0] 两套规则没有差别
   *[other] { $count } 条事实两套规则不同
}

word-rules-declared = 公开的说法
word-rules-confirmed = 已证实
word-confidence-override = 本组织认定

## 事实的各张表

word-table-p = 谁能解散、在哪里、怎样二次确认
word-table-n = 成员收到什么告知
word-table-h = 历史留下什么、在哪里、多久
word-table-s = 特殊情形
word-table-l = 群上挂接的功能
word-table-e = 异常处理
word-table-x = 多平台联合解散
word-table-g = 解散、退出、删除、隐藏
word-table-c = 法律

## 留在哪里

word-keeps-server = 平台服务器
word-keeps-device = 成员自己的设备
word-keeps-organisation-drive = 企业云盘
word-keeps-organisation-audit = 企业审计系统
word-keeps-homeserver = 服务器（直到清除）
word-keeps-server-for-good = 平台服务器（长期）
word-keeps-recycle-bin = 回收站
word-keeps-compliance-archive = 合规归档
word-keeps-unstated = 没有资料说明之处
word-hangs-bot = 机器人
word-hangs-app = 应用
word-hangs-mini-program = 小程序
word-hangs-webhook = webhook
word-hangs-bridge = 桥接
word-hangs-payment = 收付款
word-fate-kept = 记录保留
word-fate-apart = 记录另行保存，与群无关
word-fate-logs-kept = 日志保留
word-fate-by-hand = 继续运行，直到有人手工关闭
word-fate-finance-audit = 记录进入财务系统审计

note-residue-fact-history = 聊天记录留在：{ $keeps }。
note-residue-fact-history-roams = 聊天记录在平台服务器上漫游 { $hours } 小时。
note-residue-fact-history-roams-days = 聊天记录在平台服务器上漫游 { $days } 天。
note-residue-fact-history-unstated = 平台服务器保存聊天记录多久，没有资料说明。
note-residue-fact-files = 群文件留在：{ $keeps }。
note-residue-fact-files-until = 群文件留在：{ $keeps }，{ $days } 天。
note-residue-fact-link = { $hangs }的去向：{ $fate }。
note-drift-fact = 平台事实有变：{ $key } 在方案中为 { $was }，现为 { $is }。
word-differences-drift-fact = 平台事实

## 时限

days = { $count } 天
plan-clocks = 平台的时限：
plan-facts-differ = 与公开说法不同之处：
plan-fact-differs = { $key }：公开的说法是 { $declared }，按 { $value } 行事（{ $confidence }）
clock-none = { $object }：没有这条路
clock-runs = { $object }：{ $duration }，{ $moment }
clock-until = { $object }：至 { $until }
word-object-slip = 撤回误操作
word-object-notice = 撤回解散通知
word-object-group = 恢复该群
word-object-history-request = 申请找回聊天记录
word-object-history = 服务器上的聊天记录
word-object-archive-pull = 拉取会话内容存档
word-object-files = 留存的文件
word-object-rescue = 客服办理紧急权限转移（平均）
word-object-successor = 接任人所需的入群时长
word-moment-dissolved = 自解散起算
word-moment-last-message = 自最后一条消息起算
word-moment-applied = 自申请起算，须提前留出
word-moment-joined = 自入群起算，须提前留出

## 教程核查

check-none = 未找到可核查的说法：文中没有涉及已记录的平台事实。
check-title = { $count } 条说法：{ $marks }
check-says = 文中称：{ $value }
check-conflict = 文中第 { $lines } 行另有说法
check-known = { $sign } { $confidence } · { $value } · { $source } · 核对于 { $date }
word-mark-confirmed = 已证实
word-mark-declared = 仅有公开说法，未获证实
word-mark-disputed = 有争议
word-mark-contradicted = 被否定
word-mark-outdated = 已过时
word-mark-self-contradictory = 自相矛盾
word-platform-any = 各平台
word-platform-law = 法律

## 错误

error-facts-value = { $value } 不能作为 { $key } 的值。
    .hint = 值的类型须与档案中该键相同：整数、文字、true 或 false。可用 `adjourn facts 平台 --only 键` 查看。
error-facts-not_overridden = { $platform } 的 { $key } 没有组织认定的值。
    .hint = `adjourn facts 平台` 用星号标出组织认定的值。
