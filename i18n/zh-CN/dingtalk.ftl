## 钉钉：怎么办

note-person-dingtalk-dissolve = 普通群无法由应用解散。请主管理员（官方帮助则说由群主）在客户端打开“群设置 → 解散企业群”；组织要求审批的，由超级管理员审批。若中断：清除缓存，改用管理员账号，并先看清是否已经解散。办完后上传能看出结果的截图。
note-person-dingtalk-export = 没有接口能读取群的历史消息。请成员在客户端导出（或由机器人自安装起采集）后交来文件；通讯录由管理员从管理后台导出。
note-dingtalk-robots-only = 只列得出机器人。群内的应用、小程序和快捷入口没有接口可查，请在群设置里查看。
note-dingtalk-announce-robot = 由应用机器人发消息：能确认已发出，但读不回原文。机器人的消息可以通过接口撤回。
note-dingtalk-announce-organisation = 以企业公告发给群成员，设了免打扰的人也能收到；可在管理后台撤回。

## 钉钉：为什么办不到

note-dingtalk-no-operator = 群公告须以管理员名义发布，而 operator 设置没有指明由谁发布。
note-dingtalk-no-chatid = 不知道该群的 chatid，无法对普通群禁言。请把它补进 groups 设置。
note-dingtalk-no-purge = 没有接口能清除已解散群留下的内容：云盘与合规归档归组织所有，恢复须由法务提出请求。
note-dingtalk-no-restore = 平台自己的命令行工具写明，解散后不可恢复。可以提交工单申请，但没有人保证有用。

## 钉钉：留下什么，什么无从得知

note-residue-dingtalk-drive = 已同步到企业云盘的内容仍在云盘；文件在合规归档中（据称 180 天）。
note-residue-dingtalk-robot-servers = 机器人的服务端仍在运行：须由所有者手动关闭，交互日志也会保留。
note-residue-dingtalk-apps = 应用与小程序的授权记录会保留；企业应用用到别的群时须重新配置。
note-unknown-dingtalk-notice = 群解散时成员会看到什么，没有公开资料。
note-unknown-dingtalk-apps = 群内挂接了哪些应用与小程序，无法读取。

## 钉钉：以何为证

note-proof-message-sent = 平台答复消息已发出；原文无法回读。
note-proof-export-checked = 核对交来的文件：列名、条数、首末记录。
