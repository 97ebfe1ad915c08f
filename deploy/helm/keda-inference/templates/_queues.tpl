{{/* The rules of every queue as configuration keys; every process that serves a queue must be given the same. */}}
{{- define "keda-inference.queueRules" -}}
{{- $keys := dict "targetLatencyMs" "TargetLatencyMs" "leaseSeconds" "LeaseSeconds" "maxAttempts" "MaxAttempts" "maxDepth" "MaxDepth"
      "maxEstimatedWaitSeconds" "MaxEstimatedWaitSeconds" "resultSeconds" "ResultSeconds" "keyedResultSeconds" "KeyedResultSeconds"
      "deadLetterSeconds" "DeadLetterSeconds" "maxTimeoutSeconds" "MaxTimeoutSeconds" -}}
{{- $orders := dict "fifo" "Fifo" "adaptive-lifo" "AdaptiveLifo" -}}
{{- range $f := (include "keda-inference.functions" . | fromYamlArray) }}
Queues__{{ $f.queue }}__Order: {{ get $orders $f.queueRules.order | quote }}
{{- range $value, $option := $keys }}
Queues__{{ $f.queue }}__{{ $option }}: {{ include "keda-inference.number" (get $f.queueRules $value) | quote }}
{{- end }}
{{- end }}
{{- end -}}
