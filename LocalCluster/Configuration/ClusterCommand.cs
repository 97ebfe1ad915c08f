using System.CommandLine;
using System.CommandLine.Parsing;

namespace Keda.Inference.LocalCluster;

/// <summary>The command line.</summary>
internal static class ClusterCommand
{
    public static RootCommand Create()
    {
        var defaults = new ClusterOptions();
        var port = Number("--port", "The HTTP port of the ingress.", defaults.Port);
        var scalerPort = Number("--scaler-port", "The gRPC port of the external scaler.", defaults.ScalerPort);
        var scalerHttpPort = Number("--scaler-http-port", "The HTTP port of the external scaler.", defaults.ScalerHttpPort);
        var workerHttpPort = Number(
            "--worker-http-port", "The HTTP port of the first worker; the others follow. 0 takes free ones.", defaults.WorkerHttpPort);
        var policy = Option(
            "--policy", "What scales: a policy of the scaler (queue-proportional, queue-depth, slo), cpu-70, cpu-90, or none.", defaults.Policy);
        var min = Number("--min", "KEDA's minReplicaCount.", defaults.Min);
        var max = Number("--max", "KEDA's maxReplicaCount.", defaults.Max);
        var sync = Seconds("--sync-period", "The HPA's sync period in seconds.", defaults.SyncPeriod);
        var poll = Seconds("--poll", "KEDA's pollingInterval in seconds.", defaults.Poll);
        var cooldown = Seconds("--cooldown-period", "KEDA's cooldownPeriod before the step to zero, in seconds.", defaults.CooldownPeriod);
        var set = new Option<string[]>("--set")
        {
            Description = "Trigger metadata as KEY=VALUE; may be repeated.", HelpName = "KEY=VALUE", Arity = ArgumentArity.ZeroOrMore, Recursive = true,
        };
        var cpu = new Option<double?>("--cpu-limit") { Description = "CPU quota of each worker, by a cgroup.", HelpName = "CORES", Recursive = true };
        var worker = new Option<string?>("--worker")
        {
            Description = "The workers' program, if not InferenceFunction: a .dll that serves the queue and reads the same settings.", HelpName = "PATH", Recursive = true,
        };
        var model = new Option<string?>("--model") { Description = "The ONNX file to serve.", HelpName = "PATH", Recursive = true };
        var precision = new Option<string?>("--precision") { Description = "fp32 or int8.", HelpName = "PRECISION", Recursive = true };
        var redis = new Option<string?>("--redis")
        {
            Description = "A real Redis; without it an embedded store is started.", HelpName = "HOST:PORT", Recursive = true,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Show the services' own logs.", Recursive = true };

        var root = new RootCommand(
            """
            Keda.Inference on one machine, without a cluster: ingress, external scaler and workers as processes, with stand-ins for KEDA, the
            HPA and the kubelet. Ctrl-C stops everything.

            Examples:
              dotnet run -c Release --project LocalCluster
              dotnet run -c Release --project LocalCluster -- --max 2 --poll 1 --sync-period 1 --set cooldownSeconds=5
              dotnet run -c Release --project LocalCluster -- --policy slo --set fastLane=true
              dotnet run -c Release --project LocalCluster -- demo
            """);
        root.Options.AddRange(
            port, scalerPort, scalerHttpPort, workerHttpPort, policy, min, max, sync, poll, cooldown, set, cpu, worker, model, precision, redis, verbose);
        root.SetAction((parsed, cancellation) => ClusterProgram.RunAsync(Read(parsed), demo: false, cancellation));
        var demo = new Command("demo", "Go on with a burst that makes it scale out and in again, print a table and exit.");
        demo.SetAction((parsed, cancellation) => ClusterProgram.RunAsync(DemoRun.Shorten(Read(parsed), IsGiven(parsed)), demo: true, cancellation));
        root.Subcommands.Add(demo);
        return root;

        ClusterOptions Read(ParseResult parsed) => new()
        {
            Port = parsed.GetValue(port),
            ScalerPort = parsed.GetValue(scalerPort),
            ScalerHttpPort = parsed.GetValue(scalerHttpPort),
            WorkerHttpPort = parsed.GetValue(workerHttpPort),
            Policy = parsed.GetValue(policy)!,
            Min = parsed.GetValue(min),
            Max = parsed.GetValue(max),
            SyncPeriod = parsed.GetValue(sync),
            Poll = parsed.GetValue(poll),
            CooldownPeriod = parsed.GetValue(cooldown),
            Metadata = Pairs(parsed.GetValue(set) ?? []),
            CpuLimit = parsed.GetValue(cpu),
            Worker = parsed.GetValue(worker) is { } program ? Path.GetFullPath(program) : null,
            Model = parsed.GetValue(model) is { } path ? Path.GetFullPath(path) : null,
            Precision = parsed.GetValue(precision),
            Redis = parsed.GetValue(redis),
            Verbose = parsed.GetValue(verbose),
        };

        static Func<string, bool> IsGiven(ParseResult parsed) => name => parsed.GetResult(name) is OptionResult { Implicit: false };
    }

    private static Option<int> Number(string name, string description, int value) => Option(name, description, value, "N");

    private static Option<double> Seconds(string name, string description, double value) => Option(name, description, value, "SECONDS");

    private static Option<T> Option<T>(string name, string description, T value, string? help = null) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = help, Recursive = true };

    private static Dictionary<string, string> Pairs(string[] items)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new ClusterException($"--set {item} is not KEY=VALUE.", ClusterProgram.Usage);
            pairs[item[..equals]] = item[(equals + 1)..];
        }

        return pairs;
    }

    private static void AddRange(this IList<Option> options, params Option[] more)
    {
        foreach (var option in more)
            options.Add(option);
    }
}
