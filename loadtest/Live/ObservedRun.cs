using Keda.Inference.LoadTest.Sending;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Live;

/// <summary>A run together with its live line and the target's signals.</summary>
internal static class ObservedRun
{
    public static async Task<RunRecording> RunAsync(
        RunPlan plan, SignalSource signals, IAnsiConsole? console, TimeProvider time, CancellationToken interrupt)
    {
        var live = new LiveCounters(time);
        using var over = new CancellationTokenSource();
        using var poller = new SignalPoller(signals, live, time);
        var polling = poller.RunAsync(over.Token);
        var showing = console is null ? Task.CompletedTask : new LiveLine(live, console, time, plan.Times.Length).RunAsync(over.Token);
        try
        {
            return await new OpenLoop(plan, live, time).RunAsync(interrupt);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(polling, showing);
        }
    }
}
