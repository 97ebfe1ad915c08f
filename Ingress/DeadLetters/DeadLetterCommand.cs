using System.CommandLine;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.DeadLetters;

/// <summary><c>dead-letters list|replay|drop</c>: what a person does with jobs that failed every attempt.</summary>
internal static class DeadLetterCommand
{
    public const string Name = "dead-letters";
    private const int All = 100_000;
    private const double LongestTimeoutSeconds = 604_800;

    private static readonly Option<string> s_redis = new("--redis") { Description = "HOST:PORT or a StackExchange.Redis connection string", Required = true };
    private static readonly Option<string?> s_ca = new("--redis-ca") { Description = "PEM file of the authorities to trust, with ssl=true in --redis" };
    private static readonly Option<string?> s_certificate = new("--redis-cert") { Description = "PEM file of the certificate to show, with --redis-key" };
    private static readonly Option<string?> s_key = new("--redis-key") { Description = "PEM file of the certificate's key" };
    private static readonly Option<string> s_queue = new("--queue") { Description = "The queue's name", DefaultValueFactory = _ => new WorkQueueOptions().Name };
    private static readonly Option<string[]> s_id = new("--id") { Description = "A job's id; repeatable", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> s_all = new("--all") { Description = "Every dead letter of the queue" };
    private static readonly Option<int> s_count = new("--count") { Description = "How many to list, newest first", DefaultValueFactory = _ => 100 };
    private static readonly Option<double> s_timeout = Timeout();

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var list = new Command("list", "Show dead letters, newest first") { s_count };
        list.SetAction((parsed, cancellation) => WithQueueAsync(parsed, error, async queue =>
        {
            var letters = await queue.DeadLetters.ListAsync(parsed.GetValue(s_count), cancellation);
            foreach (var letter in letters)
                await output.WriteLineAsync(Describe(letter));
            await output.WriteLineAsync($"{letters.Count} dead letters in {queue.Name}");
            return 0;
        }));

        var replay = new Command("replay", "Enqueue dead letters again with fresh attempts") { s_id, s_all, s_timeout };
        replay.SetAction((parsed, cancellation) => ForEachAsync(parsed, output, error, "replayed", (queue, id) =>
            queue.DeadLetters.ReplayAsync(id, TimeSpan.FromSeconds(parsed.GetValue(s_timeout)), cancellation), cancellation));

        var drop = new Command("drop", "Delete dead letters") { s_id, s_all };
        drop.SetAction((parsed, cancellation) => ForEachAsync(
            parsed, output, error, "dropped", (queue, id) => queue.DeadLetters.DropAsync(id, cancellation), cancellation));

        var command = new Command(Name, "Jobs that failed every attempt") { list, replay, drop };
        foreach (var option in new Option[] { s_redis, s_ca, s_certificate, s_key, s_queue })
        {
            option.Recursive = true;
            command.Options.Add(option);
        }

        var root = new RootCommand("The HTTP front door of Keda.Inference") { command };
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    private static Option<double> Timeout()
    {
        var timeout = new Option<double>("--timeout") { Description = "Seconds until a replayed job's deadline", DefaultValueFactory = _ => 300 };
        timeout.Validators.Add(static parsed =>
        {
            if (parsed.GetValueOrDefault<double>() is not (>= 0.001 and <= LongestTimeoutSeconds))
                parsed.AddError($"--timeout must be 0.001 to {LongestTimeoutSeconds} seconds.");
        });
        return timeout;
    }

    private static string Describe(DeadLetter letter) =>
        $"{letter.JobId} {letter.DiedAt:yyyy-MM-ddTHH:mm:ssZ} attempts={letter.Attempts} worker={letter.WorkerId} type={letter.ContentType} "
        + $"request={letter.RequestId ?? "-"} {letter.Error.Code}: {letter.Error.Message}";

    private static Task<int> ForEachAsync(
        ParseResult parsed, TextWriter output, TextWriter error, string done, Func<IWorkQueue, string, Task<bool>> act,
        CancellationToken cancellation)
    {
        var ids = parsed.GetValue(s_id) ?? [];
        if (parsed.GetValue(s_all) == (ids.Length > 0))
            return FailAsync(error, "Name jobs by --id, or all of them by --all.");
        return WithQueueAsync(parsed, error, async queue =>
        {
            if (parsed.GetValue(s_all))
                ids = [.. (await queue.DeadLetters.ListAsync(All, cancellation)).Select(letter => letter.JobId)];
            var missing = 0;
            foreach (var id in ids.Select(JobOf))
            {
                var found = await act(queue, id);
                missing += found ? 0 : 1;
                await output.WriteLineAsync(found ? $"{id} {done}" : $"{id} is no dead letter of {queue.Name}");
            }

            await output.WriteLineAsync($"{ids.Length - missing} {done}, {missing} not found");
            return missing == 0 ? 0 : 1;
        });
    }

    /// <summary>Accepts a request's id as callers see it too.</summary>
    private static string JobOf(string id) => id[(id.LastIndexOf('.') + 1)..];

    private static async Task<int> WithQueueAsync(ParseResult parsed, TextWriter error, Func<IWorkQueue, Task<int>> act)
    {
        var redis = new RedisOptions
        {
            ConnectionString = parsed.GetValue(s_redis)!, TimeoutMs = 5000,
            CaCertificateFile = parsed.GetValue(s_ca), ClientCertificateFile = parsed.GetValue(s_certificate), ClientKeyFile = parsed.GetValue(s_key),
        };
        var options = new WorkQueueOptions { Name = parsed.GetValue(s_queue)! };
        if (WorkQueueOptionsValidator.Validate(redis, options) is { Count: > 0 } errors)
            return await FailAsync(error, string.Join(Environment.NewLine, errors));
        await using var queues = WorkQueues.Connect(redis, _ => options, TimeProvider.System);
        try
        {
            return await act(queues.Open(options.Name));
        }
        catch (WorkQueueUnavailableException away)
        {
            await error.WriteLineAsync(away.Message);
            return 1;
        }
    }

    private static async Task<int> FailAsync(TextWriter error, string message)
    {
        await error.WriteLineAsync(message);
        return 2;
    }
}
