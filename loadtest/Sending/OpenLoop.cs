using System.Diagnostics;
using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>
/// Sends each request at its time, whatever became of the ones before. A thread of its own keeps the time, so that neither answers
/// nor the thread pool delay it; how late it was is recorded with each request.
/// </summary>
internal sealed class OpenLoop(RunPlan plan, LiveCounters live, TimeProvider time)
{
    /// <summary>The first send time lies a little ahead, so that starting the thread makes no request late.</summary>
    private static readonly TimeSpan Preparation = TimeSpan.FromMilliseconds(100);

    /// <summary>After an interruption, how long requests in flight may still be answered.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly RequestRecord[] _records = new RequestRecord[plan.Times.Length];
    private readonly AnswerJudge _judge = new(plan);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _origin;
    private int _sent;
    private int _open = 1; // the sender itself; at zero everything sent is answered

    public async Task<RunRecording> RunAsync(CancellationToken interrupt)
    {
        using var client = new PredictClient(plan);
        await client.WarmUpAsync(interrupt);
        // A collection in the middle of the run would be read as the service's latency.
        GC.Collect();

        using var abandon = new CancellationTokenSource();
        await using var probe = PoolProbe.Start(time);
        _origin = time.GetTimestamp() + Preparation.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond;
        var startedAt = time.GetUtcNow() + Preparation;
        live.Start(_origin);
        var pictures = DrawPictures();
        var sender = new Thread(() => Send(client, pictures, interrupt, abandon.Token)) { IsBackground = true, Name = "open loop" };
        TryRaisePriority(sender);
        sender.Start();
        await using (interrupt.Register(() => abandon.CancelAfter(Grace)))
        {
            await _drained.Task;
        }

        var records = _sent == _records.Length ? _records : _records[.._sent];
        return new RunRecording
        {
            Plan = plan,
            StartedAt = startedAt,
            Records = records,
            Interrupted = _sent < _records.Length || Array.Exists(records, record => record.Outcome == Outcome.Unfinished),
            PoolDelays = await probe.StopAsync(),
            MeanBodyBytes = client.MeanBodyBytes,
            Weights = _judge.Weights,
            Signals = live.Signals(),
        };
    }

    private void Send(PredictClient client, int[] pictures, CancellationToken interrupt, CancellationToken abandon)
    {
        for (; _sent < plan.Times.Length && WaitUntil(plan.Times[_sent], interrupt); _sent++)
        {
            Interlocked.Increment(ref _open);
            live.Sending();
            _ = SendOneAsync(client, _sent, pictures[_sent], abandon);
        }

        Close();
    }

    private async Task SendOneAsync(PredictClient client, int index, int picture, CancellationToken abandon)
    {
        var record = new RequestRecord { Intended = plan.Times[index], Sent = Now(), Picture = picture };
        try
        {
            var reply = await client.SendAsync(picture, abandon);
            record.Completed = Now();
            _judge.Judge(reply, ref record);
        }
        catch (Exception unexpected)
        {
            // Whatever it was, it is this request's failure; left open, the run would never end.
            record.Completed = Now();
            record.Outcome = Outcome.Error;
            record.ServerMs = record.QueueMs = record.ServiceMs = double.NaN;
            record.Problem = $"{unexpected.GetType().Name}: {unexpected.Message}";
        }
        finally
        {
            _records[index] = record;
            live.Completed(record);
            Close();
        }
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _drained.SetResult();
    }

    /// <summary>Sleeps whole milliseconds and yields through the rest; false when the run is interrupted first.</summary>
    private bool WaitUntil(double seconds, CancellationToken interrupt)
    {
        while (true)
        {
            if (interrupt.IsCancellationRequested)
                return false;
            var remaining = seconds - Now();
            if (remaining <= 0)
                return true;
            if (remaining >= 0.001)
                interrupt.WaitHandle.WaitOne((int)Math.Min(remaining * 1000, 1000));
            else
                Thread.Sleep(0);
        }
    }

    private double Now() => (time.GetTimestamp() - _origin) / (double)time.TimestampFrequency;

    private int[] DrawPictures()
    {
        var random = new Random(plan.Seed);
        return [.. plan.Times.Select(_ => random.Next(plan.Pictures.Count))];
    }

    /// <summary>On the machine under test the generator competes with the service; being late would blame the wrong one.</summary>
    private static void TryRaisePriority(Thread sender)
    {
        sender.Priority = ThreadPriority.AboveNormal;
        try
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.AboveNormal;
        }
        catch (Exception refused) when (refused is System.ComponentModel.Win32Exception or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Only some accounts may; the measured lag tells whether it mattered.
        }
    }
}
