using System.Diagnostics;
using System.Net;
using Keda.Inference.InferenceFunction.Tests.Serving;
using Keda.Inference.LocalCluster;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Tests.Hosting;

/// <summary>The worker as a program: its exit codes, probes, metrics and its orderly stop.</summary>
public sealed class WorkerProcessTests
{
    [Fact]
    public async Task Start_WrongOptions_NamesAllOfThemAndEndsWithTwo()
    {
        var (code, error) = await RunAsync("--Worker:MaxBatch=0", "--Preprocess:Mean=1,2", "--Queue:LeaseSeconds=-1", "--Model:Pth=x", "serve");
        code.ShouldBe(2);
        error.ShouldContain("Worker:MaxBatch is 0; it must be 1 to 256.");
        error.ShouldContain("Preprocess:Mean is '1,2'");
        error.ShouldContain("Queue:LeaseSeconds is -1");
        error.ShouldContain("--Model:Pth is no option of the worker");
        error.ShouldContain("'serve' is no option");
        error.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("/nowhere/model.onnx", "does not exist")]
    [InlineData("README", "is no ONNX model")]
    public async Task Start_WrongModel_SaysSoInOneLineAndEndsWithTwo(string path, string expected)
    {
        using var model = new TinyModel();
        if (path == "README")
        {
            path = Path.Combine(model.Folder, path);
            await File.WriteAllTextAsync(path, "words", TestContext.Current.CancellationToken);
        }

        var (code, error) = await RunAsync($"--Model:Path={path}", "--Worker:HttpPort=0", "--Worker:BindAddress=127.0.0.1", "--Redis:ConnectionString=127.0.0.1:1");
        code.ShouldBe(2);
        error.ShouldContain(expected);
        error.Trim().Split('\n').Length.ShouldBe(1, error);
    }

    [Fact]
    public async Task Run_UntilSigterm_ServesAndEndsWithZero()
    {
        using var model = new TinyModel(side: 96);
        using var store = EmbeddedStore.Start();
        var queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = store.ConnectionString, TimeoutMs = 10_000 }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        await using var _ = (IAsyncDisposable)queues;
        var queue = queues.Open("process-test");
        await using var collector = SpanCollector.Start();
        using var worker = Start(
            collector.Environment,
            $"--Model:Path={model.Path}", $"--Model:Labels={model.Labels}", "--Preprocess:Resize=128", "--Worker:Id=worker-1",
            "--Worker:HttpPort=0", "--Worker:BindAddress=127.0.0.1", "--Worker:LogFormat=json", "--Queue:Name=process-test",
            $"--Redis:ConnectionString={store.ConnectionString}");
        try
        {
            var entry = await ReadyAsync(queue);
            entry.Id.ShouldBe("worker-1");
            entry.StartupSeconds.ShouldBeGreaterThan(0);
            entry.Model.ShouldBe("tiny");
            var submission = new JobSubmission
            {
                Id = JobId.New(TimeProvider.System), Body = GeneratedPictures.Jpeg(), ContentType = "image/jpeg", ExpectReply = true,
            };
            await queue.EnqueueAsync(submission, Token);
            (await queue.WaitAsync(submission.Id, Token)).State.ShouldBe(JobState.Succeeded);

            using var http = new HttpClient { BaseAddress = new Uri(entry.HttpAddress) };
            (await http.GetAsync("/livez", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await http.GetAsync("/readyz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
            var metrics = await http.GetStringAsync("/metrics", Token);
            metrics.ShouldContain("keda_inference_worker_jobs_total{outcome=\"succeeded\"} 1");
            metrics.ShouldContain("keda_inference_worker_total_seconds_bucket{le=\"0.5\"}");
            metrics.ShouldContain($"keda_inference_worker_model_info{{model=\"tiny\",weights=\"{entry.Weights}\",precision=\"fp32\"}} 1");
            metrics.ShouldContain("process_working_set_bytes");
        }
        finally
        {
            using var kill = Process.Start("kill", ["-TERM", $"{worker.Id}"]);
            await worker.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }

        worker.ExitCode.ShouldBe(0);
        collector.Received.ShouldContain("process process-test");
        collector.Received.ShouldContain("keda-inference-worker");
        (await queue.Workers.ListAsync(Token)).ShouldBeEmpty();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<WorkerEntry> ReadyAsync(IWorkQueue queue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await queue.Workers.ListAsync(limit.Token)).FirstOrDefault(entry => entry.State == WorkerState.Ready) is { } ready)
                return ready;
            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start([], arguments);
        var error = process.StandardError.ReadToEndAsync(Token);
        var output = process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await output;
        return (process.ExitCode, await error);
    }

    private static Process Start((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Keda.Inference.InferenceFunction.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
