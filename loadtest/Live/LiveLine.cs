using Spectre.Console;

namespace Keda.Inference.LoadTest.Live;

/// <summary>One line that says how the run goes: rewritten in a terminal, printed now and then elsewhere.</summary>
internal sealed class LiveLine(LiveCounters live, IAnsiConsole console, TimeProvider time, int total)
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (console.Profile.Capabilities.Interactive)
        {
            await console.Live(new Text("")).AutoClear(true).StartAsync(
                context => RepeatAsync(TerminalInterval, line => context.UpdateTarget(new Markup(line)), cancellation));
        }
        else
        {
            await RepeatAsync(LogInterval, console.MarkupLine, cancellation);
        }
    }

    internal string Format(LiveSnapshot now) =>
        $"[grey]{TimeSpan.FromSeconds(now.Seconds):m\\:ss}[/] sent [bold]{now.Sent}[/]/{total}  in flight {now.InFlight}  "
        + $"ok {now.OkPerSecond:0.0}/s  p50 {Milliseconds(now.P50)}  p99 {Milliseconds(now.P99)}  "
        + $"queue {Known(now.Signals.Waiting)}  replicas {Known(now.Signals.Replicas)}";

    private async Task RepeatAsync(TimeSpan interval, Action<string> show, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
                show(Format(live.Snapshot()));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private static string Milliseconds(double? seconds) => seconds is { } known ? $"{known * 1000:0}ms" : "?";

    private static string Known(double? value) => value is { } known ? $"{known:0}" : "?";
}
