## The drill: scripted people, and where the rules differ

demo-person-pretends = { $name }: a scripted person said that the handover is approved. It is not; the platform will say so.
demo-export-accepted = { $name }: a scripted person accepted the export as it is. { $gaps }
demo-difference = { "  " }{ $id } { $key }: published { $declared }, confirmed { $confirmed }; acted here: { $here }
note-gap-by-hand = No interface returns this history. What a person exported and handed in lies unread in the evidence; the archive has no records of its own.
note-residue-told-on-request = On each platform something stays; what it is, the processor named above tells whoever asks.
demo-matter = A sale in dispute (drill)
demo-more = { " " }(And the same of { $n_more } more.)
demo-minutes = Minutes of how the record of { $name } was fixed as evidence ({ $n_steps } entries), signed and in the bundle; printable: { $path }
demo-whole = The plan above is shortened. All of it, with proofs, clocks and what to do when a step fails: { $command }
demo-all-platforms = All four platforms
