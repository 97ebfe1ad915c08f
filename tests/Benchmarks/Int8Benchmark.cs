using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Quantization.Evaluation;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.Benchmarks;

/// <summary>The project's own graph in fp32 and in int8, on one core and in one thread, picture by picture in turn.</summary>
internal sealed class Int8Benchmark : IBenchmark
{
    public Command ToCommand()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each is timed.", DefaultValueFactory = _ => 60 };
        var core = new Option<int?>("--core") { Description = "The core to stay on. Default: the last one this process may use." };
        var pictures = new Option<string?>("--pictures") { Description = "Pictures for the signal-to-noise ratio. Default: ../shared/images, or generated ones." };
        var command = new Command("int8", "ResNet18 in fp32 and int8 on one core: time and signal-to-noise ratio.") { rounds, core, pictures };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(
            Run(parsed.GetValue(rounds), parsed.GetValue(core), parsed.GetValue(pictures), cancellationToken)));
        return command;
    }

    private static int Run(int rounds, int? core, string? folder, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("keda-inference-int8-");
        try
        {
            var cache = new ModelCache(directory.FullName);
            var model = UntrainedModel.GetOrCreate(cache, (_, _) => { });
            var quantized = UntrainedModel.GetOrQuantize(model, ModelCache.QuantizedBeside(model.Path), (_, _) => { });
            Console.WriteLine($"processor: {Int8Support.Level}; weights of {quantized.WeightBits} bits; pinned to core {Pin(core)}");

            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
            using var fp32 = new Network(OnnxRuntimeSessions.Open(model.Path, options), model);
            using var int8 = new Network(OnnxRuntimeSessions.Open(quantized.Path, options), quantized);
            var scores = new ScoreComparison();
            float[] last = [];
            foreach (var picture in Pictures(folder, model))
            {
                scores.Add(fp32.Scores(picture), int8.Scores(picture));
                last = picture;
            }

            Console.WriteLine($"{scores.Pictures} pictures that were not calibrated with: top-1 agreement {scores.Top1Agreement:F3}, top-5 {scores.Top5Agreement:F3}");
            var speed = SpeedComparison.Measure(fp32, int8, last, rounds, cancellationToken);
            Console.WriteLine($"int8 fp32_ms={speed.ReferenceMs:F2} int8_ms={speed.OtherMs:F2} speedup={speed.SpeedUp:F2} snr_db={scores.SignalToNoise:F1}");
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static IEnumerable<float[]> Pictures(string? folder, ModelInfo model)
    {
        var shared = Path.GetFullPath(RepositoryPaths.Of("..", "shared", "images"));
        if (folder is not null || Directory.Exists(shared))
            return PictureFolder.Open(folder ?? shared, most: 500).Read(model, _ => { });
        Console.WriteLine("../shared/images is not there: generated pictures are taken.");
        return Generated(model);
    }

    private static IEnumerable<float[]> Generated(ModelInfo model)
    {
        using var preprocessor = new PicturePreprocessor(new PreprocessOptions(), model.InputWidth, model.InputHeight);
        for (var seed = 1; seed <= 20; seed++)
        {
            var planes = new float[preprocessor.Length];
            preprocessor.Process(GeneratedPictures.Jpeg(seed), planes);
            yield return planes;
        }
    }

    // Sessions of one thread compute on the caller's, and all threads of this process share the core.
    private static string Pin(int? core)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return "none (this system has no affinity)";
        using var process = Process.GetCurrentProcess();
        var allowed = (ulong)process.ProcessorAffinity;
        var chosen = core ?? System.Numerics.BitOperations.Log2(allowed);
        process.ProcessorAffinity = (nint)(1UL << chosen);
        return chosen.ToString();
    }
}
