## 控制台里的演练

drill-label = 演练：这里的一切都不会触及真实平台
drill-clock = 虚拟时钟：{ $time }
drill-next = 到下一件事
drill-hour = ＋1 小时
drill-day = ＋24 小时
drill-switch = 换一个人
drill-password = 所有人的密码：{ $password }
drill-people = 演练里的人
drill-as = { $name } · { $role }
drill-guide = 一个群的结束，六步
drill-choose = 以发起人的身份，选一个群。
drill-draw = 生成方案：写明会发生什么，哪些能撤回，哪些不能。
drill-review = 提交审核，再换两个人分别批准。没有人审核自己的方案。
drill-apply = 以发起人的身份，执行方案。
drill-steer = 让时钟走下去，直到结束后满 72 小时。需要人在客户端里做的，脚本人员会在时间经过时做。
drill-verify = 在终端里核验证据包，不需要这个控制台：
demo-serve-listening = 演练，种子 { $seed }：控制台在 { $address }，平台是模拟的，虚拟时钟由人推动。
demo-serve-api = API 文档：{ $address }/api/openapi.json；{ $name }的令牌（不保护任何东西）：{ $token }
demo-serve-password = 演练里所有人的密码，不保护任何东西：{ $password }
demo-serve-person = { "  " }{ $name }（{ $role }）
