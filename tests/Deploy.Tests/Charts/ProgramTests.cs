using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Deploy.Tests.Charts;

/// <summary>The chart's ports, settings and versions are those of the programs.</summary>
public class ProgramTests
{
    private static Task<IReadOnlyList<KubeObject>> AllAsync() => Chart.RenderAsync(Chart.Values("""
        functions:
          - name: resnet18
            model: {path: /models-volume/a.onnx, labels: /models-volume/labels.txt, volume: {persistentVolumeClaim: {claimName: models}}}
            queueRules: {maxDepth: 1000000, leaseSeconds: 7.5, order: fifo}
        ingress:
          apiKeys: [{name: shop, sha256: "abababababababababababababababababababababababababababababababab", requestsPerSecond: 0.5, burst: 10}]
          corsOrigins: [https://example.org]
          callbacks: {existingSecret: callbacks}
        scaler: {tls: {enabled: true, certManager: {enabled: true}}}
        """));

    [Fact]
    public async Task Variables_OfEveryPod_AreOptionsOfThePrograms()
    {
        var objects = await AllAsync();
        var names = objects.SelectMany(one => one.Containers).SelectMany(container => container["env"]!.AsArray()).Select(variable => (string)variable!["name"]!)
            .Concat(objects.Single(one => one is { Kind: "ConfigMap", Component: "queue-rules" }).Json["data"]!.AsObject().Select(pair => pair.Key))
            .Where(Settings.IsOption).Distinct().ToList();
        names.Count.ShouldBeGreaterThan(25);
        names.Select(Settings.Problem).Where(problem => problem is not null).ShouldBeEmpty();
    }

    [Fact]
    public async Task QueueRules_AsRendered_AreWhatTheQueueReads()
    {
        var options = WorkQueue(await AllAsync());
        options.MaxDepth.ShouldBe(1_000_000, "Helm would print 1e+06 for a plain {{ .Values… }}");
        options.LeaseSeconds.ShouldBe(7.5);
        options.Order.ShouldBe(ServiceOrder.Fifo);
    }

    [Fact]
    public async Task QueueRules_ByDefault_AreTheProgramsOwnDefaults()
    {
        var rendered = WorkQueue(await Chart.RenderAsync());
        var own = new WorkQueueOptions();
        foreach (var property in typeof(WorkQueueOptions).GetProperties().Where(property => property.CanWrite && property.Name != nameof(own.Name)))
            property.GetValue(rendered).ShouldBe(property.GetValue(own), property.Name);
    }

    [Fact]
    public void QueueRules_AtTheSchemasBounds_AreWhatTheProgramsAccept()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart.Folder, "values.schema.json")))!;
        var bounds = schema["definitions"]!["queueRules"]!["properties"]!.AsObject()
            .SelectMany(rule => new[] { "minimum", "maximum" }.Where(bound => rule.Value![bound] is not null)
                .Select(bound => (Name: char.ToUpperInvariant(rule.Key[0]) + rule.Key[1..], Value: (double)rule.Value![bound]!))).ToList();
        bounds.Count.ShouldBeGreaterThan(10);
        foreach (var (name, value) in bounds)
        {
            var options = new WorkQueueOptions();
            var property = typeof(WorkQueueOptions).GetProperty(name)!;
            property.SetValue(options, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
            WorkQueueOptionsValidator.ValidateOverrides("resnet18", options).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task IngressSettings_AsRendered_AreValid()
    {
        var options = Configuration(await AllAsync(), "ingress").GetSection(IngressOptions.Section).Get<IngressOptions>()!;
        options.Callbacks.Secret = null;   // comes from a Secret
        new IngressOptionsValidator().Validate(null, options).Failures.ShouldBeNull();
        options.Functions.ShouldBe(["resnet18"]);
        options.ApiKeys.ShouldHaveSingleItem().RequestsPerSecond.ShouldBe(0.5);
    }

    [Fact]
    public async Task ScalerSettings_AsRendered_AreValid()
    {
        var configuration = Configuration(await Chart.RenderAsync(), "scaler");
        var options = ScalerConfiguration.Read(new ServiceCollection(), configuration);
        options.ClusterView.ShouldBe(ClusterViewKind.Kubernetes);
    }

    [Fact]
    public async Task ScalerCertificates_Paths_LieInTheMountedSecret()
    {
        var scaler = (await AllAsync()).Single(one => one is { Kind: "Deployment", Component: "scaler" });
        var container = scaler.Containers.Single();
        var mount = container["volumeMounts"]!.AsArray().Single(one => (string)one!["name"]! == "tls")!;
        mount["subPath"].ShouldBeNull("a file mounted alone is never renewed");
        foreach (var name in new[] { "CertificatePath", "KeyPath", "ClientCaPath" })
            ((string)container["env"]!.AsArray().Single(one => (string)one!["name"]! == $"Scaler__Tls__{name}")!["value"]!).ShouldStartWith($"{mount["mountPath"]}/");
    }

    [Fact]
    public async Task RedisCertificates_Paths_LieInTheMountedSecretsOfEveryProgram()
    {
        var objects = await Chart.RenderAsync(Chart.Values("""
            keda: {installed: "yes"}
            redis: {mode: external, external: {addresses: ["redis.example:6380"], tls: {enabled: true, caSecret: authority, clientSecret: own}}}
            """));
        foreach (var component in new[] { "ingress", "worker", "scaler" })
        {
            var pod = objects.Single(one => one.Kind == "Deployment" && one.Component == component);
            var container = pod.Containers.Single();
            foreach (var (setting, volume, file) in new[]
                     {
                         ("CaCertificateFile", "redis-ca", "ca.crt"), ("ClientCertificateFile", "redis-client", "tls.crt"),
                         ("ClientKeyFile", "redis-client", "tls.key"),
                     })
            {
                var mount = container["volumeMounts"]!.AsArray().Single(one => (string)one!["name"]! == volume)!;
                mount["subPath"].ShouldBeNull("a file mounted alone is never renewed");
                ((string)container["env"]!.AsArray().Single(one => (string)one!["name"]! == $"Redis__{setting}")!["value"]!)
                    .ShouldBe($"{mount["mountPath"]}/{file}");
            }
        }
    }

    [Fact]
    public async Task Ports_OfEveryPod_AreThoseThatThePodsProgramListensOn()
    {
        var objects = await AllAsync();
        Ports("ingress").ShouldBe([("http", new IngressOptions().Port)]);
        Ports("worker").ShouldBe([("http", new WorkerOptions().HttpPort)]);
        Ports("scaler").ShouldBe([("grpc", new ScalerOptions().GrpcPort), ("http", new ScalerOptions().HttpPort)], ignoreOrder: true);

        IEnumerable<(string, int)> Ports(string component) =>
            objects.Single(one => one.Kind == "Deployment" && one.Component == component).Containers.Single()["ports"]!.AsArray()
                .Select(port => ((string)port!["name"]!, (int)port["containerPort"]!));
    }

    [Fact]
    public async Task Services_AndProbes_NamePortsThatExist()
    {
        var objects = await Chart.RenderAsync("redis.bundled.exporter.enabled=true");
        foreach (var one in objects.Where(one => one.Kind is "Deployment" or "StatefulSet"))
        {
            var ports = one.Containers.SelectMany(container => container["ports"]!.AsArray()).Select(port => (string)port!["name"]!).ToList();
            foreach (var container in one.Containers)
            {
                foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
                {
                    if (container[probe]?["httpGet"] is { } get)
                        ports.ShouldContain((string)get["port"]!);
                }
            }
            foreach (var service in objects.Where(service => service.Kind == "Service" && service.Name == one.Name))
            {
                foreach (var port in service.Json["spec"]!["ports"]!.AsArray())
                    ports.ShouldContain((string)port!["targetPort"]!, service.ToString());
            }
        }
    }

    [Fact]
    public async Task Selectors_OfServicesAndBudgets_MatchPods()
    {
        var objects = await Chart.RenderAsync();
        var pods = objects.Where(one => one.Kind is "Deployment" or "StatefulSet").Select(one => one.Json["spec"]!["template"]!["metadata"]!["labels"]!.AsObject()).ToList();
        var selectors = objects.Where(one => one.Kind == "Service").Select(one => (one, one.Json["spec"]!["selector"]!))
            .Concat(objects.Where(one => one.Kind == "PodDisruptionBudget").Select(one => (one, one.Json["spec"]!["selector"]!["matchLabels"]!)));
        foreach (var (one, selector) in selectors)
            pods.Count(labels => selector.AsObject().All(pair => (string?)labels[pair.Key] == (string?)pair.Value)).ShouldBe(1, one.ToString());
    }

    [Fact]
    public void Versions_OfChartAndPrograms_Agree()
    {
        var props = XDocument.Load(RepositoryPaths.Of("Directory.Build.props"));
        ((string)Yaml.Single(Path.Combine(Chart.Folder, "Chart.yaml"))["appVersion"]!).ShouldBe(props.Descendants("Version").Single().Value);
    }

    private static WorkQueueOptions WorkQueue(IReadOnlyList<KubeObject> objects)
    {
        var services = new ServiceCollection();
        // Throws, with every fault, when a rule is out of bounds.
        services.AddWorkQueue(Configuration(objects, "worker"));
        return Configuration(objects, "worker").GetSection("Queues:resnet18").Get<WorkQueueOptions>()!;
    }

    /// <summary>What a pod's program sees: its own variables and the ConfigMap's, without those from Secrets.</summary>
    private static IConfiguration Configuration(IReadOnlyList<KubeObject> objects, string component)
    {
        var variables = objects.Single(one => one.Kind == "Deployment" && one.Component == component).Containers.Single()["env"]!.AsArray()
            .Where(variable => variable!["value"] is not null).Select(variable => (Name: (string)variable!["name"]!, Value: (string)variable["value"]!))
            .Concat(objects.Single(one => one is { Kind: "ConfigMap", Component: "queue-rules" }).Json["data"]!.AsObject()
                .Select(pair => (Name: pair.Key, Value: (string)pair.Value!)));
        return new ConfigurationBuilder()
            .AddInMemoryCollection(variables.Select(one => KeyValuePair.Create(one.Name.Replace("__", ":"), (string?)one.Value))).Build();
    }
}
