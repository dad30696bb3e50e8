# 企业微信：各步骤如何完成、以什么为证、什么会留下、什么无从得知。各类条目与 notes.ftl 相同。

note-wecom-accepted-only = 由应用向群发送。平台只答复“已受理”，事后不向任何人展示该消息：受理不等于送达，超出成员限额的会被悄悄丢弃。有疑问时不再发送，由人查看。
note-wecom-person-announce = 应用无法在客户群发消息：由群主或管理员在客户端原文发布。平台不向任何应用展示该内容，此步骤以人为凭：用 `adjourn step done` 附上群内截图（`--evidence`），或由两人各以自己的密钥确认。若会话内容存档覆盖发布者，请先交入存档，届时将从中读取核对。
note-wecom-person-dissolve = 没有接口能解散群。工作移交审批通过后，由管理员在管理后台解散，或由群主在客户端依次打开群设置 → 解散群聊；然后上传能看出结果的截图。全员群、部门群和员工服务群不能手工解散。
note-wecom-robots-named = 没有接口能列出群机器人。接入配置中写明的机器人会用一条发不出去的空消息试探，其余的看不到。
note-wecom-archive-import = 历史来自人工上传的、已解密的会话内容存档记录。该存档须付费开通，只覆盖已开通的成员，约保留 5 天；缺失的序号会列为缺口。
note-wecom-verify-app = 客户群通过详情、列表和带签名的解散事件核实。应用创建的群只有该应用能读：要判定“已核实消失”，须由见证应用被告知该群不存在，或由人出具证明。
note-wecom-no-freeze = 平台没有让群只读的接口。
note-proof-told-by-person = 由一人说明并交入可见证的材料，或由两人分别说明。此事无法回读：标记为“由人告知”，绝不标为机器核验，除非交入的会话存档中有该内容。
note-proof-accepted-not-delivered = 平台答复已受理，且该群存在；是否有人收到无法读取。
note-proof-wecom-robot-answers = 用空消息试探机器人的地址，平台答复没有这个机器人。
note-proof-wecom-approval-read = 从平台读取该群的移交审批单，状态为已通过。
note-residue-wecom-archive = 已被企业的会话内容存档取走的内容会留在存档中。
note-residue-wecom-drive = 成员存入企业微盘的文件会留在那里。
note-unknown-wecom-notice = 解散时成员会收到什么通知，没有官方资料可查。
note-unknown-wecom-delivery = 应用发出的消息是否到达某个成员，无从读取。
note-gap-archive = { $first ->
        [none] 所上传的存档缺少部分序号。
       *[other] 所上传的存档缺少序号 { $first } 至 { $last }。序号覆盖全部会话，无法判断缺的是谁的消息。
    }
note-gap-archive-more = 另有 { $n_more } 段序号缺失。
