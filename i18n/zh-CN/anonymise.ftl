# 从去标识化副本到匿名化副本：成员分组计数、密钥销毁、声明。

anonymise-counted = 共 { $people } 名成员，分为 { $classes } 个等价类，最小的有 { $smallest } 人。检查的属性：{ $attributes }
anonymise-merged = 其中 { $count } 名成员将共用一个假名，且不保留属性。
anonymise-class = { $people } 名成员：{ $values }
anonymise-dry = 每个等价类的人数都足够。没有写入文件，也没有销毁密钥。
anonymise-known = { $file } 已经匿名化，声明就在旁边。
anonymise-written = 新副本是 { $file }，与旧副本相差 { $count } 行；旧副本没有改动。
anonymise-asked = 已申请销毁 { $group } 的假名密钥。须由第二个人针对这份副本签署；在此之前它仍是去标识化副本。
anonymise-done = { $file } 已匿名化：假名密钥 { $key } 已销毁。{ $how }
anonymise-statement = 声明是 { $file }：检查了什么、哪个密钥、谁、以及它没有涵盖什么。
anonymise-residual = 这里无法知道的是：备份里是否还有这个密钥。密钥的备份也必须销毁。
anonymise-old = 作为来源的旧副本还在，旁边可能还有索引。不需要的请删除。

word-key-end-under-root = 已覆写并删除；它曾以安装的根密钥包裹存放。
word-key-end-in-clear = 已覆写并删除；它曾以明文存放在单独的文件中。
word-key-end-under-group = 已覆写并删除；它曾以群的密钥包裹存放。
word-key-end-with-group = 已随群的密钥一同销毁。
word-event-pseudonyms-asked = 申请销毁假名密钥
word-event-pseudonyms-destroyed = 假名密钥已销毁

## 错误

error-anonymise-small = 有 { $people } 名成员所在的 { $classes } 个等价类不足 { $k } 人：了解他们的人能在副本中认出他们。
    .hint = 请在新副本中泛化属性，或让这些成员共用一个假名：`--generalise KEY=month`、`--suppress`、`--out OUT`。没有销毁密钥。
error-anonymise-few = 副本只有 { $people } 名成员，不足 { $k } 人：这么少的人无法匿名。
    .hint = 它仍是去标识化副本，请按个人信息保管，或者删除。没有销毁密钥。
error-anonymise-report = 无法得知 { $file } 的假名是用哪个密钥生成的。
    .hint = 报告须放在副本旁边，名为 `{ $file }.report.json`，并且正是关于这份内容的：`adjourn redact IN --out COPY --report COPY.report.json`。
error-anonymise-key = 这不是该副本的密钥 { $key }。
    .hint = 请指定当初 `redact --key-file` 使用的文件。没有销毁任何东西。
error-anonymise-key_missing = 密钥 { $key } 不在这里，也没有任何记录表明它已销毁。
    .hint = 请用 `--key-file` 指定密钥文件，或用 `--keys` 指定密钥文件夹。找不到密钥并不能证明它已销毁。
error-anonymise-attribute = 无法这样泛化：{ $typed }
    .hint = 请写 KEY=month、KEY=year、KEY=tens 或 KEY=none。副本中有：{ $known }。没有写入文件。
error-anonymise-confirm = 密钥 { $key } 销毁后无法恢复，因此须输入它的确认码。
    .hint = 请输入 `--confirm { $code }`。需要知道谁是谁的人请现在查看；之后谁也算不出来。没有写入文件。
