using System.Diagnostics;
using Keda.Inference.Testing;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>Processor time in microseconds of the three processes that share the cores.</summary>
internal sealed record ProcessorUse(double Ingress, double Redis, double Benchmark)
{
    /// <summary>What they have used since they started.</summary>
    public static ProcessorUse Read(IngressProcess ingress, RedisServer redis)
    {
        using var server = Process.GetProcessById(redis.ProcessId);
        using var own = Process.GetCurrentProcess();
        return new(ingress.ProcessorTime.TotalMicroseconds, server.TotalProcessorTime.TotalMicroseconds, own.TotalProcessorTime.TotalMicroseconds);
    }

    /// <summary>The use since <paramref name="before"/>, for each of so many requests.</summary>
    public ProcessorUse PerRequest(ProcessorUse before, long requests) =>
        new((Ingress - before.Ingress) / requests, (Redis - before.Redis) / requests, (Benchmark - before.Benchmark) / requests);
}
