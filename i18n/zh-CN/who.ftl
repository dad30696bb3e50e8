# 谁有权同意：复核策略、委托、通行密钥。通行密钥一律写作“经用户验证的通行密钥（指纹、面容或 PIN）”。

review-or = { " " }或{ " " }
review-asked = 已请、尚未答复：{ $people }
review-asked-one = { $name }（{ $role }）
review-asked-lent = { $name }（{ $role }，代 { $from }）
review-asked-no-passkey = { $person }，还没有通行密钥
review-answered = ✓ { $name }（{ $role }）于 { $at } 同意
review-answered-lent = ✓ { $name }（{ $role }，代 { $from }）于 { $at } 同意
review-passkey = 使用经用户验证的通行密钥
review-until = 有效至 { $until }
review-expired = ✗ 自 { $until } 起不再有效，须由 { $name } 重新同意
review-by = 请在 { $until } 之前答复，逾期将告知{ $roles }。不答复不等于同意。
review-overdue = 自 { $until } 起逾期。{ $escalated ->
        [yes] 已告知{ $roles }。
       *[no] 将告知{ $roles }。
    }不答复不等于同意。
review-needs-passkey = 每一次同意都须使用经用户验证的通行密钥（指纹、面容或 PIN）：`adjourn approve { $case } --passkey`
case-overdue = 复核自 { $until } 起逾期
plan-review-ttl = 每次同意的有效期为 { $hours } 小时。
plan-review-unmeetable = ! 按目前人员，此复核不可能完成：除发起人外，“{ $role }”有 { $have } 人，需要 { $need } 人。
doctor-unmeetable = 按目前人员，此复核不可能完成：“{ $role }”有 { $have } 人，需要 { $need } 人（没有接入使用这一级别）

delegation-made = { $to } 在 { $until } 之前可代 { $from } 以{ $role }身份复核（{ $id }）。
delegation-line = { $from } → { $to }  { $role }  { $since } 至 { $until }
delegation-none = 没有委托。
delegation-revoked = 委托 { $id } 已收回。此前依此作出的同意仍然有效。
word-lent-holds = 有效
word-lent-over = 已到期
word-lent-revoked = 已收回

passkey-open = 请在使用通行密钥的浏览器中打开：{ $url }
passkey-waits = 等待浏览器，最多 { $seconds } 秒……
passkey-added = { $name } 已有通行密钥（{ $credential }……，{ $algorithm }），用于 { $rp } 的页面。
passkey-none-yet = 还没有人添加通行密钥。
passkey-revoked = 该通行密钥已停用。此前的签名仍然有效。
word-passkey-fine = 正常
word-passkey-revoked = 已停用
word-passkey-suspect = 计数曾倒退

passkey-title-add = 添加通行密钥
passkey-title-approve = 复核方案
passkey-title-confirm = 确认方案
passkey-hello-add = { $name }，本设备或安全密钥将为你生成一把通行密钥。用指纹、面容或 PIN 解锁；这些信息不会离开设备。
passkey-hello-approve = { $name }，你将签署：同意的正是这一份方案。
passkey-hello-confirm = { $name }，你将确认的正是这一份方案，随后开始执行。
passkey-case = 案件 { $case }
passkey-plan = 方案的 SHA-256：{ $hash }
passkey-compare = 请与命令行显示的内容核对。
passkey-button-add = 生成通行密钥
passkey-button-approve = 用通行密钥同意
passkey-button-confirm = 用通行密钥确认
passkey-page-done = 已完成。可以关闭本页，回到命令行继续。
passkey-page-no = 没有成功：{ $says } 可以再试一次。
passkey-page-refused = 已被拒绝
passkey-page-over = 本页已用过或已过期，请从命令行重新开始。
passkey-page-no-script = 本页需要 JavaScript，并需要支持通行密钥的浏览器。

word-event-review-refused = 已拒绝：无权复核
word-event-review-escalated = 复核逾期，已告知

error-approval-expired = 案件 { $case } 的同意已过有效期，目前还差：{ $missing }。
    .hint = 请原复核人再次执行 `adjourn approve { $case }`；正在等待的案件随后自动继续。
error-approval-passkey = 案件 { $case } 在这一步须使用经用户验证的通行密钥（指纹、面容或 PIN）。
    .hint = 加上 `--passkey`，会在浏览器中打开页面；先用 `adjourn principal passkey add NAME` 添加通行密钥。
error-policy-unmeetable = 级别 { $class } 的复核不可能完成：除发起人外需要 { $need } 名“{ $role }”，现有 { $have } 名。
    .hint = 请添加人员（`adjourn principal add NAME --role { $role }`），或在配置中修改该级别的复核要求并重新生成方案。
error-delegation-self = { $principal } 不能把角色委托给自己。
    .hint = 请指定另一位操作人；`adjourn principal ls` 列出所有人。
error-delegation-role = { $principal } 本人没有“{ $role }”角色，不能委托。
    .hint = 只能委托添加本人时登记的角色；受托得来的角色不能再委托。
error-delegation-time = 委托的截止时间须在将来，最长 { $limit } 天；{ $until } 不符合。
    .hint = 截止时间按 RFC 3339 书写（`--until 2026-12-24T18:00:00+08:00`）。
error-delegation-reason = 委托须写明理由，最多 { $limit } 个字符。
    .hint = 审计人员会看到：请说明为何委托。
error-delegation-unknown = 没有生效中的委托 { $delegation }。
    .hint = 用 `adjourn principal delegations` 查看。
error-passkey-invalid = 通行密钥的应答被拒绝：{ $what ->
        [challenge] 它针对的是另一份方案、另一个人，或另一次请求。
        [user-verification] 没有以指纹、面容或 PIN 验证用户。
        [user-presence] 没有人在场。
        [signature] 签名不成立。
        [credential] 它不是这个人的通行密钥。
        [relying-party] 它属于另一个站点。
        [origin] 它来自另一个页面。
       *[other] { $what } 不符。
    }
    .hint = 没有写入任何内容。请重新开始；若再次被拒，请告知系统管理人员。
error-passkey-algorithm = 不接受该验证器生成的密钥类型；只接受 ES256 和 EdDSA。
    .hint = 请换用其他设备或安全密钥。
error-passkey-exists = 这把通行密钥已添加过。
    .hint = 一把通行密钥只属于一个人；见 `adjourn principal passkey ls`。
error-passkey-limit = 每人最多 { $limit } 把通行密钥。
    .hint = 请先停用一把：`adjourn principal passkey revoke CREDENTIAL`。
error-passkey-none = { $principal } 没有用于 { $rp } 页面的通行密钥。
    .hint = 添加：`adjourn principal passkey add { $principal }`。
error-passkey-owner = 通行密钥只能由本人用自己的密钥添加；{ $principal } 是另一个人，或不存在。
    .hint = 请填自己的名字，或请本人执行该命令。
error-passkey-unknown = 没有唯一一把以 { $credential } 开头的有效通行密钥。
    .hint = 用 `adjourn principal passkey ls` 查看，并多给几位。
error-passkey-counter = 该通行密钥自报签过 { $got } 次，而此前已报 { $had } 次：可能存在副本。应答已被拒绝，并已记入日志。
    .hint = 请询问持有人；用 `adjourn principal passkey revoke CREDENTIAL` 停用并重新添加。
error-passkey-timeout = 浏览器在 { $seconds } 秒内没有应答。
    .hint = 没有写入任何内容。请重新执行命令，并及时打开页面。

note-verify-approval-delegation = 有人以当时并未受托的角色作出同意。
note-verify-approval-expired = 开始不可撤回的操作时，同意已过有效期。
note-verify-passkey-missing = 方案要求经用户验证的通行密钥，但没有使用。
note-verify-passkey-invalid = 通行密钥签署的内容或其文件不符。
note-verify-proved-passkey = { $principal } 对这一份方案使用了经用户验证的通行密钥（指纹、面容或 PIN）；供 openssl 核验的文件：{ $folder }。
note-verify-rests-delegated = { $principal } 代 { $of } 以{ $role }身份同意，该角色由后者委托。
