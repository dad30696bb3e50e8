# Certificates as printed pages: that a group is gone, and that a group's key was destroyed.

certificate-gone-title = Certificate: a group is gone
certificate-destroyed-title = Certificate of destruction
certificate-drill = DRILL on simulated platforms: this proves nothing about a real group.
certificate-gone-says = { $n_witnesses ->
        [one] One identity that did not dissolve the group looked for it during the observation and found it gone every time it could look.
       *[other] { $n_witnesses } identities that did not dissolve the group looked for it during the observation and found it gone every time they could look.
    }
certificate-gone-limits = It says what was probed, when, and through whom. What members copied before, and what the platform keeps inside, nobody could probe.
certificate-destroyed-says = The key of this group was destroyed. What was encrypted with it stays where it is, and can't be opened any more. Two people signed for this, each with a key of their own.
certificate-name = Group
certificate-platform = Platform
certificate-group = Group's id
certificate-case = Case
certificate-plan = Plan, SHA-256
certificate-class = Class
certificate-reviewed = reviewed by at least two people
certificate-typed = no reviewers: its one owner typed the name
certificate-verdict = Verdict
certificate-witnesses = Seen by
certificate-watched = Observation
certificate-watched-from = { $from } to { $until }, looked at { $n_probes } times
certificate-human = Steps by hand
certificate-by-people = some, done by people
certificate-by-nobody = none
certificate-issued = Issued
certificate-key = Key
certificate-at = When
certificate-method = Method
certificate-released-by = Record released by
certificate-ran-out = Periods that had run out
certificate-ran-out-none = None: no law asked for this record.
certificate-record = Record
certificate-last-day = Last day
certificate-article = Article
certificate-signed = Signatures (Ed25519)
certificate-asked = First: asked for it
certificate-confirmed = Second: confirmed it
certificate-person = Principal
certificate-public-key = Public key
certificate-signature = Signature
certificate-not-covered = Not covered
certificate-not-covered-handed-over = Bundles and exports that were handed over before: they are not encrypted with the group's key.
certificate-not-covered-elsewhere = Copies that the platform, its members or other organisations hold.
certificate-not-covered-backups = Backups of the folder with the keys: they have to be destroyed with it.
certificate-not-covered-flash = Blocks of flash memory that a storage device keeps underneath an overwritten file.
certificate-how-to-check = This page is for people. What counts is the JSON in the bundle, whose canonical form has this hash; adjourn verify checks the bundle offline.
certificate-sha256 = SHA-256 { $hash }
