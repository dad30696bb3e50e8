## Archives in storage

storage-put = { $file }: { $bytes } bytes are stored at { $place } and were read back.
storage-already = { $file }: the same bytes lie at { $place } already. Nothing was sent; they were read back.
storage-locked = Locked ({ $mode }) until { $until }. SHA-256 { $sha256 }
storage-unlocked = Not locked. SHA-256 { $sha256 }
storage-hold = Legal hold: on.
storage-clear = { $file } is not sealed: whoever can read the bucket can read it, and destroying a key does not make it unreadable.
storage-would-put = { $file } would be stored at { $bucket } as { $key }.
storage-would-look = { $key } lies there already: it would be read back and compared, and never overwritten.
storage-got = { $out }: { $bytes } bytes, with the hash that they were stored with. The journal knows nothing about them. SHA-256 { $sha256 }
storage-got-known = { $out }: { $bytes } bytes, with the hash that stands in the journal. SHA-256 { $sha256 }
storage-later = The export is whole on disk and not in the storage yet ({ $code }): { $says }
storage-by-itself = It is tried again by itself while `adjourn serve` or `adjourn worker` runs; `adjourn archive put --all` does it at once.
storage-again = The same `adjourn export` once more stores it.
storage-waiting = { $count ->
        [0] Every finished export is stored.
        [one] One finished export is not stored yet. `adjourn archive put --all` does it at once.
       *[other] { $count } finished exports are not stored yet. `adjourn archive put --all` does it at once.
    }
storage-held = { $count ->
        [one] One of them is in clear, and the bucket locks what it takes: it is not stored by itself. `adjourn archive put --all --in-clear REASON` stores it as it is.
       *[other] { $count } of them are in clear, and the bucket locks what it takes: they are not stored by themselves. `adjourn archive put --all --in-clear REASON` stores them as they are.
    }
storage-stays = It is not stored by itself. With `[archive] seal = true` exports from now on are sealed.
storage-looked = { $bucket } (versions: { $versioned }, Object Lock: { $locking })
storage-on = on
storage-off = off
storage-not-told = the key may not ask

word-lock-mode-governance = governance mode
word-lock-mode-compliance = compliance mode
word-event-archive-stored = archive stored
word-event-archive-fetched = archive brought back

error-storage-clear = { $file } is in clear, and what this bucket takes is locked: no key's destruction would make it unreadable, and nobody could remove it before the lock ends.
    .hint = Seal it first: `adjourn archive seal`, or `[archive] seal = true` for exports from now on. A de-identified copy goes as it is when the report of `redact` lies beside it. Who stores it in clear all the same says why: `--in-clear REASON`. It was not stored.
error-storage-drill = { $group } is a group of a drill: what is simulated is not stored by itself.
    .hint = Nothing has to be done. `adjourn archive put FILE` stores a file of a drill when somebody wants to see that.
error-archive-reason = A reason has 1 to { $limit } characters.
    .hint = Say in a sentence why it has to be in clear. Nothing was done.
error-storage-packing = Another process is storing exports just now.
    .hint = Wait until it has ended: what it stores need not be stored again.
error-storage-unconfigured = No storage is configured: archives lie in the bundles' folder.
    .hint = Add `[storage]` with `kind = "s3"` to the configuration; `adjourn doctor` shows whether it answers.
error-storage-auth = The storage refuses the key for the bucket { $bucket }: { $says }
    .hint = Check `storage.access_key` and its secret, and what the key may do: put, get and list the parts of uploads. Nothing was stored.
error-storage-bucket = There is no bucket { $bucket }.
    .hint = Check `storage.bucket` and `storage.path_style`. Adjourn makes no buckets: Object Lock can often be set only when one is made.
error-storage-clock = The clocks are too far apart: here it is { $here }, at the storage { $there }.
    .hint = Set this machine's clock by a time server. Nothing was stored.
error-storage-redirect = The storage says that the bucket { $bucket } is somewhere else: { $place } ({ $says })
    .hint = Check `storage.endpoint` and `storage.region`. A redirect is never followed: it would take the archive to an address that nobody configured.
error-storage-network = The storage can't be reached: { $says }
    .hint = What is stored stays. The same command goes on where this one was cut off.
error-storage-busy = The storage takes nothing just now: { $says }
    .hint = It was asked several times. The same command goes on later where this one was cut off.
error-storage-full = The storage is full, or a quota is: { $says }
    .hint = Make room, then repeat the command: parts that were sent are not sent again.
error-storage-refused = The storage refuses it: { $says }
    .hint = Look up what it says in the manual of the server. Nothing is noted as stored.
error-storage-reply = The storage answers something that can't be used: { $says }
    .hint = Check `storage.endpoint`: is it the address of an S3-compatible server, and nothing in between? Nothing is noted as stored.
error-storage-no_lock = The bucket { $bucket } has no Object Lock, and the configuration asks for a lock.
    .hint = Use a bucket with Object Lock, or set `storage.lock = "none"` and `storage.legal_hold = false`. Nothing was stored.
error-storage-lock = { $key } is there, and not locked as the configuration asks. Its lock: { $says }
    .hint = Nothing is noted as stored. Lock the object with the storage's own tools, or let the key see the lock, then repeat the command.
error-storage-exists = Something else lies under { $key } already.
    .hint = Nothing was overwritten. Give the file another name, or look at what lies there with `adjourn archive get`.
error-storage-damaged = What lies under { $key } is not what it has to be: { $says }
    .hint = Keep your file, don't count on this copy, and ask whoever runs the storage. Nothing is noted as stored.
error-storage-changed = { $file } changed while it was stored.
    .hint = Store it when nobody writes it any more. Nothing is noted as stored.
error-storage-unknown = There is nothing under { $key }.
    .hint = The key is what `adjourn archive put` said, without the configured prefix.
error-storage-unhashed = Nobody knows what hash { $key } has to have: neither the journal nor the storage says so.
    .hint = It was not stored by Adjourn. Fetch it with the storage's own tools.
error-storage-name = { $file } can't be a key of the storage.
    .hint = A key is a path of plain names of up to 900 bytes, without `.`, `..`, backslashes and control characters.
error-storage-size = { $file } is larger than { $limit } GiB.
    .hint = Divide it: as it is, a part of it would need more memory than there may be.
