using System.Diagnostics;
using System.Net;
using Keda.Inference.EndToEnd.Tests.Support;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.EndToEnd.Tests.Faults;

/// <summary>Whatever single process dies, every caller gets one answer or a documented error, and nothing is left behind.</summary>
public sealed class FaultTests
{
    private const int Requests = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_KilledAgainAndAgainWhileOthersLive_EveryoneIsAnswered()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 2, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 20, repeat: false, Cancellation);
        for (var victim = 1; victim <= 4; victim++)
        {
            var answered = callers.Answered;
            await Eventually.TrueAsync(() => Task.FromResult(sending.IsCompleted || callers.Answered > answered + 10), "progress", Cancellation);
            cluster.StartWorker();
            await cluster.KillAsync($"worker-{victim}");
        }

        await sending;

        // A job may have been under three of the victims' hands.
        callers.ShouldAllBeAnswered(Requests, HttpStatusCode.InternalServerError);
        callers.Ends.Values.Count(end => end.Status == HttpStatusCode.OK).ShouldBeGreaterThan(Requests * 9 / 10);
        await cluster.DrainedAsync(Cancellation);
    }

    [Fact]
    public async Task Workers_AllKilledThenOneStarted_EveryoneIsAnsweredOnce()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 2, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 50, repeat: false, Cancellation);
        await Eventually.TrueAsync(() => Task.FromResult(callers.Answered > 20), "some answers", Cancellation);
        await Task.WhenAll(cluster.KillAsync("worker-1"), cluster.KillAsync("worker-2"));
        cluster.StartWorker();

        await sending;

        callers.ShouldAllBeAnswered(Requests);
        await cluster.DrainedAsync(Cancellation);
        (await cluster.Queue.GetSignalsAsync(Cancellation)).Completions.ShouldBe(Requests);
    }

    [Fact]
    public async Task Ingress_KilledAndRestarted_KeysBringEveryoneTheSameAnswer()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 1, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 20, repeat: true, Cancellation);
        for (var kill = 1; kill <= 3; kill++)
        {
            var answered = callers.Answered;
            await Eventually.TrueAsync(() => Task.FromResult(sending.IsCompleted || callers.Answered > answered + 20), "progress", Cancellation);
            await cluster.KillAsync("ingress");
            cluster.StartIngress();
        }

        await sending;

        callers.ShouldAllBeAnswered(Requests);
        await cluster.DrainedAsync(Cancellation);
        // Computed once each, however often it was asked for.
        (await cluster.Queue.GetSignalsAsync(Cancellation)).Completions.ShouldBe(Requests);
    }

    [Fact]
    public async Task Redis_RestartedUnderLoad_EveryoneIsAnswered()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 1, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 20, repeat: true, Cancellation);
        await Eventually.TrueAsync(() => Task.FromResult(callers.Answered > 20), "some answers", Cancellation);
        await cluster.Redis.StopAsync();
        await cluster.Redis.StartAgainAsync();

        await sending;

        callers.ShouldAllBeAnswered(Requests);
        await cluster.DrainedAsync(Cancellation);
    }

    [Fact]
    public async Task Redis_PausedForFiveSeconds_EveryoneIsAnswered()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 1, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 20, repeat: true, Cancellation);
        await Eventually.TrueAsync(() => Task.FromResult(callers.Answered > 20), "some answers", Cancellation);
        cluster.Redis.Pause();
        await Task.Delay(TimeSpan.FromSeconds(5), Cancellation); // the fault itself lasts so long
        cluster.Redis.Resume();

        await sending;

        callers.ShouldAllBeAnswered(Requests);
        await cluster.DrainedAsync(Cancellation);
    }

    [Fact]
    public async Task Poison_KillsItsWorkerEachTime_BecomesADeadLetterAndTheOthersAreServed()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 0, Cancellation);
        using var callers = new Callers(cluster.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var restarting = RestartAsync(cluster, stop.Token);

        await callers.SendAsync(Requests, atOnce: 50, repeat: false, Cancellation, caller => caller == 0 ? "poison-0" : $"good-{caller}");

        await stop.CancelAsync();
        await restarting;
        callers.ShouldAllBeAnswered(Requests, HttpStatusCode.InternalServerError);
        callers.Ends[0].Status.ShouldBe(HttpStatusCode.InternalServerError);
        callers.Ends[0].Body.ShouldContain("worker-lost");
        callers.Ends.Values.Count(end => end.Status == HttpStatusCode.OK).ShouldBe(Requests - 1);
        var letter = (await cluster.Queue.DeadLetters.ListAsync(10, Cancellation)).ShouldHaveSingleItem();
        (letter.RequestId, letter.Attempts, letter.Error.Code).ShouldBe(("poison-0", 3, "worker-lost"));
        await cluster.DrainedAsync(Cancellation);
    }

    [Fact]
    public async Task Lease_LostWhileTheWorkerStillWorks_NoSecondAnswerIsDelivered()
    {
        await using var cluster = await FaultyCluster.StartAsync(workers: 2, Cancellation);
        using var callers = new Callers(cluster.Address);
        var sending = callers.SendAsync(Requests, atOnce: 20, repeat: false, Cancellation);
        for (var pause = 1; pause <= 2; pause++)
        {
            await PausedWithAJobAsync(cluster, "worker-1", callers);
            await Task.Delay(TimeSpan.FromSeconds(FaultyCluster.LeaseSeconds * 1.5), Cancellation); // the fault itself lasts so long
            Signal(cluster.ProcessId("worker-1"), "CONT");
        }

        await sending;

        callers.ShouldAllBeAnswered(Requests);
        await cluster.DrainedAsync(Cancellation);
        (await cluster.Queue.GetSignalsAsync(Cancellation)).Completions.ShouldBe(Requests);
    }

    // Stops a worker at a moment in which it is among those that hold a job.
    private static async Task PausedWithAJobAsync(FaultyCluster cluster, string worker, Callers callers)
    {
        var answered = callers.Answered;
        await Eventually.TrueAsync(
            async () => callers.Answered >= Requests || (callers.Answered > answered && (await cluster.Queue.GetSignalsAsync(Cancellation)).InFlight >= 2),
            "work in hand", Cancellation);
        Signal(cluster.ProcessId(worker), "STOP");
    }

    // The kubelet's part: two of them live, whatever happens.
    private static async Task RestartAsync(FaultyCluster cluster, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
                await cluster.EndOfAsync(cluster.StartFaultWorker(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }
}
