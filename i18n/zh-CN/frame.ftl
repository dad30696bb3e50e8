# 控制台各页共有的内容：页框、状态线、错误。

console-mark = 散
console-theme-auto = 明暗：随系统
console-theme-light = 明暗：浅色
console-theme-dark = 明暗：深色
console-lost = 连接已中断。此页显示最后收到的状态，并会自动重试。
console-copy = 复制
console-copied = 已复制
console-safe = 此次操作未改动平台上的任何内容；此前的记录均已保存。
console-code = 代码：
console-moment = { $local }（UTC{ $zone }，{ $far }）
console-left = 还剩 { $length }
console-ago = { $length }前
console-now = 此刻

## 状态线上的各站

word-way-registered = 登记
word-way-operating = 运行
word-way-proposed = 拟解散
word-way-preflighted = 预检
word-way-in-review = 待复核
word-way-notice-period = 公告期
word-way-frozen = 冻结
word-way-sealed = 导出存证
word-way-unlinked = 解绑
word-way-cooling-off = 冷静期
word-way-dissolving = 解散中
word-way-observing = 观察期
word-way-verified-gone = 已核实消失
word-way-retained = 留存中
word-way-destroyed = 已销毁
