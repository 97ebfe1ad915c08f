using System.Text.Json.Nodes;
using Keda.Inference.LoadTest.CommandLine;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Comparison.Kubernetes;

/// <summary>How the workload was scaled before the comparison; put back at its end, however it ends.</summary>
internal sealed class OriginalScaling : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly KubernetesCluster _cluster;
    private readonly ScaledObjectFile _workload;
    private readonly JsonObject? _original;
    private readonly int _replicas;
    private readonly IAnsiConsole _console;

    private OriginalScaling(KubernetesCluster cluster, ScaledObjectFile workload, JsonObject? original, int replicas, IAnsiConsole console) =>
        (_cluster, _workload, _original, _replicas, _console) = (cluster, workload, original, replicas, console);

    /// <summary>Reads what there is now.</summary>
    public static async Task<OriginalScaling> ReadAsync(KubernetesCluster cluster, ScaledObjectFile workload, IAnsiConsole console, CancellationToken cancellation)
    {
        var state = await cluster.ReadAsync(workload, cancellation);
        return new OriginalScaling(cluster, workload, await cluster.FindAsync(workload, cancellation), state.Wanted, console);
    }

    public async ValueTask DisposeAsync()
    {
        _console.MarkupLineInterpolated($"Putting back {(_original is null ? "the Deployment without a ScaledObject" : $"the ScaledObject {_workload.Name}")} with {_replicas} replicas");
        // The comparison's own token is cancelled by then, if it was interrupted.
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _cluster.RemoveAsync(_workload, limit.Token);
            await _cluster.ScaleAsync(_workload, _replicas, limit.Token);
            if (_original is not null)
                await _cluster.CreateAsync(_workload, Writable(_original), limit.Token);
        }
        catch (Exception failed) when (failed is FailureException or OperationCanceledException)
        {
            // Whoever has to do it by hand needs to know what it was.
            _console.MarkupLineInterpolated($"[red]It could not be put back:[/] {failed.Message}");
            if (_original is not null)
                _console.WriteLine(Writable(_original).ToJsonString());
        }
    }

    /// <summary>Without what the server fills in.</summary>
    internal static JsonObject Writable(JsonObject live)
    {
        var metadata = new JsonObject();
        foreach (var key in new[] { "name", "namespace", "labels", "annotations", "ownerReferences" })
        {
            if (live["metadata"]?[key] is { } value)
                metadata[key] = value.DeepClone();
        }

        return new JsonObject
        {
            ["apiVersion"] = live["apiVersion"]?.DeepClone(), ["kind"] = live["kind"]?.DeepClone(), ["metadata"] = metadata, ["spec"] = live["spec"]?.DeepClone(),
        };
    }
}
