namespace Keda.Inference.LocalCluster;

/// <summary>Writes whole lines, from several tasks.</summary>
internal sealed class ClusterConsole(TextWriter output, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>A line as it is, for those that other programs wait for.</summary>
    public void Plain(string line)
    {
        lock (_lock)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>A line with the time of day.</summary>
    public void Line(string line) => Plain($"{time.GetLocalNow():HH:mm:ss} {line}");
}
