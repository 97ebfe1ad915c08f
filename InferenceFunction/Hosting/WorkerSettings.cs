using System.Reflection;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Hosting;

/// <summary>All options of the worker, read from the command line and the environment and checked together.</summary>
internal sealed record WorkerSettings(
    IConfiguration Configuration, WorkerOptions Worker, ModelOptions Model, PreprocessOptions Preprocess, RuntimeOptions Runtime)
{
    /// <summary>Reads them; every problem found is one line in <paramref name="problems"/>.</summary>
    public static WorkerSettings Read(string[] args, List<string> problems)
    {
        problems.AddRange(CommandLineProblems(args));
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables()
            .AddCommandLine([.. args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal))]).Build();
        var (worker, model, preprocess, runtime) = (new WorkerOptions(), new ModelOptions(), new PreprocessOptions(), new RuntimeOptions());
        Bind(problems, () => configuration.GetSection(WorkerOptions.Section).Bind(worker));
        Bind(problems, () => configuration.GetSection(ModelOptions.Section).Bind(model));
        Bind(problems, () => configuration.GetSection(PreprocessOptions.Section).Bind(preprocess));
        Bind(problems, () => configuration.GetSection(RuntimeOptions.Section).Bind(runtime));
        problems.AddRange(worker.Problems());
        problems.AddRange(preprocess.Problems());
        problems.AddRange(runtime.Problems());
        return new WorkerSettings(configuration, worker, model, preprocess, runtime);
    }

    private static List<string> CommandLineProblems(string[] args)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (section, type) in (ReadOnlySpan<(string, Type)>)
            [
                (WorkerOptions.Section, typeof(WorkerOptions)), (ModelOptions.Section, typeof(ModelOptions)),
                (PreprocessOptions.Section, typeof(PreprocessOptions)), (RuntimeOptions.Section, typeof(RuntimeOptions)),
                (RedisOptions.Section, typeof(RedisOptions)), (WorkQueueOptions.Section, typeof(WorkQueueOptions)),
            ])
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
                known.Add($"{section}:{property.Name}");
        }

        return args.Select(arg => Problem(arg, known)).OfType<string>().ToList();
    }

    private static string? Problem(string arg, HashSet<string> known)
    {
        if (!arg.StartsWith("--", StringComparison.Ordinal) || !arg.Contains('='))
            return $"'{arg}' is no option; options are given as --Section:Key=value.";
        var key = arg[2..arg.IndexOf('=')];
        return known.Contains(key) || key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("Queues:", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"--{key} is no option of the worker; see --help.";
    }

    private static void Bind(List<string> problems, Action bind)
    {
        try
        {
            bind();
        }
        catch (InvalidOperationException wrong)
        {
            problems.Add(wrong.Message.ReplaceLineEndings(" "));
        }
    }
}
