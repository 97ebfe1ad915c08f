using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;
using StackExchange.Redis;

namespace Keda.Inference.Benchmarks;

/// <summary>
/// Rates of the three calls of a job's life, each beside what redis-benchmark reaches with one EVALSHA that stores the same payload on the same
/// server, round by round in turn.
/// </summary>
internal sealed class QueueBenchmark : IBenchmark
{
    private const int Portion = 1000;
    private const string PeerScript = "return redis.call('SET', KEYS[1], ARGV[1])";

    public Command ToCommand()
    {
        var jobs = new Option<int>("--jobs") { DefaultValueFactory = _ => 30_000, Description = "Jobs in each round." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds, each beside one of redis-benchmark." };
        var bytes = new Option<int>("--bytes") { DefaultValueFactory = _ => 1024, Description = "Size of a body." };
        var callers = new Option<int>("--callers") { DefaultValueFactory = _ => 50, Description = "Calls under way at once, here and there." };
        var command = new Command("queue", "Enqueue, claim and complete rates over a real redis-server.") { jobs, rounds, bytes, callers };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(jobs), parsed.GetValue(rounds), parsed.GetValue(bytes), parsed.GetValue(callers), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int jobs, int rounds, int bytes, int callers, CancellationToken cancellation)
    {
        if (RedisServer.Find("redis-server") is null || RedisServer.Find("redis-benchmark") is null)
        {
            await Console.Error.WriteLineAsync("redis-server and redis-benchmark must be on PATH.");
            return 2;
        }

        await using var redis = await RedisServer.StartAsync();
        await using var queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString, TimeoutMs = 10_000 },
            name => new WorkQueueOptions { Name = name, MaxDepth = 1_000_000 }, TimeProvider.System);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await admin.GetDatabase().ExecuteAsync("SCRIPT", "LOAD", PeerScript);
        var body = new byte[bytes];
        new Random(1).NextBytes(body);
        await RoundAsync(queues.Open("warmup"), Math.Min(jobs, 5000), body, callers, cancellation);

        var measured = new List<(double Enqueue, double Claim, double Complete, double Peer)>();
        for (var round = 1; round <= rounds; round++)
        {
            var peer = await PeerAsync(redis.Port, jobs, bytes, callers, cancellation);
            var (enqueue, claim, complete) = await RoundAsync(queues.Open($"round{round}"), jobs, body, callers, cancellation);
            measured.Add((enqueue, claim, complete, peer));
            Console.WriteLine(
                $"round {round}: enqueue {enqueue:0}/s, claim {claim:0}/s, complete {complete:0}/s; redis-benchmark EVALSHA {peer:0}/s");
        }

        var (e, c, f) = (Median(measured.Select(m => m.Enqueue)), Median(measured.Select(m => m.Claim)), Median(measured.Select(m => m.Complete)));
        double[] ratios =
        [
            Median(measured.Select(m => m.Enqueue / m.Peer)), Median(measured.Select(m => m.Claim / m.Peer)), Median(measured.Select(m => m.Complete / m.Peer)),
        ];
        Console.WriteLine($"medians: enqueue {e:0}/s (ratio {ratios[0]:0.00}), claim {c:0}/s ({ratios[1]:0.00}), complete {f:0}/s ({ratios[2]:0.00})");
        Console.WriteLine($"queue jobs_per_s={1 / ((1 / e) + (1 / c) + (1 / f)):0} ratio={ratios.Min():0.00}");
        return 0;
    }

    // In portions of the default bound of a queue: no real one holds more.
    private static async Task<(double Enqueue, double Claim, double Complete)> RoundAsync(
        IWorkQueue queue, int jobs, byte[] body, int callers, CancellationToken cancellation)
    {
        var portions = new List<(double Enqueue, double Claim, double Complete)>();
        for (var left = jobs; left > 0; left -= Portion)
            portions.Add(await PortionAsync(queue, Math.Min(Portion, left), body, callers, cancellation));
        return (
            Harmonic(portions.Select(portion => portion.Enqueue)), Harmonic(portions.Select(portion => portion.Claim)),
            Harmonic(portions.Select(portion => portion.Complete)));
    }

    private static double Harmonic(IEnumerable<double> rates) => 1 / rates.Average(rate => 1 / rate);

    private static async Task<(double Enqueue, double Claim, double Complete)> PortionAsync(
        IWorkQueue queue, int jobs, byte[] body, int callers, CancellationToken cancellation)
    {
        var enqueue = await RateAsync(jobs, callers, async () => await queue.EnqueueAsync(
            new JobSubmission { Id = JobId.New(TimeProvider.System), Body = body, ContentType = "image/jpeg", ExpectReply = false }, cancellation));
        var claimed = new System.Collections.Concurrent.ConcurrentQueue<ClaimedJob>();
        var claim = await RateAsync(jobs, callers, async () => claimed.Enqueue((await queue.ClaimAsync("bench", 1, cancellation)).Single()));
        var payload = body[..Math.Min(600, body.Length)];
        var complete = await RateAsync(jobs, callers, async () =>
        {
            claimed.TryDequeue(out var job);
            await queue.CompleteAsync(job!, payload, TimeSpan.FromMilliseconds(50), cancellation);
        });
        return (enqueue, claim, complete);
    }

    private static async Task<double> RateAsync(int count, int callers, Func<Task> call)
    {
        var left = count;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await call();
        })));
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> PeerAsync(int port, int count, int bytes, int callers, CancellationToken cancellation)
    {
#pragma warning disable CA5350 // Redis names scripts by SHA-1.
        var sha = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(PeerScript)));
#pragma warning restore CA5350
        var start = new ProcessStartInfo("redis-benchmark") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "-p", $"{port}", "-n", $"{count}", "-c", $"{callers}", "--csv", "EVALSHA", sha, "1", "peer", new string('x', bytes),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        // The last row is "command","rps",…; the command is quoted and has no quote of its own.
        var row = output.Trim().Split('\n')[^1].Split("\",\"");
        return double.Parse(row[1].Trim('"'));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
