## 第三方存证

deposit-known = { $file }：{ $issuer } 仍可查到回执 { $number } 与这一摘要。
deposit-forgotten = { $file }：{ $issuer } 查不到回执 { $number }。
deposit-denied = { $file }：存证机构处编号 { $number } 现在对应的是另一份内容：{ $says }
deposit-unusable = { $file }：未查询，或答复无法采信：{ $says }
deposit-unreachable = { $file }：没有答复：{ $says }
doctor-no-deposit = 没有配置第三方存证机构：证据包里没有存证回执

error-deposit-failed = 第三方存证机构没有给出回执，也没有可用的答复。
    .hint = 没有丢失任何内容。`adjourn doctor` 可查看它是否应答。再次提交不会产生第二份回执，因为摘要就是幂等键。
error-deposit-receipt = 第三方存证机构的答复，不是由所配置的公钥为这一摘要签发的回执。
    .hint = 查明原因之前，请勿继续使用该机构。请把 `deposit.key` 与它公布的公钥核对，并向它查询。
error-deposit-unconfigured = 没有配置第三方存证机构。
    .hint = 在配置中加入 `[deposit]` 的 `url` 与 `key`，或用 `--url` 指明；`adjourn doctor` 可查看它是否应答。
error-deposit-none = 证据包 { $bundle } 不含存证回执。
    .hint = 制作时没有第三方存证机构，或它没有给出回执。`adjourn verify 证据包` 会说明证据包建立在什么之上。
error-deposit-denied = 第三方存证机构不予确认的回执：{ $count } 份。
    .hint = 请原样保留证据包，就所列编号向存证机构查询，并运行 `adjourn verify 证据包`。
error-deposit-key = { $path } 中没有 Ed25519 公钥。
    .hint = 应为一行 base64（32 字节），或 PEM 格式的公钥。

note-verify-deposit-form = 存证回执无法读取。
note-verify-deposit-digest = 存证回执所指的是另一份内容。
note-verify-deposit-signature = 存证回执的签名不成立。
note-verify-deposit-key = 存证回执出自另一家机构，而非您指明的那一家。
note-verify-proved-deposit = { $issuer } 以回执 { $number } 确认：自 { $at } 起保存着 { $file } 的摘要。
note-verify-rests-no-deposit = 没有第三方保存 { $file } 的摘要。
note-verify-rests-keeper-from-bundle = { $issuer } 的公钥（{ $key }）随证据包而来：请与该机构公布的公钥核对，或用 `--deposit-key` 给出。
note-verify-rests-keeper-given = { $issuer } 的公钥就是您给出的那一个（{ $key }）；它确实保存了所签的内容，则以它的话为据。
note-verify-rests-simulated-keeper = { $issuer } 是模拟的：它的回执不能向任何人证明什么。
note-verify-rests-late-deposit = { $file } 写明存证于 { $at }，晚于第一个不可撤回的步骤。
