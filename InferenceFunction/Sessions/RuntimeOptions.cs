namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>How ONNX Runtime computes. Bound from the section <c>Runtime</c>.</summary>
public sealed class RuntimeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Runtime";

    /// <summary>
    /// Threads that compute one inference; 0 takes as many whole cores as the process may use (its cgroup quota and affinity). Default 0.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>
    /// Where it computes: <c>cpu</c>, or <c>cuda</c> when the package Microsoft.ML.OnnxRuntime.Gpu is built in. Default <c>cpu</c>.
    /// </summary>
    public string ExecutionProvider { get; set; } = "cpu";

    /// <summary>Whether ONNX Runtime keeps memory it has used in an arena instead of asking for it each time. Default true.</summary>
    public bool Arena { get; set; } = true;

    /// <summary>Whether the memory of one inference is planned as one block. Default true.</summary>
    public bool MemoryPattern { get; set; } = true;

    /// <summary>
    /// Whether the optimised graph is kept (beside the model, or in the cache directory where that folder cannot be written) so that the
    /// next start need not optimise. Default true.
    /// </summary>
    public bool KeepOptimized { get; set; } = true;

    /// <summary>Everything that is wrong with the values, one line each.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Threads is < 0 or > 1024)
            yield return $"Runtime:Threads is {Threads}; it must be 1 to 1024, or 0 for the cores the process may use.";
        if (ExecutionProvider is not ("cpu" or "cuda"))
            yield return $"Runtime:ExecutionProvider is '{ExecutionProvider}'; it must be cpu or cuda.";
    }
}
