# 成员和家长的页面：公告原文、阅读回执、异议；以及链接。

notice-title = 你所在的群将结束
notice-hash = 以上为公告原文，SHA-256
notice-stays = 解散已撤销，本群保留。以下是此前发布的公告。
notice-is-over = 已不能在此提出异议：该群已结束，或其结束已无法停止。
notice-read = 我已阅读
notice-was-read = 你已确认阅读：{ $time }。
notice-object = 我有异议
notice-object-how = 申请结束的人会答复，或转交有权决定的人。未处理的异议过多时，结束会暂停。答复会显示在此页。
notice-why = 理由
notice-object-send = 提交异议
notice-mine = 你的异议
notice-answer = 答复
notice-escalated = 已转交有权决定的人：{ $time }。
notice-name = 你的姓名
notice-for-everybody = 此链接供全群使用，每个浏览器只计一次。
notice-for-you = 此链接只属于你，请勿转发：拿到的人可以代你发言。
notice-sheet-title = 案件 { $case } 的公告链接
notice-sheet-hello = 可发在群里、张贴或随信寄出：扫码即可阅读公告，确认已读或提出异议。
notice-csv-group = 群
notice-csv-member = 成员
notice-csv-account = 账号
notice-everybody = 全群
notice-count = { $name }：{ $n_members } 人中 { $n_read } 人已读，{ $n_objections } 条异议
links-title = 案件 { $case } 的链接
links-head = 群主与成员的链接
links-owners = 有步骤要做的群主：{ $n_owners }；已完成 { $n_done } 步，共 { $n_all } 步
links-make-owners = 打印群主链接
links-make-owners-why = 之前发给群主的链接会失效。
links-make-members = 打印成员公告链接
links-revoke-member = 要撤回谁的链接：账号、姓名或其链接；留空则撤回此全群链接
links-revoke = 撤回
notice-revoked = 此前发出的链接已失效（{ $group }）。

word-event-notice-read = 公告已读
word-event-notice-revoked = 公告链接已撤回

## 错误

error-notice-link = 此链接无效。
    .hint = 请重新扫码，或向通知你的人索取新链接。
error-notice-expired = 此公告的阅读期已于 { $time } 结束。
    .hint = 已经结束。如仍有需要，请询问通知你的人。
error-notice-early = 尚未就“{ $group }”发布公告。
    .hint = 请在公告发布后再打开。
error-notice-over = 已经太晚：该群已结束，或其结束已无法停止。
    .hint = 请询问通知你的人。
error-notice-name = 此处需要姓名：一行，最多 { $max } 个字符。
    .hint = 请返回填写姓名。
error-notice-objected = 你已提出过异议，内容不同。
    .hint = 请返回，页面上有该异议及其处理情况。
error-notice-browser = 此浏览器不保存 Cookie，无法保证只计一次。
    .hint = 请允许本站 Cookie 后重新打开链接，或索取个人链接。
error-notice-revoked = 此链接已被撤回。
    .hint = 请向通知你的人索取新链接。
error-notice-member = 成员中没有名为“{ $member }”的人，或不止一个。
    .hint = 请写账号，或粘贴其链接。
error-notice-full = 该群的阅读回执已达上限。
    .hint = 请询问通知你的人。
