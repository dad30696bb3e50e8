# 导出：`export` 命令、导出回执的内容，以及平台要求的等待。

progress-paused = 接入 { $connection } 的身份 { $identity } 按平台要求等待 { $n_seconds } 秒，其他账号照常进行
export-taken = 已取得 { $n_records } 条记录和 { $n_media } 个文件；平台称有 { $platform } 条记录。
export-undecryptable = 其中 { $count } 条此账号无法解密。
export-repeated = 平台重复给出 { $count } 条内容相同的记录，各只保留一份。
export-compared = 已另行向平台清点一遍，并逐日比对。
export-not-compared = 平台没有可供比对的第二份清单。
export-item = { $id }，所在页 { $cursor }：{ $why }（{ $count } 条）
export-more = 回执中另有 { $count } 行
export-lies = 归档在 { $path }：{ $n_bytes } 字节，哈希 { $hash }
export-clear = 消息、成员和媒体以明文存放：拿到文件夹的人就能读取。设置 `[archive] seal = true` 后，今后的导出会加密封存。
export-sealed = 消息、成员和媒体已用群的密钥封存，密钥销毁后便不可读。
export-partly = 导出不完整，缺少的内容见回执。

word-export-reason-page = 平台无法给出，未取得
word-export-reason-shape = 格式不符合记录的要求，未取得
word-export-reason-duplicate = 与先前取得的记录编号相同而内容不同，未取得
word-export-reason-time = 时间早于 1970 年或晚于 2099 年，照原样保留
word-event-history-exported = 导出历史

note-gap-bad = 有 { $n_records } 条记录未能取得，回执逐项列出所在页和原因。
note-gap-day = { $day } 平台列出 { $platform } 条记录，实际取得 { $taken } 条。
note-gap-media-failed = 平台无法给出文件 { $media }，未能导出。
note-gap-more = 另有 { $n_more } 个文件缺失。

error-export-busy = 另一个导出正在写入 { $folder }。
    .hint = 请等它结束，或另选一个文件夹。
