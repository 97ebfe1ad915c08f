using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Local;

/// <summary><c>--cpu-limit</c>: what LocalCluster's workers may use.</summary>
internal static class CpuLimitOption
{
    public static Option<double?> Create() => NumberOption.Optional("--cpu-limit", "With --local: CPU quota of each worker in cores.", 0, 1024);
}
