using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Sending;

/// <summary><c>--max-lag</c>: how late the generator may be.</summary>
internal static class MaximumLagOption
{
    public static Option<TimeSpan> Create() => DurationOption.Create(
        "--max-lag", "A run is invalid when 1 in 100 requests was sent later than this after its time.", TimeSpan.FromMilliseconds(10));
}
