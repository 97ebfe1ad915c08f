namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>What the probes say.</summary>
internal sealed class WorkerHealth(WorkerOptions options)
{
    private volatile WorkLoop? _loop;
    private volatile string _unready = "starting";

    /// <summary>Null when the worker is ready, else why not.</summary>
    public string? Unready => _unready.Length == 0 ? null : _unready;

    /// <summary>Null when the worker lives, else what is wrong.</summary>
    public string? Unwell =>
        _loop?.BusyFor is { } busy && busy > TimeSpan.FromSeconds(options.StuckSeconds)
            ? $"one inference has been running for {busy.TotalSeconds:F0} s"
            : null;

    public void Ready(WorkLoop loop)
    {
        _loop = loop;
        _unready = "";
    }

    public void Draining() => _unready = "draining";
}
