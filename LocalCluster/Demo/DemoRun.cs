using System.Net.Http.Headers;
using Spectre.Console;

namespace Keda.Inference.LocalCluster;

/// <summary>A burst that makes the cluster scale out and in again, and a table of what happened.</summary>
internal sealed class DemoRun(Cluster cluster, ClusterOptions options, ClusterConsole console, TimeProvider time)
{
    private const int Requests = 300;
    // Long enough for the burst on the slowest of machines.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(280);
    private static readonly TimeSpan ScaleInLimit = TimeSpan.FromMinutes(2);

    /// <summary>Short intervals and a low maximum, where the command line does not say otherwise.</summary>
    public static ClusterOptions Shorten(ClusterOptions options, Func<string, bool> isGiven)
    {
        var metadata = new Dictionary<string, string>(options.Metadata, StringComparer.Ordinal);
        if (options.Policy == "queue-proportional")
            metadata.TryAdd("cooldownSeconds", "5");
        return options with
        {
            Poll = isGiven("--poll") ? options.Poll : 1,
            SyncPeriod = isGiven("--sync-period") ? options.SyncPeriod : 1,
            Max = isGiven("--max") ? options.Max : 2,
            Metadata = metadata,
        };
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        var begin = time.GetUtcNow();
        console.Line($"burst: {Requests} pictures at once");
        var results = await BurstAsync(cancellation);
        console.Line("burst answered; waiting for the replicas to come back in");
        await ScaledInAsync(cancellation);
        Print(results, begin);
    }

    private async Task<(string Outcome, TimeSpan Latency)[]> BurstAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = cluster.Address, Timeout = AnswerLimit + TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("X-Request-Timeout", $"{AnswerLimit.TotalSeconds}");
        var pictures = Enumerable.Range(1, 8).Select(seed => GeneratedPictures.Jpeg(seed)).ToArray();
        return await Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
        {
            using var picture = new ByteArrayContent(pictures[i % pictures.Length]);
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            var start = time.GetTimestamp();
            try
            {
                using var answer = await http.PostAsync(new Uri("/predict", UriKind.Relative), picture, cancellation);
                return ($"{(int)answer.StatusCode}", time.GetElapsedTime(start));
            }
            catch (HttpRequestException failed)
            {
                return (failed.HttpRequestError.ToString(), time.GetElapsedTime(start));
            }
        }));
    }

    // As soon as the scale is back at its minimum, watched through the store's own announcements.
    private async Task ScaledInAsync(CancellationToken cancellation)
    {
        if (options.Policy == "none")
            return;
        using var limit = new CancellationTokenSource(ScaleInLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200), time);
            while (cluster.Target.Replicas > options.Min)
            {
                var ended = cluster.RunAsync(both.Token);
                await await Task.WhenAny(ended, timer.WaitForNextTickAsync(both.Token).AsTask());
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            console.Line($"the replicas did not come back to {options.Min} within {ScaleInLimit.TotalSeconds:0} s");
        }
    }

    private void Print((string Outcome, TimeSpan Latency)[] results, DateTimeOffset begin)
    {
        var latencies = results.Select(result => result.Latency.TotalMilliseconds).Order().ToArray();
        var outcomes = results.GroupBy(result => result.Outcome).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key}: {group.Count()}");
        var replicas = cluster.Target.History.Where(change => change.At >= begin)
            .Select(change => $"{(change.At - begin).TotalSeconds:0.0} s: {change.Replicas}");
        var table = new Table().AddColumns("what", "value");
        table.AddRow("policy", options.Policy);
        table.AddRow("requests", $"{results.Length}");
        table.AddRow("outcomes", string.Join(", ", outcomes));
        table.AddRow("p50", $"{Percentile(latencies, 0.50):0} ms");
        table.AddRow("p99", $"{Percentile(latencies, 0.99):0} ms");
        table.AddRow("replicas over time", string.Join(", ", new[] { $"0.0 s: {Before(begin)}" }.Concat(replicas)));
        AnsiConsole.Write(table);
    }

    private int Before(DateTimeOffset begin) => cluster.Target.History.Last(change => change.At < begin).Replicas;

    // Nearest rank.
    private static double Percentile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
