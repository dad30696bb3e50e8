# 控制台中的“我的账户”，以及用通行密钥登录。

account-title = 我的账户
account-done = 已完成。
account-passkeys = 通行密钥
account-passkeys-why = 通行密钥保存在设备或安全密钥中，用于同意方案；设备支持时也可用于登录。
account-no-passkey = 你还没有通行密钥。
account-opens = 可登录，可同意方案。
account-signs = 可同意方案。不能单独用于登录：该设备不提供所需的密值。
account-remove = 移除
account-password-why = 再次输入密码
account-elsewhere = 浏览器只允许在此地址使用通行密钥：{ $address }
account-second = 密码之后再验通行密钥
account-second-on = 用密码登录时，还要求通行密钥。
account-second-off = 用密码登录时，不要求其他验证。
account-second-begin = 登录时加验通行密钥
account-second-end = 不再加验
account-sessions = 登录位置
account-times = { $since } 登录，最近使用于 { $seen }，最迟 { $ends } 结束。
account-here = 本次会话
account-end = 结束
account-end-others = 结束其他所有会话
account-unknown = 其他程序
account-password = 修改密码
account-password-old = 当前密码
account-password-new = 新密码
sign-in-passkey = 用通行密钥登录
sign-in-second = 用通行密钥继续
sign-in-second-why = { $name }，密码正确。你的账户还要求通行密钥。
sign-in-or = 或使用密码
passkey-button-apply = 用通行密钥执行
passkey-review-asks = 此方案要求通行密钥，仅有密码不够。
passkey-review-none = 此方案要求通行密钥，而你在此处没有。请在“我的账户”中添加。

## 错误

error-passkey-stale = 页面停留过久，或已被使用。
    .hint = 请重新打开页面，并在十分钟内使用通行密钥。
error-passkey-opens_nothing = 此通行密钥不能单独用于登录：它没有提供密值，或账户未用它封存。
    .hint = 请用密码登录；它仍可用于同意方案。“我的账户”中列出了每个通行密钥的用途。
