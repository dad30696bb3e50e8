## 演练：脚本人员，以及两套规则的差别

demo-person-pretends = { $name }：脚本人员称交接已审批。其实没有；平台会答复。
demo-export-accepted = { $name }：脚本人员按现状接受了导出。{ $gaps }
demo-difference = { "  " }{ $id } { $key }：公开说法 { $declared }，已证实 { $confirmed }；本次按 { $here }
note-gap-by-hand = 没有接口能取回这段历史。人工导出并交来的文件原样存于证据中，未经读取；档案里没有自己的记录。
note-residue-told-on-request = 各平台上还有各自的留存内容，明细可按上述方式向处理者询问。
