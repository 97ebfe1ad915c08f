using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>Claims jobs: waits for work while there is none, and idles while Redis is away.</summary>
internal sealed partial class JobFetcher(
    IWorkQueue queue, WorkerOptions options, LeaseKeeper leases, StageEstimates estimates, WorkerMetrics metrics, TimeProvider time,
    ILogger<JobFetcher> logger)
{
    private static readonly TimeSpan s_outagePause = TimeSpan.FromMilliseconds(250);
    private bool _away;

    /// <summary>The next jobs, at least one; none once <paramref name="stop"/> is cancelled.</summary>
    public async Task<IReadOnlyList<JobItem>> FetchAsync(int max, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var jobs = await ClaimAsync(max).ConfigureAwait(false);
                if (jobs.Count > 0)
                    return await FillAsync(jobs, max, stop).ConfigureAwait(false);
                await queue.WaitForWorkAsync(stop).ConfigureAwait(false);
            }
            catch (WorkQueueUnavailableException gone)
            {
                if (!_away)
                    LogAway(gone.Message);
                _away = true;
                await Task.Delay(s_outagePause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
        }

        return [];
    }

    private async Task<List<JobItem>> FillAsync(List<JobItem> jobs, int max, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        while (jobs.Count < max && !stop.IsCancellationRequested)
        {
            var left = TimeSpan.FromMilliseconds(options.MaxDelayMs) - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                break;
            using var limit = new CancellationTokenSource(left, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            try
            {
                await queue.WaitForWorkAsync(either.Token).ConfigureAwait(false);
                jobs.AddRange(await ClaimAsync(max - jobs.Count).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                break;
            }
            catch (WorkQueueUnavailableException)
            {
                break; // what is claimed is served
            }
        }

        return jobs;
    }

    // Never cancelled: a claim whose answer nobody reads would keep its jobs from every worker until the lease ends.
    private async Task<List<JobItem>> ClaimAsync(int max)
    {
        var start = time.GetTimestamp();
        var claimed = await queue.ClaimAsync(options.EffectiveId, max, CancellationToken.None).ConfigureAwait(false);
        if (_away)
            LogBack();
        _away = false;
        if (claimed.Count > 0)
            estimates.Claimed(time.GetElapsedTime(start));
        var items = new List<JobItem>(claimed.Count);
        foreach (var job in claimed)
        {
            metrics.QueueWait.Observe(job.QueueWait.TotalSeconds);
            items.Add(new JobItem(job, WorkerTracing.StartJob(job, queue.Name), leases.Hold(job)));
        }

        metrics.InFlight.Set(leases.Count);
        return items;
    }

    [LoggerMessage(LogLevel.Warning, "The queue cannot be reached; the worker waits until it is back. {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "The queue is back.")]
    private partial void LogBack();
}
