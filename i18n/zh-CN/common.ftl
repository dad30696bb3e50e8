# 多个命令与页面共用的短句。

next-command = 下一步：{ $command }
