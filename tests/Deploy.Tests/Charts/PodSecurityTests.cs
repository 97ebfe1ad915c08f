using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;

namespace Keda.Inference.Deploy.Tests.Charts;

/// <summary>Pod Security "restricted", and what it does not ask for: limits, probes, a read-only root, no token.</summary>
public class PodSecurityTests
{
    private static Task<IReadOnlyList<KubeObject>> AllAsync() =>
        Chart.RenderAsync("redis.bundled.exporter.enabled=true", "scaler.tls.enabled=true", "scaler.tls.certManager.enabled=true");

    [Fact]
    public async Task Pods_OfEveryPart_AreThere()
    {
        var pods = (await AllAsync()).Where(one => one.Pod is not null).Select(one => one.Name);
        pods.ShouldBe(
            ["keda-inference-ingress", "keda-inference-redis", "keda-inference-scaler", "keda-inference-resnet18", "keda-inference-test"],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Pods_AllOfThem_AreRestricted()
    {
        foreach (var one in (await AllAsync()).Where(one => one.Pod is not null))
        {
            var pod = one.Pod!;
            pod["hostNetwork"].ShouldBeNull(one.ToString());
            pod["hostPID"].ShouldBeNull(one.ToString());
            pod["hostIPC"].ShouldBeNull(one.ToString());
            ((bool)pod["securityContext"]!["runAsNonRoot"]!).ShouldBeTrue(one.ToString());
            ((int)pod["securityContext"]!["runAsUser"]!).ShouldBeGreaterThan(0, one.ToString());
            ((string)pod["securityContext"]!["seccompProfile"]!["type"]!).ShouldBe("RuntimeDefault", one.ToString());
            foreach (var volume in pod["volumes"]?.AsArray() ?? [])
                volume!["hostPath"].ShouldBeNull(one.ToString());
            foreach (var container in one.Containers)
                ShouldBeRestricted(container, $"{one} {container["name"]}");
        }
    }

    [Fact]
    public async Task Containers_ThatStay_HaveProbesAndAllHaveLimits()
    {
        foreach (var one in (await AllAsync()).Where(one => one.Pod is not null))
        {
            foreach (var container in one.Containers)
            {
                var where = $"{one} {container["name"]}";
                foreach (var kind in new[] { "requests", "limits" })
                {
                    container["resources"]![kind]!["cpu"].ShouldNotBeNull(where);
                    container["resources"]![kind]!["memory"].ShouldNotBeNull(where);
                }
                if (one.Kind == "Pod")
                    continue;
                container["readinessProbe"].ShouldNotBeNull(where);
                container["livenessProbe"].ShouldNotBeNull(where);
                if ((string)container["name"]! != "exporter")
                    container["startupProbe"].ShouldNotBeNull(where);
            }
        }
    }

    [Fact]
    public async Task ApiToken_IsMountedOnlyForTheScaler()
    {
        var objects = await AllAsync();
        foreach (var one in objects.Where(one => one.Pod is not null))
        {
            ((bool)one.Pod!["automountServiceAccountToken"]!).ShouldBe(one.Component == "scaler", one.ToString());
            if (one.Kind != "Pod")
                objects.ShouldContain(account => account.Kind == "ServiceAccount" && account.Name == (string)one.Pod["serviceAccountName"]!);
        }
    }

    [Fact]
    public async Task WorkerVolumes_Writable_AreOnlyCacheAndTmp()
    {
        var worker = (await AllAsync()).Single(one => one.Kind == "Deployment" && one.Component == "worker");
        var writable = worker.Containers.Single()["volumeMounts"]!.AsArray().Where(mount => !(bool?)mount!["readOnly"] ?? true);
        writable.Select(mount => (string)mount!["mountPath"]!).ShouldBe(["/cache", "/tmp"], ignoreOrder: true);
    }

    [Fact]
    public async Task Workers_ByDefault_HaveOneCoreAndOneGibibyte()
    {
        var worker = (await AllAsync()).Single(one => one.Kind == "Deployment" && one.Component == "worker");
        foreach (var kind in new[] { "requests", "limits" })
        {
            ((string)worker.Containers.Single()["resources"]![kind]!["cpu"]!).ShouldBe("1");
            ((string)worker.Containers.Single()["resources"]![kind]!["memory"]!).ShouldBe("1Gi");
        }
    }

    private static void ShouldBeRestricted(JsonNode container, string where)
    {
        var context = container["securityContext"].ShouldNotBeNull(where);
        ((bool)context["allowPrivilegeEscalation"]!).ShouldBeFalse(where);
        ((bool)context["readOnlyRootFilesystem"]!).ShouldBeTrue(where);
        ((bool)context["runAsNonRoot"]!).ShouldBeTrue(where);
        context["capabilities"]!["drop"]!.AsArray().Select(name => (string)name!).ShouldBe(["ALL"], where);
        context["capabilities"]!["add"].ShouldBeNull(where);
        ((string)context["seccompProfile"]!["type"]!).ShouldBe("RuntimeDefault", where);
    }
}
