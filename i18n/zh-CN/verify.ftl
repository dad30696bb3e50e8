# 校验证据的结果：note-verify-<代码>，代码见 crates/evidence。文件名由界面另行列出，英文细节可作为参数 says 附上。

## 使证据无效的问题

note-verify-bag-unreadable = 文件无法读取。
note-verify-bag-form = 标签文件不符合 BagIt 或本包的写法。
note-verify-bag-altered = 文件内容与清单中的哈希不符。
note-verify-bag-missing = 清单列出的文件不在包中。
note-verify-bag-extra = 包中有清单没有列出的内容。
note-verify-bag-duplicate = 清单把同一个文件列了两次。
note-verify-bag-escape = 路径指向包外，或它是链接、设备。
note-verify-bag-count = 文件数或字节数与 Payload-Oxum 不符。
note-verify-bundle-missing = 缺少每个证据包都应有的文件。
note-verify-bundle-form = 证据包中的文件无法理解。
note-verify-bundle-content = 证据包的内容与检查点签名所指的不符。
note-verify-plan-hash = 方案不是日志所记的那一份。
note-verify-plan-groups = 证据包中的群与方案中的群不符。
note-verify-principal-conflict = 操作人的记录互相矛盾，或与日志矛盾。
note-verify-approval-signature = 一份复核的签名不成立。
note-verify-approval-plan = 一份复核针对的是另一份方案或另一个案件。
note-verify-approval-journal = 一份复核不在日志中，或与日志不符。
note-verify-approval-quorum = 方案要求的复核没有完成。
note-verify-journal-commitment = 一条日志的内容与当初的承诺值不符。
note-verify-journal-inclusion = 一条日志不在透明日志的哈希树中。
note-verify-journal-order = 日志次序有误，或缺少条目。
note-verify-checkpoint-signature = 检查点的签名不成立。
note-verify-log-key = 日志的密钥不是预期的那一把。
note-verify-timestamp-form = 可信时间戳无法读取，或并未签发。
note-verify-timestamp-imprint = 可信时间戳所指的是另一份内容。
note-verify-timestamp-signature = 可信时间戳的签名不成立。
note-verify-timestamp-chain = 时间戳机构不在所信任之列。
note-verify-order-seal = 归档存证回读之前，已做了不可撤回的事。
note-verify-order-approval = 复核通过之前，已做了不可撤回的事。
note-verify-order-hold = 法律保留生效期间，做了不可撤回的事。
note-verify-certificate-verdict = 证明、判定与日志三者不一致。
note-verify-receipt-counts = 归档的内容与完整性回执的计数不符。
note-verify-receipt-media = 媒体文件与归档所列的不符。

## 证明了什么

note-verify-proved-intact = 自封包以来，没有文件被改动、增加或取走（{ $files } 个文件，{ $bytes } 字节，包哈希 { $bag_hash }）。
note-verify-proved-content = 证据包的内容正是日志签名所指的内容（{ $content_hash }）。
note-verify-proved-report = 报告（{ $form }）正是日志签名所指的那一份（{ $sha256 }）。
note-verify-proved-plan = 方案就是当初生成的那一份（{ $plan_hash }）。
note-verify-proved-approved = { $principals } 各以自己的密钥复核通过了这一份方案（{ $plan_hash }）。
note-verify-proved-journal = 所附 { $events } 条事件都在透明日志 { $origin } 中（共 { $size } 条），内容与次序未变。
note-verify-proved-time = { $file } 在 { $at } 已经存在，内容与现在相同。
note-verify-proved-order = 对 { $group } 做的不可撤回的事（{ $intents } 项），都在复核通过和归档存证回读之后。
note-verify-proved-archive = { $group } 的归档与完整性回执相符：{ $messages } 条消息，{ $media } 个媒体文件。
note-verify-proved-verdict = 日志对 { $group } 的判定是“{ $verdict }”。

## 依据什么

note-verify-rests-key-from-bundle = 日志的公钥来自证据包本身（{ $key }）；请与您所知的公钥比对，或在校验时自行给出。
note-verify-rests-key-given = 日志的公钥由您给出（{ $key }）。
note-verify-rests-principals = 这些密钥确属这些人：{ $principals }。
note-verify-rests-no-timestamp = { $file } 没有可信时间戳，时间只以日志自身为据。
note-verify-rests-unvouched-authority = { $file } 的时间戳签名有效，但没有人为时间戳机构作保；可用 `--tsa-ca` 给出您信任的机构。
note-verify-rests-simulated-authority = { $file } 的时间戳来自模拟的时间戳机构：不能向任何人证明什么。
note-verify-rests-authority = 为 { $file } 签发时间戳的机构是您所信任的。
note-verify-rests-late-timestamp = { $file } 的时间戳签发于 { $at }，晚于第一个不可撤回的步骤。
note-verify-rests-destroyed = 有 { $events } 条事件的内容已按规定销毁，无法再核对；承诺值仍在日志中。
note-verify-rests-sealed-original = { $group } 的 { $messages } 条消息已用该群的密钥封存。内容是否相符，依据第一个不可撤回步骤之前的回读（SHA-256 { $sha256 }）。
note-verify-rests-uncounted = { $group } 的归档与封存时一致；收据所列 { $messages } 条消息未逐条清点：去掉 `--quick` 即可清点。
note-verify-rests-earlier-history = { $stream } 只附第 { $version } 号及以后的事件，更早的不在证据包中。
note-verify-rests-typed-confirmation = { $principal } 发起并以键入的方式亲自确认；这一级别没有他人复核。
note-verify-rests-human-attestation = { $group } 已经消失一事，以人的签名陈述为据，而非见证身份。
note-verify-rests-incomplete-archive = { $group } 的归档不完整：缺口 { $gaps } 处，无法解密的消息 { $undecryptable } 条。
note-verify-rests-told = 报告内容由持有日志密钥的一方依据日志得出。
note-verify-rests-platform = 平台展示给我们的就是它实际所有的；这一点除平台自己外，谁也无法证明。
