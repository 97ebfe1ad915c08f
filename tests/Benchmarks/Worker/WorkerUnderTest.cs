using System.CommandLine;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>Which model the worker benchmarks serve.</summary>
internal sealed class ModelChoice
{
    public Option<string> Model { get; } = new("--model") { Description = "ONNX file; default: the cached one, or the untrained ResNet18.", DefaultValueFactory = _ => "" };

    public Option<string> Precision { get; } = new("--precision") { Description = "fp32 or int8.", DefaultValueFactory = _ => "fp32" };

    public void AddTo(Command command)
    {
        command.Options.Add(Model);
        command.Options.Add(Precision);
    }

    public string[] Arguments(ParseResult parsed) =>
        [$"--Model:Path={parsed.GetValue(Model)}", $"--Model:Precision={parsed.GetValue(Precision)}"];
}

/// <summary>The real worker program over a real redis-server.</summary>
internal static class WorkerUnderTest
{
    public const string Queue = "bench";

    public static PinnedProcess Start(RedisServer redis, int? core, string[] model) => PinnedProcess.Start(
        core, PinnedProcess.Program("Keda.Inference.InferenceFunction"),
        [
            "--Worker:HttpPort=0", "--Worker:BindAddress=127.0.0.1", $"--Redis:ConnectionString={redis.ConnectionString}",
            $"--Queue:Name={Queue}", .. model,
        ]);

    public static IWorkQueues Connect(RedisServer redis) => WorkQueues.Connect(
        new RedisOptions { ConnectionString = redis.ConnectionString, TimeoutMs = 10_000 },
        name => new WorkQueueOptions { Name = name }, TimeProvider.System);

    public static async Task<string> EnqueueAsync(IWorkQueue queue, byte[] picture)
    {
        var submission = new JobSubmission
        {
            Id = JobId.New(TimeProvider.System), Body = picture, ContentType = "image/jpeg", ExpectReply = true,
            Timeout = TimeSpan.FromSeconds(300),
        };
        await queue.EnqueueAsync(submission, CancellationToken.None);
        return submission.Id;
    }

    /// <summary>Photographs of ImageNet's usual size.</summary>
    public static byte[][] Pictures { get; } = [.. Enumerable.Range(1, 8).Select(seed => GeneratedPictures.Jpeg(seed))];

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
