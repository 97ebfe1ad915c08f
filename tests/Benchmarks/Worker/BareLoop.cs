using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>
/// What the benchmark <c>worker</c> measures against: the same decoder and session in a plain loop. Reads a number of pictures from each
/// line of its input and says how long they took.
/// </summary>
internal sealed class BareLoop : IBenchmark
{
    public Command ToCommand()
    {
        var choice = new ModelChoice();
        var command = new Command("bare-loop", "The plain loop that 'worker' compares with.") { Hidden = true };
        choice.AddTo(command);
        command.SetAction(parsed => Run(new ModelOptions
        {
            Path = parsed.GetValue(choice.Model), Precision = Enum.Parse<ModelPrecision>(parsed.GetValue(choice.Precision)!, ignoreCase: true),
        }));
        return command;
    }

    private static int Run(ModelOptions model)
    {
        var preprocess = new PreprocessOptions();
        using var classifier = new ClassifierLoader(new RuntimeOptions(), preprocess, NullLogger<ClassifierLoader>.Instance)
            .Load(new ModelSource(model, NullLogger<ModelSource>.Instance).Resolve(), model, 1);
        using var preprocessor = new PicturePreprocessor(preprocess, classifier.Width, classifier.Height);
        using var buffer = classifier.CreateBuffer();
        var pictures = WorkerUnderTest.Pictures;
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line && int.TryParse(line, out var count))
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                preprocessor.Process(pictures[i % pictures.Length], buffer.Input(0));
                buffer.Run(1);
                Scores.Softmax(buffer.Output(0));
            }

            Console.WriteLine($"took {Stopwatch.GetElapsedTime(start).TotalSeconds:R}");
        }

        return 0;
    }
}
