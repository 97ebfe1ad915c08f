using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>What batching gains on this processor: inferences of 1, 2, 4 and 8 pictures, one thread, alternating.</summary>
internal sealed class BatchBenchmark : IBenchmark
{
    private static readonly int[] s_sizes = [1, 2, 4, 8];

    public Command ToCommand()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often the sizes alternate.", DefaultValueFactory = _ => 12 };
        var choice = new ModelChoice();
        var command = new Command("batch", "Pictures per second for batches of 1, 2, 4 and 8.") { rounds };
        choice.AddTo(command);
        command.SetAction(parsed => Run(parsed.GetValue(rounds), new ModelOptions
        {
            Path = parsed.GetValue(choice.Model), Precision = Enum.Parse<ModelPrecision>(parsed.GetValue(choice.Precision)!, ignoreCase: true),
        }));
        return command;
    }

    private static int Run(int rounds, ModelOptions model)
    {
        using var classifier = new ClassifierLoader(new RuntimeOptions { Threads = 1 }, new PreprocessOptions(), NullLogger<ClassifierLoader>.Instance)
            .Load(new ModelSource(model, NullLogger<ModelSource>.Instance).Resolve(), model, s_sizes[^1]);
        using var buffer = classifier.CreateBuffer();
        var random = new Random(1);
        for (var item = 0; item < s_sizes[^1]; item++)
        {
            foreach (ref var value in buffer.Input(item))
                value = random.NextSingle() - 0.5f;
        }

        var times = s_sizes.ToDictionary(size => size, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var size in s_sizes)
            {
                var start = Stopwatch.GetTimestamp();
                for (var done = 0; done < s_sizes[^1]; done += size)
                    buffer.Run(size);
                if (round > 0)
                    times[size].Add(s_sizes[^1] / Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        var rates = s_sizes.Select(size => $"b{size}={WorkerUnderTest.Median(times[size]):F2}");
        Console.WriteLine($"batch {string.Join(' ', rates)}");
        return 0;
    }
}
