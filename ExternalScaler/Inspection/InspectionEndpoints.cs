using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Inspection;

/// <summary>Why there are as many replicas as there are: JSON for programs, a page for browsers.</summary>
internal static class InspectionEndpoints
{
    private const int DefaultCount = 300;

    public static void MapInspection(this WebApplication app)
    {
        app.MapGet("/scaledobjects", (HttpContext context, IWorkQueues queues, CancellationToken cancellation) =>
            WantsPage(context.Request) ? Task.FromResult(Page()) : ListAsync(queues, cancellation));
        app.MapGet("/scaledobjects/{ns}/{name}", (
            HttpContext context, string ns, string name, string? count, IWorkQueues queues, CancellationToken cancellation) =>
            WantsPage(context.Request) ? Task.FromResult(Page()) : HistoryAsync(queues, ns, name, count, cancellation));
    }

    private static Task<IResult> ListAsync(IWorkQueues queues, CancellationToken cancellation) => GuardAsync(async () =>
    {
        var keys = await queues.Decisions.ListAsync(cancellation);
        var summaries = await Task.WhenAll(keys.Select(async key =>
            new ScaledObjectSummary(key.Namespace, key.Name, key.Queue, (await ReadAsync(queues, key, 1, cancellation)).FirstOrDefault())));
        return Results.Json(
            new ScaledObjectList([.. summaries.OrderBy(item => item.Namespace).ThenBy(item => item.Name).ThenBy(item => item.Queue)]),
            InspectionJson.Readable.ScaledObjectList);
    });

    private static Task<IResult> HistoryAsync(
        IWorkQueues queues, string ns, string name, string? count, CancellationToken cancellation) => GuardAsync(async () =>
    {
        var wanted = DefaultCount;
        if (count is not null && !(int.TryParse(count, out wanted) && wanted is >= 1 and <= IDecisionStore.HistoryLength))
            return Error(StatusCodes.Status400BadRequest, $"count is '{Shorten(count)}'; a whole number from 1 to {IDecisionStore.HistoryLength} is needed.");
        var keys = (await queues.Decisions.ListAsync(cancellation)).Where(key => key.Namespace == ns && key.Name == name);
        var histories = await Task.WhenAll(keys.OrderBy(key => key.Queue).Select(async key =>
            new TriggerHistory(key.Queue, await ReadAsync(queues, key, wanted, cancellation))));
        return histories.Length == 0
            ? Error(
                StatusCodes.Status404NotFound,
                $"Nothing was decided for ScaledObject {Shorten(ns)}/{Shorten(name)} within the last hour; GET /scaledobjects lists those there are.")
            : Results.Json(new ScaledObjectHistory(ns, name, histories), InspectionJson.Readable.ScaledObjectHistory);
    });

    private static async Task<DecisionRecord[]> ReadAsync(
        IWorkQueues queues, ScaledObjectKey key, int count, CancellationToken cancellation) =>
        [.. (await queues.Decisions.HistoryAsync(key, count, cancellation)).Select(DecisionRecord.FromBytes).OfType<DecisionRecord>()];

    private static async Task<IResult> GuardAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (WorkQueueUnavailableException away)
        {
            return Error(StatusCodes.Status503ServiceUnavailable, away.Message);
        }
    }

    private static IResult Error(int status, string error) =>
        Results.Json(new InspectionError(error), InspectionJson.Readable.InspectionError, statusCode: status);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80];

    // Browsers name text/html; curl and programs do not.
    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static IResult Page() => Results.Stream(
        typeof(InspectionEndpoints).Assembly.GetManifestResourceStream("scaledobjects.html")!, "text/html; charset=utf-8");
}
