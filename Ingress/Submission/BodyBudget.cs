using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Bounds the memory that bodies take, all requests together: many large bodies that come slowly must not exhaust it.</summary>
internal sealed class BodyBudget(IOptions<IngressOptions> options)
{
    private readonly long _limit = options.Value.MaxBufferedBytes;
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _limit)
            return;
        Return(bytes);
        throw new ProblemException(ProblemKind.Overloaded, $"Bodies of {_limit} bytes in all are being received. Try again.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
