# 平台以长连接向 `serve` 与 `worker` 推送的事件。

serve-streams = 以长连接推送事件的平台由本进程监听；每条长连接打开或断开时各报一行。
stream-opened = { $connection } 的身份 { $identity }：事件长连接已打开。
stream-ended = { $connection } 的身份 { $identity }：平台结束了事件长连接，将自动重新打开。
stream-lost = { $connection } 的身份 { $identity }：事件长连接已断开，将自动重试。
stream-refused = { $connection } 的身份 { $identity }：事件长连接被拒绝，每五分钟重试一次；其他工作照常进行。
stream-heard = { $connection } 的身份 { $identity }：平台通知群已终止（{ $n_heard } 条），已记入日志。
