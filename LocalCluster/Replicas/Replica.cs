namespace Keda.Inference.LocalCluster;

/// <summary>One worker as the kubelet sees a pod.</summary>
internal sealed class Replica(string name, int ordinal, DateTimeOffset startedAt)
{
    private readonly TaskCompletionSource _terminating = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name { get; } = name;

    public int Ordinal { get; } = ordinal;

    /// <summary>When it was wanted.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Its process; null between a crash and the restart.</summary>
    public ServiceProcess? Process { get; set; }

    public CpuQuota? Quota { get; set; }

    public bool IsReady { get; set; }

    /// <summary>Whether it ever was.</summary>
    public bool WasReady { get; set; }

    public DateTimeOffset ReadyChangedAt { get; set; } = startedAt;

    /// <summary>Completes once it is to end.</summary>
    public Task Terminating => _terminating.Task;

    public bool IsTerminating => Terminating.IsCompleted;

    public int Restarts { get; set; }

    /// <summary>Asks it to drain and end.</summary>
    public void Terminate()
    {
        _terminating.TrySetResult();
        Process?.Terminate();
    }
}
