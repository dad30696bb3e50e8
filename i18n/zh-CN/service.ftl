## 服务

serve-metrics = 指标：http://{ $address }/metrics
webhook-none = 没有配置 webhook。
webhook-line = { $name }：已通知到事件 { $next }
webhook-failing = { $name }：已失败 { $n_failed } 次；最近一次：{ $says }
webhook-given-up = { $name }：已于 { $at } 放弃；最近一次：{ $says }。`adjourn webhook replay { $name }` 可重新开始。
webhook-tested = { $name } 接受了测试。
webhook-replay = 将由 `adjourn serve` 或 `adjourn worker` 从事件 { $from } 起重新通知 { $name }。
