## 服务

serve-metrics = 指标：http://{ $address }/metrics
