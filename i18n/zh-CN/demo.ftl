## 演练：脚本人员，以及两套规则的差别

demo-person-pretends = { $name }：脚本人员称交接已审批。其实没有；平台会答复。
demo-export-accepted = { $name }：脚本人员按现状接受了导出。{ $gaps }
demo-difference = { "  " }{ $id } { $key }：公开说法 { $declared }，已证实 { $confirmed }；本次按 { $here }
note-gap-by-hand = 没有接口能取回这段历史。人工导出并交来的文件原样存于证据中，未经读取；档案里没有自己的记录。
note-residue-told-on-request = 各平台上还有各自的留存内容，明细可按上述方式向处理者询问。
demo-matter = 一笔有争议的交易（演练）
demo-more = { "" }（另有 { $n_more } 项相同。）
demo-minutes = { $name } 的固化过程笔录（{ $n_steps } 条）已签名并收入证据包；可打印：{ $path }
demo-whole = 以上方案有删节。全文（证明方式、各项时限、步骤失败时怎么办）：{ $command }
demo-all-platforms = 四个平台共同
