using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Queues;

/// <summary>
/// The id of a request outside: <c>{queue}.{job}</c>, so that any replica finds the queue. Job ids have no dot, queue names may.
/// </summary>
internal readonly record struct RequestReference(IWorkQueue Queue, string JobId)
{
    public override string ToString() => Format(Queue.Name, JobId);

    public static string Format(string queue, string jobId) => $"{queue}.{jobId}";

    public static string PathOf(string queue, string jobId) => $"/requests/{queue}.{jobId}";

    /// <summary>Null for an id that none of the served queues can have given.</summary>
    public static RequestReference? TryParse(string id, FunctionCatalogue functions)
    {
        var dot = id.LastIndexOf('.');
        if (dot <= 0)
            return null;
        var job = id.AsSpan(dot + 1);
        if (job.Length is 0 or > 64 || job.ContainsAnyExcept(s_jobCharacters))
            return null;
        return functions.Find(id[..dot]) is { } queue ? new(queue, job.ToString()) : null;
    }

    private static readonly System.Buffers.SearchValues<char> s_jobCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
