using System.CommandLine;
using Keda.Inference.Benchmarks;

// Every benchmark is a subcommand; its last line is "NAME key=value …".
var root = new RootCommand("Benchmarks of Keda.Inference; each prints ratios measured within one run.");
foreach (var benchmark in BenchmarkCatalogue.All())
    root.Subcommands.Add(benchmark.ToCommand());
return await root.Parse(args).InvokeAsync();
