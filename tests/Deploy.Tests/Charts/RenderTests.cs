using Keda.Inference.Deploy.Tests.Support;

namespace Keda.Inference.Deploy.Tests.Charts;

public class RenderTests
{
    public static TheoryData<string> Modes => [.. Chart.Modes];

    /// <summary>Each line is a set of toggles on top of a mode.</summary>
    public static TheoryData<string> Toggles =>
    [
        "scaler.tls.enabled=true scaler.tls.certManager.enabled=true",
        "scaler.tls.enabled=true scaler.tls.certManager.enabled=true scaler.tls.mutual=false",
        "scaler.tls.enabled=true scaler.tls.secretName=server scaler.tls.clientSecretName=client",
        "scaler.allNamespaces=true autoscaling.slo.fastLane=true",
        "scaler.antiAffinity=hard scaler.enabled=true autoscaling.mode=static",
        "autoscaling.slo.fastLane=true autoscaling.slo.startupSeconds=8 autoscaling.fallback.enabled=true",
        "autoscaling.minReplicas=0 autoscaling.activationQueueLength=3",
        "autoscaling.hpaTolerance=off",
        "autoscaling.mode=static autoscaling.static.replicas=0 keda.installed=no",
        "ingress.ingress.enabled=true ingress.ingress.className=nginx",
        "ingress.service.type=NodePort ingress.service.nodePort=30080",
        "ingress.autoscaling.enabled=false ingress.replicas=3",
        "ingress.callbacks.existingSecret=callbacks",
        "redis.bundled.persistence.enabled=false redis.bundled.appendfsync=always",
        "redis.bundled.existingSecret=mine redis.bundled.exporter.enabled=true",
        "redis.bundled.persistence.storageClass=fast",
        "monitoring.serviceMonitors.enabled=true monitoring.rules.enabled=true monitoring.dashboard.enabled=true",
        "monitoring.serviceMonitors.enabled=true redis.bundled.exporter.enabled=true",
        "networkPolicy.enabled=false",
        "worker.podDisruptionBudget.enabled=false ingress.podDisruptionBudget.enabled=false scaler.podDisruptionBudget.enabled=false",
        "worker.topologySpread.enabled=false ingress.topologySpread.enabled=false scaler.topologySpread.enabled=false",
        "worker.priorityClassName=high worker.runtimeClassName=gvisor worker.preStopSeconds=2 worker.terminationGracePeriodSeconds=40",
        "image.registry=registry.example/team image.tag=1.2.3 image.pullPolicy=Always",
        "otlpEndpoint=http://collector.observability:4317 nameOverride=pictures",
        "fullnameOverride=pictures",
        "queue.maxDepth=1000000 queue.maxEstimatedWaitSeconds=2.5 ingress.maxBodyBytes=20000000",
    ];

    [Theory, MemberData(nameof(Modes))]
    public async Task Chart_InEveryMode_IsValid(string mode) => await ShouldBeValidAsync($"autoscaling.mode={mode}");

    [Theory, MemberData(nameof(Toggles))]
    public async Task Chart_WithEveryToggle_IsValid(string toggles) => await ShouldBeValidAsync(toggles.Split(' '));

    [Theory, MemberData(nameof(Modes))]
    public async Task Chart_WithListsAndExternalRedis_IsValid(string mode)
    {
        var values = Chart.Values("""
            functions:
              - name: resnet18
              - name: small
                queue: small.pictures
                model: {path: /models-volume/small.onnx, precision: int8, labels: /models-volume/labels.txt, volume: {persistentVolumeClaim: {claimName: models}}}
                autoscaling: {mode: queue-depth, minReplicas: 0, maxReplicas: 40, queueDepth: {fastLane: true}, metadata: {upstream: resnet18}}
                queueRules: {order: fifo, maxDepth: 5000}
                worker: {resources: {limits: {cpu: "2"}}, extraEnv: [{name: Worker__MaxBatch, value: "4"}], cacheVolume: {persistentVolumeClaim: {claimName: cache}}}
            image: {pullSecrets: [{name: regcred}]}
            redis:
              mode: external
              external:
                topology: sentinel
                addresses: ["s1.example:26379", "s2.example:26379"]
                sentinelMaster: mymaster
                username: inference
                existingSecret: redis
                tls: {enabled: true, caSecret: redis-ca, clientSecret: redis-client}
            ingress:
              apiKeys: [{name: shop, sha256: "abababababababababababababababababababababababababababababababab", requestsPerSecond: 0.5, burst: 10}]
              corsOrigins: [https://example.org]
              httpRoute: {enabled: true, parentRefs: [{name: public}], hostnames: [inference.example.org]}
              ingress: {enabled: true, hosts: [a.example.org, b.example.org], tls: [{secretName: tls, hosts: [a.example.org]}]}
            networkPolicy:
              ingressFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gateways}}}]
              apiServerCidrs: [10.0.0.1/32]
              redisTo: [{ipBlock: {cidr: 10.1.0.0/16}}]
              extraEgress: [{ports: [{port: 4317}], to: [{namespaceSelector: {}}]}]
            commonLabels: {team: vision}
            commonAnnotations: {owner: vision}
            monitoring: {serviceMonitors: {enabled: true, labels: {release: prometheus}}}
            """);
        await ShouldBeValidAsync(values, $"autoscaling.mode={mode}");
    }

    [Fact]
    public async Task ManifestsForUsersWithoutHelm_AreValid()
    {
        var checkedObjects = await Chart.CheckManifestsAsync(
            Testing.RepositoryPaths.Of("keda"), Testing.RepositoryPaths.Of("deploy", "monitoring", "prometheus-rule.yaml"),
            Testing.RepositoryPaths.Of("deploy", "monitoring", "service-monitors.yaml"));
        checkedObjects.Output.Trim().ShouldEndWith(" 0 faults");
        checkedObjects.Output.ShouldNotContain("not checked");
    }

    private static async Task ShouldBeValidAsync(params string[] sets)
    {
        var result = await Chart.CheckAsync(sets);
        result.ExitCode.ShouldBe(0, result.All);
        result.Output.Trim().ShouldEndWith(" 0 faults");
    }
}
