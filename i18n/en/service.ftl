## Services

serve-metrics = Metrics: http://{ $address }/metrics
