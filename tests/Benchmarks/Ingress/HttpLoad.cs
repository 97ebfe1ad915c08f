using System.Diagnostics;
using HdrHistogram;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>Load on the ingress.</summary>
internal sealed class HttpLoad(int port, byte[] picture)
{
    private const long HighestMicroseconds = 60_000_000;

    /// <summary>Every connection asks again as soon as it is answered. Returns the answers with 200; any other status ends the run.</summary>
    public async Task<long> ClosedAsync(int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        return await WhileAsync(connections, _ => Stopwatch.GetElapsedTime(started) < duration, cancellation);
    }

    /// <summary>The same until so many are answered.</summary>
    public Task WarmUpAsync(int connections, int requests, CancellationToken cancellation) =>
        WhileAsync(connections, answered => answered < requests, cancellation);

    private async Task<long> WhileAsync(int connections, Func<long, bool> goOn, CancellationToken cancellation)
    {
        long answered = 0;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new HttpConnection(port, picture);
            await connection.ConnectAsync(cancellation);
            while (goOn(Interlocked.Read(ref answered)))
            {
                ThrowUnlessOk(await connection.AskAsync(cancellation));
                Interlocked.Increment(ref answered);
            }
        }, cancellation)));
        return answered;
    }

    /// <summary>Requests at a steady rate, whether earlier ones are answered or not; latencies, in microseconds, from sending to the whole answer.</summary>
    public async Task<LongHistogram> OpenAsync(int rate, TimeSpan duration, CancellationToken cancellation)
    {
        var histogram = new LongHistogram(HighestMicroseconds, 3);
        var idle = new Stack<HttpConnection>();
        for (var i = 0; i < rate; i++)
        {
            var connection = new HttpConnection(port, picture);
            await connection.ConnectAsync(cancellation);
            idle.Push(connection);
        }

        var started = Stopwatch.GetTimestamp();
        var requests = new List<Task>();
        for (var i = 0; i < rate * duration.TotalSeconds; i++)
        {
            var intended = started + i * Stopwatch.Frequency / rate;
            while (intended - Stopwatch.GetTimestamp() is > 0 and var ahead)
                await Task.Delay((int)Math.Ceiling(ahead * 1000.0 / Stopwatch.Frequency), cancellation);
            requests.Add(AskAsync());
        }

        await Task.WhenAll(requests);
        foreach (var connection in idle)
            connection.Dispose();
        return histogram;

        async Task AskAsync()
        {
            var sent = Stopwatch.GetTimestamp();
            HttpConnection connection;
            lock (idle)
                connection = idle.Pop();
            ThrowUnlessOk(await connection.AskAsync(cancellation));
            var elapsed = (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
            lock (idle)
            {
                idle.Push(connection);
                histogram.RecordValue(Math.Min(elapsed, HighestMicroseconds));
            }
        }
    }

    public static void ThrowUnlessOk(int status)
    {
        if (status != 200)
            throw new InvalidOperationException($"The ingress answered {status}.");
    }
}
