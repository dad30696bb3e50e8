## 存储中的归档

storage-put = { $file }：{ $bytes } 字节已存入 { $place }，并已回读核对。
storage-already = { $file }：{ $place } 已有相同内容。没有再次发送，已回读核对。
storage-locked = 已锁定（{ $mode }），至 { $until }。SHA-256 { $sha256 }
storage-unlocked = 未锁定。SHA-256 { $sha256 }
storage-hold = 法律保留：已开启。
storage-clear = { $file } 没有加密封存：能读取存储桶的人就能读取它，销毁密钥也不会使它变得不可读。
storage-would-put = 将把 { $file } 存入 { $bucket }，键为 { $key }。
storage-would-look = { $key } 已存在：将回读并比对，绝不覆盖。
storage-got = { $out }：{ $bytes } 字节，与存入时的哈希一致。日志中没有它的记录。SHA-256 { $sha256 }
storage-got-known = { $out }：{ $bytes } 字节，与日志中的哈希一致。SHA-256 { $sha256 }
storage-later = 导出已完整保存在磁盘上，尚未存入存储（{ $code }）：{ $says }
storage-by-itself = `adjourn serve` 或 `adjourn worker` 运行时会自行重试；也可用 `adjourn archive put --all` 立即存入。
storage-again = 再次执行同一条 `adjourn export` 即可存入。
storage-waiting = { $count ->
        [0] 已完成的导出都已存入。
       *[other] 有 { $count } 个已完成的导出尚未存入。用 `adjourn archive put --all` 立即存入。
    }
storage-held = 其中 { $count } 个未加密，而存储桶会锁定存入的内容：不会自行存入。`adjourn archive put --all --in-clear 原因` 可按原样存入。
storage-stays = 它不会自行存入。设置 `[archive] seal = true` 后，今后的导出会加密封存。
storage-looked = { $bucket }（版本：{ $versioned }，对象锁定：{ $locking }）
storage-on = 开启
storage-off = 关闭
storage-not-told = 该密钥无权查询

word-lock-mode-governance = 治理模式
word-lock-mode-compliance = 合规模式
word-event-archive-stored = 存入归档
word-event-archive-fetched = 取回归档

error-storage-clear = { $file } 未加密，而此存储桶会锁定存入的内容：销毁任何密钥都不会使它变得不可读，锁定期满前也无人能删除它。
    .hint = 先封存：用 `adjourn archive seal`，今后的导出可设置 `[archive] seal = true`。去标识化副本旁有 `redact` 的报告时可直接存入。仍要以明文存入的，须写明原因：`--in-clear 原因`。此文件未存入。
error-storage-drill = { $group } 是演练中的群：模拟的内容不会自行存入。
    .hint = 无需处理。若要试一试，可用 `adjourn archive put 文件` 存入演练的文件。
error-archive-reason = 原因须为 1 至 { $limit } 个字符。
    .hint = 用一句话写明为何必须以明文存放。没有做任何事。
error-storage-packing = 另一个进程正在存入导出。
    .hint = 请等它结束：它存入的无需再存。
error-storage-unconfigured = 没有配置存储：归档放在证据包文件夹中。
    .hint = 在配置中加入 `[storage]`，并设 `kind = "s3"`；用 `adjourn doctor` 查看能否连通。
error-storage-auth = 存储拒绝用该密钥访问存储桶 { $bucket }：{ $says }
    .hint = 检查 `storage.access_key` 及其密钥，以及它的权限：写入、读取、列出分段。没有存入任何内容。
error-storage-bucket = 没有存储桶 { $bucket }。
    .hint = 检查 `storage.bucket` 和 `storage.path_style`。Adjourn 不创建存储桶：对象锁定往往只能在创建时开启。
error-storage-clock = 时钟相差太大：本机为 { $here }，存储为 { $there }。
    .hint = 请用时间服务器校准本机时钟。没有存入任何内容。
error-storage-redirect = 存储称存储桶 { $bucket } 在别处：{ $place }（{ $says }）
    .hint = 检查 `storage.endpoint` 和 `storage.region`。从不跟随重定向：否则归档会被送到没有人配置过的地址。
error-storage-network = 无法连接存储：{ $says }
    .hint = 已存入的内容不受影响。再次执行同一命令会从中断处继续。
error-storage-busy = 存储暂时不接受请求：{ $says }
    .hint = 已重试多次。稍后执行同一命令，会从中断处继续。
error-storage-full = 存储已满，或已达到配额：{ $says }
    .hint = 腾出空间后再次执行该命令：已发送的分段不会再发送。
error-storage-refused = 存储拒绝了请求：{ $says }
    .hint = 请在该服务器的手册中查找这条说明。没有记为已存入。
error-storage-reply = 存储的回应无法使用：{ $says }
    .hint = 检查 `storage.endpoint`：它是兼容 S3 的服务器地址吗？中间有没有别的设备？没有记为已存入。
error-storage-no_lock = 存储桶 { $bucket } 没有对象锁定，而配置要求锁定。
    .hint = 换用开启了对象锁定的存储桶，或设 `storage.lock = "none"` 和 `storage.legal_hold = false`。没有存入任何内容。
error-storage-lock = { $key } 已在存储中，但没有按配置锁定。它的锁定：{ $says }
    .hint = 没有记为已存入。请用存储自己的工具锁定该对象，或允许密钥查看锁定，然后再次执行该命令。
error-storage-exists = { $key } 下已有别的内容。
    .hint = 没有覆盖任何内容。请给文件换个名字，或用 `adjourn archive get` 查看已有的内容。
error-storage-damaged = { $key } 下的内容不是应有的内容：{ $says }
    .hint = 请保留本地文件，不要依赖这份副本，并询问存储的管理者。没有记为已存入。
error-storage-changed = { $file } 在存入过程中发生了变化。
    .hint = 等没有人再写入时再存。没有记为已存入。
error-storage-unknown = { $key } 下没有内容。
    .hint = 键即 `adjourn archive put` 给出的键，不含配置的前缀。
error-storage-unhashed = 没有人知道 { $key } 应有的哈希：日志和存储都没有记录。
    .hint = 它不是由 Adjourn 存入的。请用存储自己的工具取回。
error-storage-name = { $file } 不能作为存储的键。
    .hint = 键是由普通名称组成的路径，最长 900 字节，不含 `.`、`..`、反斜杠和控制字符。
error-storage-size = { $file } 大于 { $limit } GiB。
    .hint = 请拆分：否则一个分段所需的内存会超过上限。
