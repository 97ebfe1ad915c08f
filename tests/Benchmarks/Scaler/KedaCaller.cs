using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Keda.Inference.ExternalScaler.Protos;
using Contract = Keda.Inference.ExternalScaler.Protos.ExternalScaler;

namespace Keda.Inference.Benchmarks.Scaler;

/// <summary>Calls as KEDA does, once as fast as it goes and once at a steady pace.</summary>
internal sealed class KedaCaller(string address, ScalerLoad load) : IDisposable
{
    private const int Callers = 32;
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    public void Dispose() => _channel.Dispose();

    /// <summary>GetMetrics from a fixed number of callers, each waiting for its answer. Returns how many were answered.</summary>
    public async Task<int> SaturateAsync(TimeSpan duration, CancellationToken cancellation)
    {
        var client = new Contract.ExternalScalerClient(_channel);
        var next = -1;
        var done = 0;
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                while (Stopwatch.GetTimestamp() < end)
                {
                    var request = load.Requests[Interlocked.Increment(ref next) % load.Requests.Count];
                    await client.GetMetricsAsync(request, cancellationToken: cancellation);
                    Interlocked.Increment(ref done);
                }
            },
            cancellation)));
        return done;
    }

    /// <summary>GetMetricSpec, GetMetrics and IsActive for one ScaledObject after another, at a steady rate that waits for nobody.</summary>
    public async Task<PacedResult> PaceAsync(double rate, TimeSpan duration, CancellationToken cancellation)
    {
        var client = new Contract.ExternalScalerClient(_channel);
        var count = (int)(rate * duration.TotalSeconds);
        var latencies = new double[count];
        var lags = new double[count];
        var failed = 0;
        var polls = new List<Task>(count);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds(i / rate);
            while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < due)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, (due - elapsed).TotalMilliseconds)), cancellation);
            lags[i] = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
            polls.Add(PollAsync(i));
        }
        await Task.WhenAll(polls);
        Array.Sort(latencies);
        Array.Sort(lags);
        return new PacedResult(count, count, count, failed, latencies[count / 2], latencies[(int)(count * 0.99)], lags[(int)(count * 0.99)]);

        async Task PollAsync(int index)
        {
            var request = load.Requests[index % load.Requests.Count];
            try
            {
                await client.GetMetricSpecAsync(request.ScaledObjectRef, cancellationToken: cancellation);
                var sent = Stopwatch.GetTimestamp();
                await client.GetMetricsAsync(request, cancellationToken: cancellation);
                latencies[index] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                await client.IsActiveAsync(request.ScaledObjectRef, cancellationToken: cancellation);
            }
            catch (RpcException)
            {
                Interlocked.Increment(ref failed);
            }
        }
    }
}

/// <summary>What a steady pace gave; latencies of GetMetrics in milliseconds.</summary>
internal sealed record PacedResult(int Specs, int Metrics, int Activities, int Failed, double P50, double P99, double LagP99);
