using System.CommandLine;
using HdrHistogram;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>
/// The front door with workers that do nothing: throughput against what redis-benchmark reaches with SET of the same bytes, the latency it
/// adds, and the memory of callers who wait.
/// </summary>
internal sealed class IngressBenchmark : IBenchmark
{
    private const int BodyBytes = 110_000;

    /// <summary>After so many the compiler has nothing left to improve.</summary>
    private const int WarmUpRequests = 10_000;

    public Command ToCommand()
    {
        var connections = new Option<int>("--connections") { Description = "Connections at full load; redis-benchmark gets as many.", DefaultValueFactory = _ => 50 };
        var seconds = new Option<int>("--seconds") { Description = "How long each phase lasts.", DefaultValueFactory = _ => 8 };
        var waiting = new Option<int>("--waiting") { Description = "Callers who wait at once in the memory phase.", DefaultValueFactory = _ => 2000 };
        var command = new Command("ingress", "HTTP to Redis and back: requests/s, added latency, memory of waiting callers.") { connections, seconds, waiting };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(waiting), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int connections, TimeSpan phase, int waiting, CancellationToken cancellation)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var ingress = await IngressProcess.StartAsync(redis.ConnectionString, waiting, cancellation);
        var load = new HttpLoad(ingress.Port, Picture());

        double perSecond;
        ProcessorUse use;
        LongHistogram latency;
        await using (NoOpWorkers.Start(redis.ConnectionString))
        {
            await load.WarmUpAsync(connections, WarmUpRequests, cancellation);
            var before = ProcessorUse.Read(ingress, redis);
            var answered = await load.ClosedAsync(connections, phase, cancellation);
            use = ProcessorUse.Read(ingress, redis).PerRequest(before, answered);
            perSecond = answered / phase.TotalSeconds;
            latency = await load.OpenAsync(rate: 50, phase, cancellation);
        }

        var kilobytes = await MemoryOfWaitingAsync(ingress, redis, waiting, cancellation);
        var set = RedisSetRate.Measure(redis.Port, BodyBytes, connections, phase);
        var bare = await BareAsync(connections, phase, cancellation);
        Console.WriteLine($"redis-benchmark SET of {BodyBytes} bytes, {connections} connections: {set:F0}/s");
        // Each body is read by an HTTP server once and goes into Redis and out of it once, all on the same cores.
        var bound = 1 / ((1 / bare) + (2 / set));
        Console.WriteLine(
            $"Kestrel alone, which only reads the body: {bare:F0}/s; with one way into Redis and one out of it {bound:F0}/s are left, "
            + $"a ratio of {bound / set:F2} at most, of which {perSecond / bound:P0} is reached");
        Console.WriteLine(
            $"{perSecond:F0} requests/s; processor time of each: ingress {use.Ingress:F0} us, redis-server {use.Redis:F0} us, "
            + $"client and workers {use.Benchmark:F0} us, on {Environment.ProcessorCount} cores");
        Console.WriteLine(
            $"ingress requests_per_s={perSecond:F0} ratio={perSecond / set:F2} added_p50_ms={Milliseconds(latency, 50):F2} "
            + $"added_p99_ms={Milliseconds(latency, 99):F2} cpu_us_per_request={use.Ingress:F0} waiting={waiting} kb_per_waiting={kilobytes:F0}");
        return 0;
    }

    private static async Task<double> BareAsync(int connections, TimeSpan phase, CancellationToken cancellation)
    {
        await using var server = await BareServer.StartAsync(cancellation);
        var load = new HttpLoad(server.Port, Picture());
        await load.WarmUpAsync(connections, WarmUpRequests, cancellation);
        return await load.ClosedAsync(connections, phase, cancellation) / phase.TotalSeconds;
    }

    /// <summary>Callers who wait while no worker lives; their bodies are in Redis, so all that counts is what the ingress keeps.</summary>
    private static async Task<double> MemoryOfWaitingAsync(IngressProcess ingress, RedisServer redis, int waiting, CancellationToken cancellation)
    {
        // The arrival of the first quarter grows the pools and the heap to what so many bodies at a time need; the rest shows what waiting costs.
        var callers = new WaitingCallers(ingress.Port, Picture());
        await callers.ArriveAsync(waiting / 4, cancellation);
        await NoOpWorkers.UntilWaitingAsync(redis.ConnectionString, waiting / 4, cancellation);
        var before = ingress.ResidentBytes;
        await callers.ArriveAsync(waiting - waiting / 4, cancellation);
        await NoOpWorkers.UntilWaitingAsync(redis.ConnectionString, waiting, cancellation);
        var grown = ingress.ResidentBytes - before;
        await using (NoOpWorkers.Start(redis.ConnectionString))
        {
            var failed = await callers.LeaveAnsweredAsync(cancellation);
            if (failed > 0)
                throw new InvalidOperationException($"{failed} of {waiting} waiting callers got no answer.");
        }

        return grown / 1024.0 / (waiting - waiting / 4);
    }

    private static byte[] Picture()
    {
        var picture = new byte[BodyBytes];
        new Random(1).NextBytes(picture);
        GeneratedPictures.Jpeg(width: 64, height: 48).AsSpan(0, 64).CopyTo(picture);
        return picture;
    }

    private static double Milliseconds(LongHistogram latency, double percentile) =>
        latency.GetValueAtPercentile(percentile) / 1000.0;
}
