# `adjourn sim`: a simulator on a socket.

sim-phones = The phones of its people: http://{ $address }/phone
sim-unexpected = Refused, no client may send that: { $line }
sim-summary = SIMULATED { $what } ended: { $requests } requests, { $frames } frames, { $unexpected } that no client may send.
sim-effect = What really happened: { $op } × { $count }, { $group }

error-sim-faults = This is no fault plan: { $spec }.
    .hint = Write KIND[:NUMBER][@[METHOD ]PATH][#NTH], for example reply_lost@POST /dissolve#2. Kinds: { $kinds }.
error-sim-world = There is no world { $world }.
    .hint = Name a platform or reference, or give a JSON file; a simulator of a platform's own may only have the world that it brings.
error-sim-clock = This is no point in time: { $time }.
    .hint = Write it as 2026-11-02T01:00:00Z.
error-sim-unexpected = The simulator got { $count } that no client of this platform may send.
    .hint = Each of them is a line above. A client that follows the platform's documents sends none.
error-sim-rules = { $platform } has no rules of a profile to be put under.
    .hint = Leave out --rules: this simulator follows its own documents.
