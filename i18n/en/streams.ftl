# Streams of events that platforms open to `serve` and `worker`.

serve-streams = Platforms that tell their events over a stream are listened to; each stream has a line when it opens or is lost.
stream-opened = { $identity } at { $connection }: the stream of events is open.
stream-ended = { $identity } at { $connection }: the platform ended the stream; it is opened again.
stream-lost = { $identity } at { $connection }: the stream of events is lost; it is tried again by itself.
stream-refused = { $identity } at { $connection }: the stream of events is refused; it is tried again every five minutes. Everything else goes on.
stream-heard = { $identity } at { $connection }: the platform told of the end of a group ({ $n_heard }); it is in the journal.
