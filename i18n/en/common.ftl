# Short texts that several commands and pages share.

next-command = Next: { $command }
groups-count = { $count ->
    [0] no group
    [one] one group
   *[other] { $count } groups
}
