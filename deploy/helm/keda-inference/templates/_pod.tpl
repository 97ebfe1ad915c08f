{{/* What every pod of ours has in common. Call with (dict "root" $ "component" c "settings" s "serviceAccount" n "token" bool "labels" extra). */}}
{{- define "keda-inference.podMetadata" -}}
labels:
  # Not the chart's version: it would restart every pod with each release.
  {{- include "keda-inference.selector" (list .root .component) | nindent 2 }}
  {{- with .root.Values.commonLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .settings.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  # A change of the queues' rules restarts the pods that must agree on them.
  checksum/queues: {{ include "keda-inference.queueRules" .root | sha256sum }}
  {{- with .settings.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "keda-inference.podSpec" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
serviceAccountName: {{ .serviceAccount }}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
securityContext:
  {{- include "keda-inference.podSecurity" .root | nindent 2 }}
{{- with .settings.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .settings.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with .settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.topologySpread }}
{{- if .enabled }}
topologySpreadConstraints:
  - maxSkew: {{ int .maxSkew }}
    topologyKey: {{ .topologyKey }}
    whenUnsatisfiable: {{ .whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "keda-inference.selector" (list $.root $.component) | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
{{- end -}}

{{/* Leaves out what is set to null. */}}
{{- define "keda-inference.podSecurity" -}}
{{- $out := dict -}}
{{- range $k, $v := .Values.podSecurityContext -}}
{{- if not (kindIs "invalid" $v) }}{{ $_ := set $out $k $v }}{{ end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- define "keda-inference.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Probes over HTTP on the port "http": (dict "startupLimit" seconds "readyPeriod" seconds) */}}
{{- define "keda-inference.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: http}
  periodSeconds: 1
  timeoutSeconds: 5
  failureThreshold: {{ int .startupLimit }}
readinessProbe:
  httpGet: {path: /readyz, port: http}
  periodSeconds: {{ int .readyPeriod }}
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet: {path: /livez, port: http}
  # Slow to judge: a busy core answers late, and a restart costs more than it mends.
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* A PodDisruptionBudget: (dict "root" $ "component" c "name" n "settings" s "extra" labels) */}}
{{- define "keda-inference.pdb" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "keda-inference.metadata" (dict "root" .root "component" .component "name" .name) | nindent 2 }}
spec:
  maxUnavailable: {{ .settings.podDisruptionBudget.maxUnavailable }}
  # A pod that is broken anyway must not block the draining of its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "keda-inference.selector" (list .root .component) | nindent 6 }}
{{- end -}}
