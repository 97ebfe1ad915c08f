using System.Net;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>How the worker serves. Bound from the section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>The port of probes and metrics; 0 takes a free one. Default 8080.</summary>
    public int HttpPort { get; set; } = 8080;

    /// <summary>The address they listen on. Default <c>0.0.0.0</c>, every one.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>This worker's name, unique among those of the queue. Default: host name and process id.</summary>
    public string? Id { get; set; }

    /// <summary>The most pictures in one inference. Default 1.</summary>
    public int MaxBatch { get; set; } = 1;

    /// <summary>How long a batch that is not full waits for more, in milliseconds. Default 0.</summary>
    public double MaxDelayMs { get; set; }

    /// <summary>
    /// Whether the next job is claimed (and, with more than one core, decoded) in the last moment of the current one rather than after
    /// it. Default true.
    /// </summary>
    public bool Prefetch { get; set; } = true;

    /// <summary>How long a stop may take; jobs not finished by then go back to the queue. In seconds, default 25.</summary>
    public double DrainSeconds { get; set; } = 25;

    /// <summary>After how long on one batch <c>/livez</c> says that the worker is stuck, in seconds. Default 60.</summary>
    public double StuckSeconds { get; set; } = 60;

    /// <summary>The form of the log: <c>text</c> or <c>json</c>. Default <c>text</c>.</summary>
    public string LogFormat { get; set; } = "text";

    internal string EffectiveId => string.IsNullOrWhiteSpace(Id) ? $"{Environment.MachineName}-{Environment.ProcessId}" : Id;

    /// <summary>Everything that is wrong with the values, one line each.</summary>
    internal IEnumerable<string> Problems()
    {
        if (HttpPort is < 0 or > 65535)
            yield return $"Worker:HttpPort is {HttpPort}; it must be 1 to 65535, or 0 for a free port.";
        if (!IPAddress.TryParse(BindAddress, out _))
            yield return $"Worker:BindAddress is '{BindAddress}'; it must be an IP address such as 0.0.0.0.";
        if (EffectiveId.Length > 128 || EffectiveId.Any(c => char.IsControl(c) || c == ' '))
            yield return "Worker:Id must have at most 128 characters, without spaces.";
        if (MaxBatch is < 1 or > 256)
            yield return $"Worker:MaxBatch is {MaxBatch}; it must be 1 to 256.";
        if (!(MaxDelayMs is >= 0 and <= 10_000))
            yield return $"Worker:MaxDelayMs is {MaxDelayMs}; it must be 0 to 10000.";
        if (!(DrainSeconds is >= 0 and <= 3600))
            yield return $"Worker:DrainSeconds is {DrainSeconds}; it must be 0 to 3600.";
        if (!(StuckSeconds is >= 1 and <= 86_400))
            yield return $"Worker:StuckSeconds is {StuckSeconds}; it must be 1 to 86400.";
        if (LogFormat is not ("text" or "json"))
            yield return $"Worker:LogFormat is '{LogFormat}'; it must be text or json.";
    }
}
