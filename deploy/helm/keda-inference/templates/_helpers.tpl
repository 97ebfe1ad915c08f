{{/* Names. */}}
{{- define "keda-inference.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "keda-inference.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "keda-inference.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "keda-inference.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select pods; call with (list $ "component"), or (list $ "worker/NAME") for one function. Never changed after the first
     install: a Deployment's selector is immutable. */}}
{{- define "keda-inference.selector" -}}
{{- $root := index . 0 -}}
{{- $component := splitList "/" (index . 1) -}}
app.kubernetes.io/name: {{ include "keda-inference.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ first $component }}
{{- if gt (len $component) 1 }}
keda-inference/function: {{ last $component }}
{{- end }}
{{- end -}}

{{- define "keda-inference.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{ include "keda-inference.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: keda-inference
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* metadata of an object: (dict "root" $ "component" c "name" n "labels" extra "annotations" extra) */}}
{{- define "keda-inference.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "keda-inference.labels" (list .root .component) | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- $annotations := dict -}}
{{- range $k, $v := .root.Values.commonAnnotations }}{{ $_ := set $annotations $k $v }}{{ end -}}
{{- range $k, $v := .annotations }}{{ $_ := set $annotations $k $v }}{{ end -}}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* An image: (list $ .Values.x.image). Only this project's images have no registry of their own. */}}
{{- define "keda-inference.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $registry := hasKey $image "registry" | ternary $image.registry $root.Values.image.registry -}}
{{- $tag := $image.tag | default $root.Values.image.tag | default $root.Chart.AppVersion -}}
{{- with $registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $tag }}{{ end -}}
{{- end -}}

{{/* A number without exponent: Helm holds 1000000 as a float and would print 1e+06. */}}
{{- define "keda-inference.number" -}}
{{- if eq (float64 .) (floor .) -}}{{ int64 . }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}

{{/* Lays one map over another, also with false and 0: (dict "base" a "over" b), as YAML. */}}
{{- define "keda-inference.overlay" -}}
{{- $out := deepCopy .base -}}
{{- range $k, $v := .over -}}
{{- $b := get $out $k -}}
{{- if and (kindIs "map" $v) (kindIs "map" $b) -}}
{{- $_ := set $out $k (include "keda-inference.overlay" (dict "base" $b "over" $v) | fromYaml) -}}
{{- else if not (kindIs "invalid" $v) -}}
{{- $_ := set $out $k $v -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{/* The functions with every default filled in, as a YAML list. */}}
{{- define "keda-inference.functions" -}}
{{- $root := . -}}
{{- $modelDefaults := dict "path" "" "precision" "fp32" "labels" "" "volume" dict "mountPath" "/models-volume" -}}
{{- $out := list -}}
{{- range $f := .Values.functions -}}
{{- $filled := dict
      "name" $f.name
      "queue" ($f.queue | default $f.name)
      "fullname" (printf "%s-%s" (include "keda-inference.fullname" $root) $f.name)
      "model" (include "keda-inference.overlay" (dict "base" $modelDefaults "over" ($f.model | default dict)) | fromYaml)
      "autoscaling" (include "keda-inference.overlay" (dict "base" $root.Values.autoscaling "over" ($f.autoscaling | default dict)) | fromYaml)
      "queueRules" (include "keda-inference.overlay" (dict "base" $root.Values.queue "over" ($f.queueRules | default dict)) | fromYaml)
      "worker" (include "keda-inference.overlay" (dict "base" $root.Values.worker "over" ($f.worker | default dict)) | fromYaml) -}}
{{- $out = append $out $filled -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{/* "true" when a mode is decided by our scaler. */}}
{{- define "keda-inference.usesScaler" -}}
{{- if has . (list "slo" "queue-proportional" "queue-depth") -}}true{{- end -}}
{{- end -}}

{{/* The trigger settings of a function whose mode is decided by our scaler. */}}
{{- define "keda-inference.policySettings" -}}
{{- $keys := dict "slo" "slo" "queue-proportional" "queueProportional" "queue-depth" "queueDepth" -}}
{{- toYaml (get . (get $keys .mode)) -}}
{{- end -}}

{{/* "true" when the scaler is deployed. */}}
{{- define "keda-inference.scalerEnabled" -}}
{{- $wanted := toString .Values.scaler.enabled -}}
{{- if eq $wanted "true" -}}true
{{- else if eq $wanted "auto" -}}
{{- $needed := false -}}
{{- range (include "keda-inference.functions" . | fromYamlArray) -}}
{{- if include "keda-inference.usesScaler" .autoscaling.mode }}{{ $needed = true }}{{ end -}}
{{- end -}}
{{- if $needed }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/* "true" when KEDA can take ScaledObjects. */}}
{{- define "keda-inference.kedaInstalled" -}}
{{- $said := toString .Values.keda.installed -}}
{{- if or (eq $said "yes") (eq $said "true") -}}true
{{- else if eq $said "auto" -}}
{{- if .Capabilities.APIVersions.Has "keda.sh/v1alpha1/ScaledObject" }}true{{ end -}}
{{- end -}}
{{- end -}}

{{- define "keda-inference.scalerTlsSecret" -}}
{{- .Values.scaler.tls.secretName | default (printf "%s-scaler-tls" (include "keda-inference.fullname" .)) -}}
{{- end -}}

{{- define "keda-inference.scalerClientTlsSecret" -}}
{{- .Values.scaler.tls.clientSecretName | default (printf "%s-scaler-client-tls" (include "keda-inference.fullname" .)) -}}
{{- end -}}
