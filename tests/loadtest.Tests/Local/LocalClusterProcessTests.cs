using System.Diagnostics;
using Keda.Inference.LoadTest.Local;

namespace Keda.Inference.LoadTest.Tests.Local;

public sealed class LocalClusterProcessTests
{
    private static readonly string[] Programs = ["LocalCluster", "Ingress", "ExternalScaler", "InferenceFunction"];

    [Fact]
    public async Task Killed_LoadTest_TakesItsLocalClusterAlong()
    {
        Assert.SkipUnless(WorkerProcesses.Supported, "Processes are found in /proc.");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
            [Path.Combine(AppContext.BaseDirectory, "Keda.Inference.loadtest.dll"), "compare", "--local", "--policies", "static-1", "--rate", "1", "--duration", "120s"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var loadtest = Process.Start(start)!;
        var output = Task.WhenAll(
            loadtest.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), loadtest.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        List<int> started = [];
        try
        {
            await EventuallyAsync(() =>
            {
                started = [.. Programs.SelectMany(program => WorkerProcesses.Of(loadtest.Id, $"Keda.Inference.{program}")).Select(process => process.ProcessId)];
                return started.Count == Programs.Length || loadtest.HasExited;
            });
            started.Count.ShouldBe(Programs.Length);
        }
        finally
        {
            loadtest.Kill();
            await output;
        }

        await EventuallyAsync(() => started.TrueForAll(process => !Directory.Exists($"/proc/{process}")));
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
            await Task.Delay(20, limit.Token);
    }
}
