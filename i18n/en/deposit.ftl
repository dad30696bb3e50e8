## Deposits with a keeper of evidence

deposit-known = { $file }: { $issuer } knows the receipt { $number } and this digest.
deposit-forgotten = { $file }: { $issuer } does not know the receipt { $number }.
deposit-denied = { $file }: under the number { $number } the keeper now has something else: { $says }
deposit-unusable = { $file }: not asked, or no usable answer: { $says }
deposit-unreachable = { $file }: no answer: { $says }
doctor-no-deposit = no keeper of evidence is configured: bundles carry no deposit receipt

error-deposit-failed = The keeper of evidence gave no receipt and no answer that helps.
    .hint = Nothing is lost: `adjourn doctor` shows whether it answers. Asking again makes no second receipt, because the digest is the key.
error-deposit-receipt = What the keeper of evidence answered is no receipt for this digest by its configured key.
    .hint = Don't go on with this keeper before you know why. Compare `deposit.key` with the key that it publishes, and ask it.
error-deposit-unconfigured = No keeper of evidence is configured.
    .hint = Add `[deposit]` with `url` and `key` to the configuration, or name it with `--url`; `adjourn doctor` shows whether it answers.
error-deposit-none = The bundle { $bundle } carries no deposit receipt.
    .hint = It was made without a keeper of evidence, or the keeper gave none. `adjourn verify BUNDLE` says what the bundle rests on.
error-deposit-denied = Receipts that the keeper of evidence does not confirm: { $count }.
    .hint = Keep the bundle as it is, ask the keeper about the numbers shown, and run `adjourn verify BUNDLE`.
error-deposit-key = { $path } holds no Ed25519 public key.
    .hint = It is 32 bytes in base64 on one line, or a public key as PEM.

note-verify-deposit-form = The deposit receipt can't be read.
note-verify-deposit-digest = The deposit receipt is about something else.
note-verify-deposit-signature = The deposit receipt's signature does not hold.
note-verify-deposit-key = The deposit receipt is by another keeper than the one that you named.
note-verify-proved-deposit = { $issuer } confirms with its receipt { $number } that it has kept the digest of { $file } since { $at }.
note-verify-rests-no-deposit = No third party keeps the digest of { $file }.
note-verify-rests-keeper-from-bundle = The key of { $issuer } ({ $key }) came with the bundle: compare it with the one that it publishes, or give it with `--deposit-key`.
note-verify-rests-keeper-given = The key of { $issuer } is the one that you gave ({ $key }); that it keeps what it signs is its word.
note-verify-rests-simulated-keeper = { $issuer } is simulated: its receipts prove nothing to anybody.
note-verify-rests-late-deposit = { $file } says that it was deposited on { $at }, after the first irreversible step.
