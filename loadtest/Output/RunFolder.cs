using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Output;

/// <summary>What <c>--output</c> keeps of a run.</summary>
internal static class RunFolder
{
    public const string Summary = "summary.json";
    public const string Requests = "requests.csv";
    public const string Seconds = "seconds.csv";
    public const string Log = "latency.hlog";
    public const string Distribution = "latency.hgrm";

    /// <summary>Made before the run: a folder that cannot be written must not cost ten minutes of load.</summary>
    public static string Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, ".write-trial");
            File.WriteAllText(trial, "");
            File.Delete(trial);
            return folder;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--output: nothing can be written to '{folder}': {problem.Message}");
        }
    }

    public static async Task WriteAsync(string folder, RunRecording recording, RunSummary summary, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, Summary), JsonOutput.Serialize(summary), cancellation);
        await WriteRequestsAsync(Path.Combine(folder, Requests), recording, cancellation);
        await Csv.WriteAsync(
            Path.Combine(folder, Seconds),
            "second,sent,ok,within_slo,failed,p50_ms,p99_ms,waiting,in_flight,replicas",
            SecondRow.Of(recording.Records, recording.Signals).Select(row => new object?[]
            {
                row.Second, row.Sent, row.Ok, row.WithinSlo, row.Failed, row.P50Ms, row.P99Ms, row.Waiting, row.InFlight, row.Replicas,
            }),
            cancellation);
        await CalibrationFile.WriteAsync(Path.Combine(folder, CalibrationFile.Name), CalibrationFile.Of(recording.Records, [], null), cancellation);
        HistogramFiles.WriteLog(Path.Combine(folder, Log), recording.StartedAt, recording.Records);
        HistogramFiles.WriteDistribution(Path.Combine(folder, Distribution), recording.Records);
    }

    /// <summary>One line for each request.</summary>
    public static Task WriteRequestsAsync(string path, RunRecording recording, CancellationToken cancellation) => Csv.WriteAsync(
        path,
        "intended_s,sent_s,completed_s,latency_ms,latency_from_actual_ms,server_ms,queue_ms,service_ms,status,outcome,picture,top1,top5",
        recording.Records.Select(record => new object?[]
        {
            record.Intended, record.Sent, record.Completed, record.LatencySeconds * 1000, record.SentLatencySeconds * 1000, record.ServerMs, record.QueueMs, record.ServiceMs,
            record.Status, record.Outcome, recording.Plan.Pictures[record.Picture].Name, record.Top1, record.Top5,
        }),
        cancellation);
}
