# `adjourn sim`：套接字上的模拟平台。

sim-phones = 其中各人的手机页面：http://{ $address }/phone
sim-unexpected = 已拒绝，任何客户端都不该这样请求：{ $line }
sim-summary = 模拟的 { $what } 已结束：{ $requests } 个请求，{ $frames } 个帧，{ $unexpected } 个不该有的请求。
sim-effect = 实际发生：{ $op } × { $count }，{ $group }

error-sim-faults = 这不是故障计划：{ $spec }。
    .hint = 请写成 KIND[:NUMBER][@[METHOD ]PATH][#NTH]，例如 reply_lost@POST /dissolve#2。可用的种类：{ $kinds }。
error-sim-world = 没有这个世界：{ $world }。
    .hint = 请写平台名或 reference，或给出 JSON 文件；有些平台的模拟器只有自带的世界。
error-sim-clock = 这不是时间点：{ $time }。
    .hint = 请写成 2026-11-02T01:00:00Z。
error-sim-unexpected = 模拟平台收到 { $count } 个任何客户端都不该发出的请求。
    .hint = 上面每行是其中一个。遵循平台文档的客户端不会发出这样的请求。
error-sim-rules = { $platform } 的模拟器不能改用平台档案中的规则。
    .hint = 请去掉 --rules：这个模拟器只遵循自己的文档。
