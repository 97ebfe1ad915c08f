{{/* The trigger of a function: (dict "root" $ "function" f) */}}
{{- define "keda-inference.trigger" -}}
{{- $root := .root -}}
{{- $f := .function -}}
{{- $a := $f.autoscaling -}}
{{- $full := include "keda-inference.fullname" $root -}}
{{- if include "keda-inference.usesScaler" $a.mode -}}
- type: external-push
  metricType: AverageValue
  metadata:
    scalerAddress: {{ printf "%s-scaler.%s.svc.cluster.local:6000" $full $root.Release.Namespace }}
    {{- if $root.Values.scaler.tls.enabled }}
    enableTLS: "true"
    {{- end }}
    queue: {{ $f.queue | quote }}
    policy: {{ $a.mode }}
    {{- range $k, $v := omit (include "keda-inference.policySettings" $a | fromYaml) "scaleDownStabilizationSeconds" }}
    {{- if kindIs "bool" $v }}
    {{ $k }}: {{ $v | quote }}
    {{- else if not (kindIs "invalid" $v) }}
    {{ $k }}: {{ include "keda-inference.number" $v | quote }}
    {{- end }}
    {{- end }}
    activationQueueLength: {{ include "keda-inference.number" $a.activationQueueLength | quote }}
    {{- range $k, $v := $a.metadata }}
    {{ $k }}: {{ $v | quote }}
    {{- end }}
  {{- if $root.Values.scaler.tls.enabled }}
  authenticationRef:
    name: {{ $full }}-scaler
  {{- end }}
{{- else if eq $a.mode "redis-list" -}}
{{- $external := eq $root.Values.redis.mode "external" -}}
{{- $topology := $external | ternary $root.Values.redis.external.topology "single" -}}
- type: {{ get (dict "single" "redis" "sentinel" "redis-sentinel" "cluster" "redis-cluster") $topology }}
  metricType: AverageValue
  metadata:
    {{ eq $topology "single" | ternary "address" "addresses" }}: {{ include "keda-inference.redisAddresses" $root | quote }}
    {{- if eq $topology "sentinel" }}
    sentinelMaster: {{ $root.Values.redis.external.sentinelMaster | quote }}
    {{- end }}
    {{- if and $external $root.Values.redis.external.username }}
    username: {{ $root.Values.redis.external.username | quote }}
    {{- end }}
    listName: {{ printf "keda-inference:{%s}:waiting" $f.queue | quote }}
    listLength: {{ include "keda-inference.number" $a.redisList.listLength | quote }}
    activationListLength: {{ include "keda-inference.number" $a.activationQueueLength | quote }}
    enableTLS: {{ and $external $root.Values.redis.external.tls.enabled | ternary "true" "false" | quote }}
  {{- if include "keda-inference.redisAuthentication" $root }}
  authenticationRef:
    name: {{ $full }}-redis
  {{- end }}
{{- else if hasPrefix "cpu-" $a.mode -}}
- type: cpu
  metricType: Utilization
  metadata:
    value: {{ trimPrefix "cpu-" $a.mode | quote }}
    containerName: worker
{{- end -}}
{{- end -}}

{{/* The HPA's behaviour for a mode: the scaler's answer is carried out as it is; the others damp by themselves. */}}
{{- define "keda-inference.behavior" -}}
{{- $a := .function.autoscaling -}}
{{- $tolerance := toString $a.hpaTolerance -}}
{{- $exact := or (eq $tolerance "on") (eq $tolerance "true") (and (eq $tolerance "auto") (semverCompare ">=1.35.0-0" .root.Capabilities.KubeVersion.Version)) -}}
{{- if $a.behavior -}}
{{- toYaml $a.behavior -}}
{{- else if include "keda-inference.usesScaler" $a.mode -}}
scaleUp:
  stabilizationWindowSeconds: 0
  policies:
    - {type: Pods, value: {{ int $a.maxReplicas }}, periodSeconds: 15}
  {{- if $exact }}
  tolerance: "0"
  {{- end }}
scaleDown:
  {{- if eq $a.mode "queue-depth" }}
  # This policy keeps no cooldown of its own.
  stabilizationWindowSeconds: {{ int $a.queueDepth.scaleDownStabilizationSeconds }}
  {{- else }}
  # The cooldown is the scaler's; the HPA's default of 300 s would be added to it.
  stabilizationWindowSeconds: 0
  {{- end }}
  policies:
    - {type: Percent, value: 100, periodSeconds: 15}
  {{- if $exact }}
  tolerance: "0"
  {{- end }}
{{- else if eq $a.mode "redis-list" -}}
scaleUp:
  stabilizationWindowSeconds: 0
scaleDown:
  stabilizationWindowSeconds: {{ int $a.redisList.scaleDownStabilizationSeconds }}
{{- else -}}
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Max
  policies:
    - {type: Percent, value: 100, periodSeconds: 15}
    - {type: Pods, value: 4, periodSeconds: 15}
scaleDown:
  stabilizationWindowSeconds: 300
  policies:
    - {type: Percent, value: 10, periodSeconds: 60}
{{- end -}}
{{- end -}}
