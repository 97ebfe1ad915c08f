using System.CommandLine;

namespace Keda.Inference.Benchmarks;

/// <summary>One benchmark; found by <see cref="BenchmarkCatalogue"/>, so a new file is all that a new one needs.</summary>
internal interface IBenchmark
{
    /// <summary>The subcommand, with its options and its action.</summary>
    Command ToCommand();
}

internal static class BenchmarkCatalogue
{
    public static IEnumerable<IBenchmark> All() =>
        typeof(BenchmarkCatalogue).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (IBenchmark)Activator.CreateInstance(type)!);
}
