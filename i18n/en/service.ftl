## Services

serve-metrics = Metrics: http://{ $address }/metrics
webhook-none = No webhook is configured.
webhook-line = { $name }: told up to event { $next }
webhook-failing = { $name }: failed { $n_failed } times; last: { $says }
webhook-given-up = { $name }: given up { $at }; last: { $says }. `adjourn webhook replay { $name }` begins again.
webhook-tested = { $name } took the test.
webhook-replay = { $name } is told once more from event { $from } on, by `adjourn serve` or `adjourn worker`.
