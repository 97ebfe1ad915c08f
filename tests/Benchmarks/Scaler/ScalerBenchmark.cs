using System.CommandLine;
using Keda.Inference.Testing;

namespace Keda.Inference.Benchmarks.Scaler;

/// <summary>What KEDA's calls cost: ScaledObjects over queues in a real redis-server, the scaler a process on one core.</summary>
internal sealed class ScalerBenchmark : IBenchmark
{
    public Command ToCommand()
    {
        var objects = new Option<int>("--objects") { Description = "ScaledObjects.", DefaultValueFactory = _ => 1000 };
        var queues = new Option<int>("--queues") { Description = "Queues they share.", DefaultValueFactory = _ => 100 };
        var seconds = new Option<double>("--seconds") { Description = "Length of each of the two measurements.", DefaultValueFactory = _ => 8 };
        var rate = new Option<double>("--rate") { Description = "GetMetrics a second for the latency.", DefaultValueFactory = _ => 500 };
        var policy = new Option<string>("--policy") { Description = "The triggers' policy.", DefaultValueFactory = _ => "queue-proportional" };
        var command = new Command("scaler", "KEDA's calls: RPC/s on one core, latency, Redis round trips, memory (needs redis-server).")
        {
            objects, queues, seconds, rate, policy,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new ScalerLoad(parsed.GetValue(objects), parsed.GetValue(queues), parsed.GetValue(policy)!), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(rate), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ScalerLoad load, TimeSpan duration, double rate, CancellationToken cancellation)
    {
        if (!RedisServer.IsInstalled)
        {
            Console.Error.WriteLine("redis-server is not on PATH.");
            return 1;
        }
        await using var redis = await RedisServer.StartAsync();
        await load.FillAsync(redis.ConnectionString, cancellation);
        await using var scaler = await ScalerProcess.StartAsync(redis.ConnectionString, cancellation);
        using var caller = new KedaCaller(scaler.GrpcAddress, load);

        // Warm-up: code is compiled and every ScaledObject has a state.
        await caller.SaturateAsync(TimeSpan.FromSeconds(4), cancellation);

        var before = await scaler.SampleAsync(cancellation);
        var calls = await caller.SaturateAsync(duration, cancellation);
        var after = await scaler.SampleAsync(cancellation);
        var perSecond = calls / duration.TotalSeconds;
        var perCpuSecond = calls / (after.CpuSeconds - before.CpuSeconds);
        Console.WriteLine($"saturated: {calls} GetMetrics in {duration.TotalSeconds:0.#} s = {perSecond:0}/s, "
            + $"{after.CpuSeconds - before.CpuSeconds:0.0} s of CPU = {perCpuSecond:0} for each second of a core");

        var paced = await caller.PaceAsync(rate, duration, cancellation);
        var end = await scaler.SampleAsync(cancellation);
        var roundTrips = (end.RoundTrips - after.RoundTrips) / (double)(paced.Metrics + paced.Activities);
        Console.WriteLine($"paced: {paced.Metrics} GetMetrics, {paced.Activities} IsActive, {paced.Specs} GetMetricSpec at {rate:0}/s each, "
            + $"p50 {paced.P50:0.00} ms, p99 {paced.P99:0.00} ms, generator's own lag p99 {paced.LagP99:0.00} ms, failed {paced.Failed}");
        Console.WriteLine($"redis: {(end.RoundTrips - after.RoundTrips)} round trips waited for, {end.Decisions - after.Decisions} decisions kept");
        Console.WriteLine($"scaler rpc_per_s={perSecond:0} p99_ms={paced.P99:0.00} roundtrips={roundTrips:0.00} rss_mb={end.RssMegabytes:0}");
        return paced.Failed == 0 ? 0 : 1;
    }
}
