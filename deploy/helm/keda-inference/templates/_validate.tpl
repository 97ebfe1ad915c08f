{{/* What the schema cannot say: everything that is wrong, in one message. */}}
{{- define "keda-inference.validate" -}}
{{- $errors := list -}}
{{- $functions := include "keda-inference.functions" . | fromYamlArray -}}
{{- $names := dict -}}
{{- $queues := dict -}}
{{- $needsKeda := list -}}
{{- range $f := $functions -}}
{{- if hasKey $names $f.name }}{{ $errors = append $errors (printf "functions: the name %q is used twice; each function needs its own." $f.name) }}{{ end -}}
{{- $_ := set $names $f.name true -}}
{{- if hasKey $queues $f.queue }}{{ $errors = append $errors (printf "functions: the queue %q is used twice; two autoscalers on one queue would work against each other." $f.queue) }}{{ end -}}
{{- $_ := set $queues $f.queue true -}}
{{- if gt (len $f.fullname) 54 }}{{ $errors = append $errors (printf "functions: %q is %d characters long and KEDA allows 54 (its HPA is keda-hpa-NAME); shorten the release's or the function's name." $f.fullname (len $f.fullname)) }}{{ end -}}
{{- if has $f.name (list "ingress" "scaler" "redis" "queues" "test" "workers") }}{{ $errors = append $errors (printf "functions: %q is the name of another part of this chart; choose a different one." $f.name) }}{{ end -}}
{{- $a := $f.autoscaling -}}
{{- if ne $a.mode "static" -}}
{{- $needsKeda = append $needsKeda (printf "%s (%s)" $f.name $a.mode) -}}
{{- if lt (int $a.maxReplicas) (max 1 (int $a.minReplicas)) }}{{ $errors = append $errors (printf "functions %q: maxReplicas %d is below minReplicas %d or below 1." $f.name (int $a.maxReplicas) (int $a.minReplicas)) }}{{ end -}}
{{- end -}}
{{- if and (hasPrefix "cpu-" $a.mode) (eq (int $a.minReplicas) 0) }}{{ $errors = append $errors (printf "functions %q: %s cannot start from 0, without a pod there is no CPU utilisation; set minReplicas to 1 or choose another mode." $f.name $a.mode) }}{{ end -}}
{{- if and (hasPrefix "cpu-" $a.mode) $a.fallback.enabled }}{{ $errors = append $errors (printf "functions %q: KEDA has no fallback for a cpu trigger; set autoscaling.fallback.enabled to false." $f.name) }}{{ end -}}
{{- if and (hasPrefix "cpu-" $a.mode) (not (dig "requests" "cpu" "" $f.worker.resources)) }}{{ $errors = append $errors (printf "functions %q: %s needs worker.resources.requests.cpu, utilisation is over the request." $f.name $a.mode) }}{{ end -}}
{{- if and $f.model.path (hasPrefix (printf "%s/" $f.model.mountPath) $f.model.path) (not $f.model.volume) }}{{ $errors = append $errors (printf "functions %q: model.path is under model.mountPath, but model.volume is empty." $f.name) }}{{ end -}}
{{- if lt (int $f.worker.terminationGracePeriodSeconds) (int (add $f.worker.preStopSeconds $f.worker.drainSeconds 5)) }}{{ $errors = append $errors (printf "functions %q: worker.terminationGracePeriodSeconds must be at least preStopSeconds + drainSeconds + 5 = %d, or jobs are cut off." $f.name (int (add $f.worker.preStopSeconds $f.worker.drainSeconds 5))) }}{{ end -}}
{{- if and (include "keda-inference.usesScaler" $a.mode) (ne (include "keda-inference.scalerEnabled" $) "true") }}{{ $errors = append $errors (printf "functions %q: the mode %s is decided by the scaler; set scaler.enabled to auto or true." $f.name $a.mode) }}{{ end -}}
{{- end -}}
{{- if and $needsKeda (ne (include "keda-inference.kedaInstalled" .) "true") -}}
{{- $errors = append $errors (printf "KEDA is not installed in this cluster (no keda.sh/v1alpha1 ScaledObject), but these functions need it: %s. Install it (helm install keda kedacore/keda -n keda --create-namespace), or set autoscaling.mode=static. To render without a cluster, set keda.installed=yes." (join ", " $needsKeda)) -}}
{{- end -}}
{{- if eq .Values.redis.mode "external" -}}
{{- if not .Values.redis.external.addresses }}{{ $errors = append $errors "redis.external.addresses is empty; give host:port of your Redis, or set redis.mode=bundled." }}{{ end -}}
{{- if and (eq .Values.redis.external.topology "sentinel") (not .Values.redis.external.sentinelMaster) }}{{ $errors = append $errors "redis.external.sentinelMaster is empty; Sentinel needs the name of the master." }}{{ end -}}
{{- end -}}
{{- with .Values.scaler.tls -}}
{{- if and .enabled (not .certManager.enabled) (not .secretName) }}{{ $errors = append $errors "scaler.tls.enabled needs certificates: set scaler.tls.certManager.enabled, or scaler.tls.secretName (tls.crt, tls.key, ca.crt)." }}{{ end -}}
{{- if and .enabled .mutual (not .certManager.enabled) (not .clientSecretName) }}{{ $errors = append $errors "scaler.tls.mutual needs KEDA's certificate: set scaler.tls.clientSecretName, or scaler.tls.mutual=false." }}{{ end -}}
{{- end -}}
{{- with .Values.ingress -}}
{{- if lt (int .terminationGracePeriodSeconds) (int (add .preStopSeconds .drainTimeoutSeconds 5)) }}{{ $errors = append $errors (printf "ingress.terminationGracePeriodSeconds must be at least preStopSeconds + drainTimeoutSeconds + 5 = %d, or requests are cut off." (int (add .preStopSeconds .drainTimeoutSeconds 5))) }}{{ end -}}
{{- end -}}
{{- if and .Values.ingress.httpRoute.enabled (not .Values.ingress.httpRoute.parentRefs) }}{{ $errors = append $errors "ingress.httpRoute.parentRefs is empty; name the Gateway." }}{{ end -}}
{{- if $errors -}}
{{- fail (printf "\n\nkeda-inference cannot be installed like this:\n  - %s\n" (join "\n  - " $errors)) -}}
{{- end -}}
{{- end -}}
