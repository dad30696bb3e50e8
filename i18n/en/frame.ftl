# What is around and in every page of the console: the frame, the state line, errors.

console-mark = A
console-theme-auto = Theme: as the system
console-theme-light = Theme: light
console-theme-dark = Theme: dark
console-lost = The connection is interrupted. The page shows the last state that it heard of, and asks again by itself.
console-copy = Copy
console-copied = Copied
console-safe = Nothing was changed on a platform by this. What was recorded before is kept.
console-code = Code:
console-moment = { $local } (UTC{ $zone }, { $far })
console-left = { $length } left
console-ago = { $length } ago
console-now = now

## The stops of the state line

word-way-registered = registered
word-way-operating = operating
word-way-proposed = proposed
word-way-preflighted = preflighted
word-way-in-review = in review
word-way-notice-period = notice period
word-way-frozen = frozen
word-way-sealed = exported and sealed
word-way-unlinked = unlinked
word-way-cooling-off = cooling-off
word-way-dissolving = dissolving
word-way-observing = observing
word-way-verified-gone = verified gone
word-way-retained = retained
word-way-destroyed = destroyed
