# 数据以代码给出的说明：note-<代码>，代码中的 . 和 _ 写作 -。
# 方案里不做的事、无从得知的事、阻塞项、变化、导出缺口、残留，以及各步骤怎么做、凭什么证明。
# 调用方没有给出的参数显示为 ?；参数 says 会自动加括号附在句末。

## 不会做的事

note-willnot-accounts = 不会停用或注销任何人的账号。
note-willnot-other-groups = 不会触及方案之外的任何群，即使成员相同。

## 无从得知的事

note-unknown-copies = 成员此前是否已转发、截图、下载或另存群内内容，无从得知。
note-unknown-encrypted = 该群的消息端到端加密，哪些能读取，要到导出时才知道；读不出的会逐条列入完整性回执。
note-unknown-activity = 平台没有告知最后活动时间，因此无法断定该群已闲置。
note-unknown-matrix-other-servers = 其他 Matrix 服务器如何处理自己的那一份副本，无从得知；本服务器无权替它们移除。

## 阻塞项，以及由谁解除

note-blocker-hold = 该群受法律保留（{ $matter }）约束，不能解散；须由一位操作人申请解除、另一位操作人确认解除，之后重新生成方案。
note-blocker-capability = { $op ->
        [dissolve] 通过这个接入既不能自动解散该群，也没有可行的人工办法；请接入管理员为它补足平台权限，或换用有权解散的身份，之后重新生成方案。
        [verify] 通过这个接入无法核实该群是否消失，也就不能出具证明；请接入管理员配置能够探测的身份，之后重新生成方案。
        [export] 通过这个接入无法导出历史，存证之前不能解散；请接入管理员补足读取权限，之后重新生成方案。
       *[other] 这个接入缺少必需的能力“{ $op }”；请接入管理员补足平台权限，之后重新生成方案。
    }
note-blocker-money = 群内挂接着与资金有关的“{ $link }”；请由其负责人在平台上结清款项并关闭它，之后重新生成方案。
note-blocker-personal = 重要级别为“个人”的群，只能由唯一的群主自己解散，而当前身份不是该群唯一的群主；请改用群主本人的身份接入，或请管理员改用有人复核的级别。

## 生成方案之后的变化

note-drift-owner = { $is ->
        [none] 群主变了。
       *[other] 群主由 { $was } 变为 { $is }。
    }
note-drift-link-new = { $link ->
        [none] 多了挂接，方案中没有它的解绑步骤。
       *[other] 多了挂接 { $link }，方案中没有它的解绑步骤。
    }
note-drift-link-lost = { $link ->
        [none] 有挂接已不在群内，并不是我们解绑的。
       *[other] 挂接 { $link } 已不在群内，并不是我们解绑的。
    }
note-drift-members = { $changed ->
        [none] 加入与退出的成员超过策略允许的比例。
       *[other] 成员加入与退出合计 { $changed } 人（方案中共 { $of } 人），超过允许的 { $percent }%。
    }
note-drift-capability = 这个接入现在能做的事，与生成方案时不同。

## 导出的缺口

note-gap-media = { $media ->
        [none] 有一个文件平台已不再提供，未能导出。
       *[other] 文件 { $media } 平台已不再提供，未能导出。
    }
note-gap-count = 平台称有 { $platform } 条记录，实际取得 { $taken } 条。

## 残留：解散之后仍然存在的

note-residue-device-copies = 成员的手机和电脑上已有的消息与文件会留在原处。
note-residue-matrix-federation = 参与过该群的其他服务器保留着它们自己的历史副本。
note-residue-matrix-client-caches = 客户端在下次同步之前仍会显示已缓存的消息；不再同步的设备会一直留着。
note-residue-matrix-server-backups = 服务器数据库和文件的既有备份中仍有该群的内容，直到备份到期。

## 怎么做：由人操作

note-person-step = { $op ->
        [none] 这一步未能自动完成；请在平台上核实现状，由人完成它，再上传能看出结果的截图。
       *[other] “{ $op }”未能自动完成；请在平台上核实现状，由人完成它，再上传能看出结果的截图。
    }
note-person-dissolve-none = 请有权解散该群的人在客户端打开群设置，选择解散群聊，再上传能看出结果的截图。
note-person-dissolve-type-name = 请有权解散该群的人在客户端打开群设置，选择解散群聊，按提示键入群名确认，再上传能看出结果的截图。
note-person-dissolve-qr-phone = 请有权解散该群的人在客户端打开群设置，选择解散群聊，按提示扫描二维码并验证手机号，再上传能看出结果的截图。
note-person-dissolve-super-admin = 请有权解散该群的人在客户端发起解散，由组织的超级管理员在平台上确认，再上传能看出结果的截图。
note-person-dissolve-handover = 请先在平台上走完工作移交审批，再由有权解散该群的人在客户端解散群聊，并上传能看出结果的截图。
note-person-handover = 请在平台上提交工作移交，由接任人接受、审批人通过，再上传能看出审批结果的截图。
note-person-transfer = 请现任群主在客户端将群主转让给接任人，再上传能看出结果的截图。
note-person-restore = 请在可恢复期内由原群主在客户端恢复该群，再上传能看出结果的截图。
note-person-unlink = 请有管理权限的人在平台上逐一移除或停用该挂接，再上传能看出结果的截图。

## 怎么做：以其他方式接近

note-leave-only = 平台的接口虽然答复成功，实际可能只是退群；因此以见证身份所见为准，群若仍在，则改由人工解散。
note-matrix-emptied = 没有服务器管理员权限，只能关上入口、移出所有成员、最后自己退出；留下的是空壳，判定也如此写明。
note-matrix-transfer-v12 = 新群主得到权限等级 100。版本 12 及以后的房间里，创建者高于一切等级，其权力收不回来；其他房间里，与执行者同级的群主只能自己放弃。结果会列出谁仍有权力。
note-matrix-verify-member = 没有服务器管理员权限，只能读取退出那一刻的成员状态；据此最多判定为空壳，不能判定为消失。

## 做不到的原因

note-missing-permission = 平台没有授予这个身份所需的权限。
note-no-handover = 平台不要求工作移交审批。
note-no-media-removal = 平台没有移除留存文件的接口。
note-no-purge = 平台没有清除留档的接口。
note-no-recovery = 平台没有可恢复期，解散后不能恢复。
note-matrix-needs-server-admin = 只有服务器管理员能做；这个身份只是群成员。
note-matrix-no-handover = Matrix 没有工作移交审批。
note-matrix-no-rooms = 这个身份不在任何群内；没有服务器管理员权限，只能处理自己所在的群。
note-matrix-no-restore = 已关闭的 Matrix 群不能恢复，只能重建。

## 凭什么证明

note-proof-bag-read-back = 归档关闭后整包回读，每个文件的哈希都与清单一致。
note-proof-clock = 由时钟证明：规定的时间已过。
note-proof-link-gone = 再次读取挂接列表，其中已没有它。
note-proof-media-not-found = 再次请求该文件，服务器答复不存在。
note-proof-members-at-departure = 退出时的群状态显示：已没有其他成员，入口也已关闭。
note-proof-message-read-back = 从平台读回这条消息，与发出的一致。
note-proof-owner-read-back = 从平台读回群主，正是指定的接任人。
note-proof-power-levels-read-back = 读回权限等级，普通成员已不能发言。
note-proof-probes = 观察期内由多个身份反复探测；判定为消失须有见证身份的证据。
note-proof-read = 直接读自平台。
note-proof-others-there = 本案其他群都已到达此处、已结束，或已等待到策略规定的时限。
note-proof-read-again = 临近解散时重新读取群主、成员、挂接和能力，与方案逐项比对。
note-proof-read-to-end = 逐页读到尽头，并与平台给出的条数核对。
note-proof-room-closed = 读回该群：已无成员，且禁止再加入。
note-proof-room-not-found = 读回该群：服务器答复不存在。
note-proof-state-read-back = 读回平台上的状态，与所做的一致。
note-proof-text-hash-read-back = 从平台读回公告，正文哈希与发出的一致。
note-proof-two-signals = 至少两个互相独立的信号，其中至少一个来自见证身份。
note-proof-witness-view = 由未执行解散的见证身份查看。
note-matrix-nobody-has-power = 这个房间里没有人有权限，因此也无法授予任何人：只能读取和解散，不能写入。
note-willnot-freeze = 不会冻结：这里没有可用的办法设为只读。由我们自己读取历史的平台，直到最后的消息会进入尾段导出。
note-willnot-announce = 不会在群内公告：这里没有可用的办法发言。请用其他方式告知成员。
note-willnot-left-out = 不解绑“{ $link }”。理由：{ $reason }
note-residue-link-left = “{ $link }”未解绑，会继续运行，直到其负责人关闭。
note-willnot-unlink = 解散前不会解绑挂接；它们随群一同结束，或成为残留。
note-willnot-dissolve = 不会解散该群，也不会移除任何成员。
note-blocker-not-member = 接任人 { $who } 不在群内。请先让该账号入群，再重新生成方案。
note-blocker-successor-bot = { $who } 是机器人。请指定一个人为接任人。
note-blocker-owns-already = { $who } 已经是群主。
note-blocker-proof = 没有任何材料证明组织或个人的身份。请用 `--proof 文件` 提供：平台客服会要求，复核人也会看到提交了什么。
note-person-rescue-wechat = 1. 再次用电话和书面方式联系现任群主：还能登录的，请在客户端转让（右上角 → 群管理 → 群主管理权转让）。2. 否则持本方案列明的证明材料向腾讯客服申请紧急权限转移。3. 平均约 48 小时；这只是平均值，超过后会提醒您。请上传受理回执，之后再上传能看出新群主的截图。切勿登录他人账号。
note-person-rescue-qq = 1. 再次联系现任群主：还能登录的，请在客户端转让群。2. 否则持本方案列明的证明材料向腾讯客服申请紧急权限转移。3. 平均约 48 小时，超过后会提醒您。请上传受理回执，之后再上传能看出新群主的截图。切勿登录他人账号。
note-person-rescue-dingtalk = 1. 由企业主管理员在管理后台更换群主。2. 否则持本方案列明的证明材料向钉钉客服提交工单。3. 平均约 48 小时，超过后会提醒您。请提供工单号，之后再上传能看出新群主的截图。
note-person-rescue-wecom = 1. 由企业管理员在管理后台继承该群（客户群：离职继承）。2. 否则持本方案列明的证明材料向企业微信客服提交工单。3. 平均约 48 小时，超过后会提醒您。请上传受理回执，之后再上传能看出新群主的截图。
note-person-rescue-matrix = 由服务器管理员将接任人设为该房间的管理员，再上传能看出结果的截图。
note-person-rescue-reference = 请持本方案列明的证明材料向平台客服申请；上传受理回执，之后再上传能看出新群主的截图。
note-person-rebuild = 该群无法恢复。请由人工用相同成员新建一个群：群号不同、没有历史，只能称为“重建”，不是“恢复”。请在群名中让成员看出区别，公告何处可以查询已存证的历史，再上传截图。
