using System.Diagnostics;
using HdrHistogram;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>Load on the ingress.</summary>
internal sealed class HttpLoad(int port, byte[] picture)
{
    /// <summary>Every connection asks again as soon as it is answered. Returns the answers with 200; any other status ends the run.</summary>
    public async Task<long> ClosedAsync(int connections, TimeSpan duration, CancellationToken cancellation)
    {
        long answered = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new HttpConnection(port, picture);
            await connection.ConnectAsync(cancellation);
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                ThrowUnlessOk(await connection.AskAsync(cancellation));
                Interlocked.Increment(ref answered);
            }
        }, cancellation)));
        return answered;
    }

    /// <summary>Requests at a steady rate; latencies count from the intended time.</summary>
    public async Task<LongHistogram> OpenAsync(int rate, TimeSpan duration, CancellationToken cancellation)
    {
        var histogram = new LongHistogram(Stopwatch.Frequency * 60, 3);
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
            var ahead = intended - Stopwatch.GetTimestamp();
            if (ahead > 0)
                await Task.Delay(TimeSpan.FromSeconds(ahead / (double)Stopwatch.Frequency), cancellation);
            // A timer is late by up to a millisecond, which is not the server's.
            requests.Add(AskAsync(Math.Max(intended, Stopwatch.GetTimestamp())));
        }

        await Task.WhenAll(requests);
        foreach (var connection in idle)
            connection.Dispose();
        return histogram;

        async Task AskAsync(long intended)
        {
            HttpConnection connection;
            lock (idle)
                connection = idle.Pop();
            ThrowUnlessOk(await connection.AskAsync(cancellation));
            var elapsed = Stopwatch.GetTimestamp() - intended;
            lock (idle)
            {
                idle.Push(connection);
                histogram.RecordValue(elapsed);
            }
        }
    }

    public static void ThrowUnlessOk(int status)
    {
        if (status != 200)
            throw new InvalidOperationException($"The ingress answered {status}.");
    }
}
