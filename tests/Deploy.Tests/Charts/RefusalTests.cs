using Keda.Inference.Deploy.Tests.Support;

namespace Keda.Inference.Deploy.Tests.Charts;

public class RefusalTests
{
    [Fact]
    public async Task Install_WithoutKeda_FailsAndSaysWhatToDo()
    {
        var result = await Chart.CheckAsync("keda.installed=no");
        result.ExitCode.ShouldBe(1);
        result.Errors.ShouldContain("KEDA is not installed in this cluster");
        result.Errors.ShouldContain("resnet18 (slo)");
        result.Errors.ShouldContain("autoscaling.mode=static");
    }

    [Fact]
    public async Task Install_WithoutKedaInStaticMode_NeedsNothingOfKeda()
    {
        var objects = await Chart.RenderAsync("keda.installed=no", "autoscaling.mode=static", "scaler.enabled=true",
            "scaler.tls.enabled=true", "scaler.tls.secretName=a", "scaler.tls.clientSecretName=b");
        objects.ShouldNotContain(one => ((string)one.Json["apiVersion"]!).StartsWith("keda.sh/"));
        ((int)objects.Single(one => one.Name == "keda-inference-resnet18" && one.Kind == "Deployment").Json["spec"]!["replicas"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("autoscaling.mode=magic", "autoscaling.mode")]
    [InlineData("autoscaling.mod=slo", "mod is not allowed")]
    [InlineData("worker.image.digest=latest", "worker.image.digest")]
    [InlineData("redis.bundled.appendfsync=sometimes", "redis.bundled.appendfsync")]
    [InlineData("autoscaling.mode=cpu-70 autoscaling.minReplicas=0", "cpu-70 cannot start from 0")]
    [InlineData("autoscaling.mode=cpu-90 autoscaling.fallback.enabled=true", "no fallback for a cpu trigger")]
    [InlineData("autoscaling.maxReplicas=1 autoscaling.minReplicas=2", "below minReplicas")]
    [InlineData("redis.mode=external", "redis.external.addresses is empty")]
    [InlineData("scaler.tls.enabled=true", "needs certificates")]
    [InlineData("scaler.tls.enabled=true scaler.tls.secretName=a", "needs KEDA's certificate")]
    [InlineData("scaler.enabled=false", "decided by the scaler")]
    [InlineData("ingress.httpRoute.enabled=true", "name the Gateway")]
    [InlineData("worker.drainSeconds=60", "jobs are cut off")]
    [InlineData("ingress.drainTimeoutSeconds=300", "requests are cut off")]
    public async Task Install_WithUnusableValues_NamesThem(string sets, string message)
    {
        var result = await Chart.CheckAsync(sets.Split(' '));
        result.ExitCode.ShouldBe(1);
        result.All.ShouldContain(message);
    }

    [Fact]
    public async Task Install_WithSeveralFaults_NamesAllAtOnce()
    {
        var values = Chart.Values("""
            functions:
              - {name: a, queue: same}
              - {name: a, queue: same}
              - {name: a-function-with-a-name-of-forty-letters1}
              - {name: redis}
              - {name: b, model: {path: /models-volume/x.onnx}}
            """);
        var errors = (await Chart.CheckAsync(values)).Errors;
        errors.ShouldContain("the name \"a\" is used twice");
        errors.ShouldContain("the queue \"same\" is used twice");
        errors.ShouldContain("KEDA allows 54");
        errors.ShouldContain("\"redis\" is the name of another part");
        errors.ShouldContain("model.volume is empty");
    }
}
