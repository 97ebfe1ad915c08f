using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Queues;

/// <summary>The functions that this ingress serves, each with its queue. Any other name does not exist for a caller.</summary>
internal sealed class FunctionCatalogue
{
    private readonly Dictionary<string, IWorkQueue> _queues;

    public FunctionCatalogue(IOptions<IngressOptions> options, IWorkQueues queues)
    {
        _queues = options.Value.Functions.ToDictionary(name => name, queues.Open, StringComparer.Ordinal);
        Default = _queues[options.Value.Functions[0]];
        All = options.Value.Functions.Select(name => _queues[name]).ToArray();
    }

    /// <summary>The one behind <c>/predict</c>.</summary>
    public IWorkQueue Default { get; }

    public IReadOnlyList<IWorkQueue> All { get; }

    public IWorkQueue? Find(string name) => _queues.GetValueOrDefault(name);

    public IWorkQueue Get(string? name) => name is null ? Default : Find(name)
        ?? throw new ProblemException(ProblemKind.UnknownFunction, $"The functions are: {string.Join(", ", _queues.Keys)}.");
}
