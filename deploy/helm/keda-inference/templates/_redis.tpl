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

{{/* Name of the Secret with the certificate to show to Redis, or nothing. */}}
{{- define "keda-inference.redisClientSecret" -}}
{{- if and (eq .Values.redis.mode "external") .Values.redis.external.tls.enabled }}{{ .Values.redis.external.tls.clientSecret }}{{ end -}}
{{- end -}}

{{/* Not empty when KEDA's own way to Redis needs anything secret: a password, an authority to trust or a certificate to show. */}}
{{- define "keda-inference.redisAuthentication" -}}
{{- or (include "keda-inference.redisSecret" .) (include "keda-inference.redisCaSecret" .) (include "keda-inference.redisClientSecret" .) -}}
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
# For Redis alone; callbacks and tokens keep the image's authorities.
- name: Redis__CaCertificateFile
  value: /etc/redis-tls/ca/ca.crt
{{- end }}
{{- if include "keda-inference.redisClientSecret" . }}
- name: Redis__ClientCertificateFile
  value: /etc/redis-tls/client/tls.crt
- name: Redis__ClientKeyFile
  value: /etc/redis-tls/client/tls.key
{{- end }}
# No debugger or profiler socket in /tmp.
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- with .Values.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Whole directories are mounted: a renewed certificate then appears without a restart. */}}
{{- define "keda-inference.redisTlsVolumes" -}}
{{- with (include "keda-inference.redisCaSecret" .) }}
- name: redis-ca
  secret:
    secretName: {{ . }}
    items: [{key: ca.crt, path: ca.crt}]
{{- end }}
{{- with (include "keda-inference.redisClientSecret" .) }}
- name: redis-client
  secret:
    secretName: {{ . }}
    # Readable through fsGroup only.
    defaultMode: 0440
    items: [{key: tls.crt, path: tls.crt}, {key: tls.key, path: tls.key}]
{{- end }}
{{- end -}}

{{- define "keda-inference.redisTlsMounts" -}}
{{- if include "keda-inference.redisCaSecret" . }}
- name: redis-ca
  mountPath: /etc/redis-tls/ca
  readOnly: true
{{- end }}
{{- if include "keda-inference.redisClientSecret" . }}
- name: redis-client
  mountPath: /etc/redis-tls/client
  readOnly: true
{{- end }}
{{- end -}}
