# 任务链接：群主打开的页面、链接清单、催办。

task-title = 待结束的群
task-hello = { $name }，以下是你的群，以及每个群要做的事。不需要账号：本页只给你一个人。
task-progress = 已完成 { $n_done } 步，共 { $n_all } 步
task-until = 本页在 { $time } 之前可以打开。
task-deadline = 请在 { $time }之前完成
task-private = 拿到链接的人都能打开本页，请勿转发。
task-step-open = 打开客户端，进入群“{ $name }”，确认没有弄错。
task-step-path = 操作路径：{ $path }
task-step-shot = 截一张能看出结果的图。
task-step-upload = 在下面提交。
task-files = 截图或导出文件
task-typed-name = 你在客户端里键入的群名
task-qr-scanned = 我已扫描二维码
task-phone-confirmed = 我已用手机验证
task-approved-by = 在平台上审批的人
task-done = 已完成
task-cant = 我做不了
task-reason = 为什么？（没有按钮、已不是群主、手机丢了……）
task-cant-send = 提交：做不了
task-refused = 没有成功
task-back = 返回我的群

word-task-open = 待办
word-task-overdue = 已超期
word-task-cant = 做不了
word-task-later = 尚未轮到
word-task-said = 已提交，核对中
word-task-done = 已完成
word-task-over = 已结束

## 命令行

task-links-written = 已为 { $count } 位群主生成链接，{ $time } 之前可以打开。
task-file-written = 已写入：{ $path }。拿到它的人可以替群主答复：每位群主只给他自己的那一条。
task-owner-line = { $name }（{ $contact }）：{ $states }
task-owner-due = 该催办了
task-owner-no-link = 还没有链接
task-nobody-head = 有 { $count } 步联系不到任何人：
task-nobody-line = { $group }：{ $step }（{ $why }）
task-none = 这个案件没有人工步骤。
task-reminded = { $count ->
        [0] 目前没有需要催办的群主。
       *[other] 已记录对 { $count } 位群主的催办。
    }
word-no-contact-unregistered = 台账里没有这个群
word-no-contact-no-contact = 台账里没有群主的联系方式

## 打印的链接清单

task-sheet-title = 案件 { $case } 的任务链接
task-sheet-cut = 沿线裁开，每位群主只给他自己的那一张。
task-sheet-scan = 扫码，或输入网址：
task-sheet-groups = { $count } 个群
task-csv-owner = 群主
task-csv-contact = 联系方式
task-csv-groups = 群数
task-csv-open = 待办步骤
task-csv-link = 链接
task-csv-until = 有效至

## 事件

word-event-registered = 已登记
word-event-tasks-issued = 生成任务链接
word-event-reminded = 催办群主

## 错误

error-task-link = 这个链接无效。
    .hint = 请原样打开收到的链接，或重新扫码；仍打不开，请联系发给你的人。
error-task-expired = 这个链接已在 { $time } 到期。
    .hint = 请向发给你的人要一个新的；你提交过的内容都还在。
error-task-replaced = 这个链接已被更新的链接取代。
    .hint = 请用最近收到的链接，或联系发给你的人。
error-task-settled = 这一步现在不需要你操作。
    .hint = 返回看看进展；之前提交的内容算数。
error-task-size = { $limit ->
        [none] 文件太大。
       *[other] 文件太大；每个不超过 { $limit } MB。
    }
    .hint = 请提交截图而不是视频，或分次提交。
error-task-form = 提交的内容读不出来。
    .hint = 请返回，重新选择文件再提交一次。
error-task-nobody = 案件 { $case } 没有能联系到群主的人工步骤。
    .hint = 先用 `adjourn register --ledger 文件` 登记群主和联系方式；`adjourn task ls { $case }` 列出缺了谁。
error-task-url = { $url } 不能作为链接的开头。
    .hint = 请给出群主能访问到 `adjourn serve` 的网址，例如 https://adjourn.example.org，不带 ? 和 #。
