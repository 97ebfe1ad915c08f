using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keda.Inference.WorkQueue;

internal sealed partial class RedisWorkerRegistry(QueueScripts scripts) : IWorkerRegistry
{
    public async Task HeartbeatAsync(WorkerEntry worker, CancellationToken cancellation)
    {
        var entry = JsonSerializer.SerializeToUtf8Bytes(worker, WorkerJson.Default.WorkerEntry);
        await scripts.ControlAsync(
            LuaScript.Heartbeat, cancellation, worker.Id, worker.State == WorkerState.Ready ? 1 : 0, $"{worker.StartupSeconds:0.###}",
            (long)WorkerEntry.Lifetime.TotalMilliseconds, entry).ConfigureAwait(false);
    }

    public async Task RemoveAsync(string workerId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(workerId);
        await scripts.ControlAsync(LuaScript.Workers, cancellation, workerId).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<WorkerEntry>> ListAsync(CancellationToken cancellation)
    {
        var entries = await scripts.ControlAsync(LuaScript.Workers, cancellation, "").ConfigureAwait(false);
        return
        [
            .. entries.Items().Select(entry => JsonSerializer.Deserialize(entry.Bytes(), WorkerJson.Default.WorkerEntry)!)
                .OrderBy(worker => worker.Id, StringComparer.Ordinal),
        ];
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(WorkerEntry))]
    private sealed partial class WorkerJson : JsonSerializerContext;
}
