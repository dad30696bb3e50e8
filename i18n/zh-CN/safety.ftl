# 从外部接收什么、拒绝什么：提交的文件、请求、连接。

task-camera = 拍一张照片
task-handed = 已提交：{ $name }，SHA-256
task-handed-cleaned = 已去除其中的位置、时间、设备和注释信息；原文件的 SHA-256

## 错误

error-upload-active = { $file } 打开时可能执行内容：网页、带标记的图形，或含脚本、内嵌文件的文档。
    .hint = 请截图后提交截图。
error-upload-picture = { $file } 开头像图片，但无法读取，或像素过多。
    .hint = 请打开后截图，再提交截图。
error-upload-kind = { $file } 不是可以说明操作结果的文件。
    .hint = 请提交图片（JPEG、PNG、WebP、GIF）、文本或表格（TXT、CSV、JSON、XLSX）或 PDF。手机拍摄 HEIC 时可另存为 JPEG。
error-request-large = 提交的内容超过了上限。
    .hint = 请缩短文字，或提交较小的文件。
error-request-slow = 提交的内容传输过慢，未再等待其余部分。没有改动任何内容。
    .hint = 请换一个更好的网络重试，或提交较小的文件。
