{{/* How the services and KEDA reach Redis. */}}
{{- define "keda-inference.redisSecret" -}}
{{- if eq .Values.redis.mode "bundled" -}}
{{- .Values.redis.bundled.existingSecret | default (printf "%s-redis" (include "keda-inference.fullname" .)) -}}
{{- else -}}
{{- .Values.redis.external.existingSecret -}}
{{- end -}}
{{- end -}}

{{- define "keda-inference.redisSecretKey" -}}
{{- if eq .Values.redis.mode "bundled" }}password{{ else }}{{ .Values.redis.external.passwordKey }}{{ end -}}
{{- end -}}

{{/* host:port, comma-separated */}}
{{- define "keda-inference.redisAddresses" -}}
{{- if eq .Values.redis.mode "bundled" -}}
{{- printf "%s-redis.%s.svc.cluster.local:6379" (include "keda-inference.fullname" .) .Release.Namespace -}}
{{- else -}}
{{- join "," .Values.redis.external.addresses -}}
{{- end -}}
{{- end -}}

{{- define "keda-inference.redisConnectionString" -}}
{{- include "keda-inference.redisAddresses" . -}}
{{- if eq .Values.redis.mode "external" -}}
{{- with .Values.redis.external -}}
{{- if eq .topology "sentinel" }},serviceName={{ .sentinelMaster }}{{ end -}}
{{- with .username }},user={{ . }}{{ end -}}
{{- if .tls.enabled }},ssl=true{{ end -}}
{{- with .options }},{{ . }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of the Secret with a private authority, or nothing. */}}
{{- define "keda-inference.redisCaSecret" -}}
{{- if and (eq .Values.redis.mode "external") .Values.redis.external.tls.enabled }}{{ .Values.redis.external.tls.caSecret }}{{ end -}}
{{- end -}}

{{/* Environment of every service: Redis, the rules of the queues, traces. */}}
{{- define "keda-inference.commonEnv" -}}
- name: Redis__ConnectionString
  value: {{ include "keda-inference.redisConnectionString" . | quote }}
{{- with (include "keda-inference.redisSecret" .) }}
- name: Redis__Password
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ include "keda-inference.redisSecretKey" $ }}
{{- end }}
- name: Redis__TimeoutMs
  value: {{ include "keda-inference.number" .Values.redis.timeoutMs | quote }}
{{- if include "keda-inference.redisCaSecret" . }}
# Adds the private authority to the image's own instead of replacing them.
- name: SSL_CERT_DIR
  value: /etc/ssl/certs:/etc/redis-ca
{{- end }}
# No debugger or profiler socket in /tmp.
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- with .Values.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "keda-inference.redisCaVolume" -}}
{{- with (include "keda-inference.redisCaSecret" .) }}
- name: redis-ca
  secret:
    secretName: {{ . }}
    items: [{key: ca.crt, path: ca.crt}]
{{- end }}
{{- end -}}

{{- define "keda-inference.redisCaMount" -}}
{{- if include "keda-inference.redisCaSecret" . }}
- name: redis-ca
  mountPath: /etc/redis-ca
  readOnly: true
{{- end }}
{{- end -}}
