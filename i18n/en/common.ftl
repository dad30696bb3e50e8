# Short texts that several commands and pages share.

next-command = Next: { $command }
