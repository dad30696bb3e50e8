# My account in the console, and signing in with a passkey.

account-title = My account
account-done = Done.
account-passkeys = Passkeys
account-passkeys-why = A passkey stays in a device or security key. It approves plans, and signs you in where the device can.
account-no-passkey = You have no passkey.
account-opens = Signs you in, and approves plans.
account-signs = Approves plans. It can't sign you in by itself: this device gives no secret for that.
account-remove = Take it away
account-password-why = Your password once more
account-elsewhere = Your browser lets you use passkeys here: { $address }
account-second = Passkey behind the password
account-second-on = Signing in with the password asks for a passkey as well.
account-second-off = Signing in with the password asks for nothing else.
account-second-begin = Ask for a passkey as well
account-second-end = Don't ask for it any more
account-sessions = Where you are signed in
account-times = Since { $since }, last used { $seen }, ends at { $ends } at the latest.
account-here = this one
account-end = End it
account-end-others = End all others
account-unknown = another program
account-password = Change the password
account-password-old = The password of today
account-password-new = The new password
sign-in-passkey = Sign in with a passkey
sign-in-second = Go on with the passkey
sign-in-second-why = { $name }, the password is right. Your account asks for a passkey as well.
sign-in-or = or with the password
passkey-button-apply = Apply with the passkey
passkey-review-asks = This plan asks for a passkey; the password is not enough.
passkey-review-none = This plan asks for a passkey, and you have none here. Add one under “My account”.

## Errors

error-passkey-stale = The page had stood too long, or was used already.
    .hint = Open it again and use the passkey within ten minutes.
error-passkey-opens_nothing = This passkey can't sign anybody in by itself: it gave no secret, or the account is not sealed behind it.
    .hint = Sign in with the password. It still approves plans. Under “My account” you see what each passkey does.
