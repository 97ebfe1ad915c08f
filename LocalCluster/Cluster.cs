using Keda.Inference.WorkQueue;

namespace Keda.Inference.LocalCluster;

/// <summary>Everything that runs: store, services, workers and the control loop.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    // Two seconds after Ctrl-C nothing is left.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1.2);
    // Store, services and load share a few cores here: more patience than a cluster needs.
    public const int StoreLimitMs = 5000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ServiceProcess> _services = [];
    private readonly ClusterOptions _options;
    private readonly ClusterConsole _console;
    private readonly TimeProvider _time;
    private readonly EmbeddedStore? _store;
    private readonly IWorkQueues _queues;
    private readonly WorkerFleet _fleet;
    private readonly ScalerClient _scaler;
    private readonly string _redis;
    private Task _running = Task.CompletedTask;

    public Cluster(ClusterOptions options, ClusterConsole console, TimeProvider time)
    {
        (_options, _console, _time) = (options, console, time);
        _store = options.Redis is null ? EmbeddedStore.Start() : null;
        _redis = options.Redis ?? _store!.ConnectionString;
        _queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = _redis, TimeoutMs = StoreLimitMs }, name => new WorkQueueOptions { Name = name }, time);
        Queue = _queues.Open(ClusterOptions.Queue);
        _fleet = new WorkerFleet(options, _redis, Queue, console, time);
        Target = new ScaleTarget(options, _fleet, Queue.LocalScale, console, time);
        _scaler = new ScalerClient(options);
    }

    /// <summary>Where pictures go.</summary>
    public Uri Address => new($"http://127.0.0.1:{_options.Port}");

    public IWorkQueue Queue { get; }

    public ScaleTarget Target { get; }

    /// <summary>Starts all, prints the line that says so, and sends one picture through the whole path.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await StoreAnswersAsync(cancellation);
        _console.Plain(_store is null ? $"store: Redis at {_options.Redis}" : $"store: embedded, at {_store.ConnectionString}");
        StartService("Ingress", new()
        {
            ["Ingress:Port"] = $"{_options.Port}",
            ["Ingress:BindAddress"] = "127.0.0.1",
        });
        StartService("ExternalScaler", new()
        {
            ["Scaler:GrpcPort"] = $"{_options.ScalerPort}",
            ["Scaler:HttpPort"] = $"{_options.ScalerHttpPort}",
            ["Scaler:BindAddress"] = "127.0.0.1",
            ["Scaler:ClusterView"] = "local",
        });
        var failed = WatchServicesAsync();
        var loop = new ControlLoop(_options, Target, _fleet, _scaler, Queue.LocalScale, _console, _time);
        await Target.StartAsync(_options.Min, cancellation);
        var readiness = _fleet.WatchReadinessAsync(_stop.Token);
        await UntilReadyAsync(failed, cancellation);
        _console.Plain($"ready {Address.ToString().TrimEnd('/')}");
        _running = WatchAsync(failed, readiness, loop);
        await new SelfTest(Address, _console, _time).RunAsync(cancellation);
    }

    /// <summary>Goes on until cancelled; fails when a service ends.</summary>
    public Task RunAsync(CancellationToken cancellation) => _running.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var service in _services)
            service.Terminate();
        await _fleet.StopAsync(StopGrace);
        foreach (var service in _services)
        {
            service.Kill();
            await service.WaitForExitAsync(CancellationToken.None);
            service.Dispose();
        }

        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _scaler.Dispose();
        Target.Dispose();
        _fleet.Dispose();
        await _queues.DisposeAsync();
        _store?.Dispose();
        _stop.Dispose();
    }

    private async Task StoreAnswersAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; !await _queues.PingAsync(cancellation); attempt++)
        {
            if (attempt == 3)
            {
                throw new ClusterException(_store is null
                    ? $"--redis {_options.Redis}: no Redis answers there; give HOST:PORT of a running one, or leave the option out."
                    : "The embedded store does not answer.");
            }
        }
    }

    private async Task WatchAsync(Task failed, Task readiness, ControlLoop loop)
    {
        Task[] parts = [failed, readiness, Target.KeepAsync(_stop.Token), loop.RunAsync(_stop.Token)];
        // The loop of a cluster without a scaler ends at once.
        var first = await Task.WhenAny(parts.Where(part => !part.IsCompletedSuccessfully));
        await first;
    }

    private void StartService(string service, Dictionary<string, string> settings)
    {
        settings["Redis:ConnectionString"] = _redis;
        settings["Redis:TimeoutMs"] = $"{StoreLimitMs}";
        settings["Queue:Name"] = ClusterOptions.Queue;
        _services.Add(ServiceProcess.Start(
            ServiceProcess.ProgramOf(service), service, settings, quota: null, _options.Verbose ? line => _console.Line($"{service}: {line}") : null));
    }

    private async Task WatchServicesAsync()
    {
        var ended = await Task.WhenAny(_services.Select(async service =>
        {
            await service.WaitForExitAsync(_stop.Token);
            return service;
        }));
        var service = await ended;
        throw new ClusterException($"{service.Name} ended with exit code {service.ExitCode}: {service.LastWords}");
    }

    private async Task UntilReadyAsync(Task failed, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        List<Task> awaited = [IngressAnswersAsync(http, cancellation)];
        if (_options.Min > 0)
            awaited.Add(_fleet.FirstReady.Task);
        var limit = Task.Delay(StartLimit, _time, cancellation);
        while (awaited.Count > 0)
        {
            // The first failure counts, not the last success.
            var done = await Task.WhenAny([.. awaited, failed, limit]);
            await done;
            if (done == limit)
                throw new ClusterException($"The services were not ready within {StartLimit.TotalSeconds:0} s; --verbose shows their logs.");
            awaited.Remove(done);
        }
    }

    private async Task IngressAnswersAsync(HttpClient http, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception late) when (late is HttpRequestException || (late is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // not up yet, or too busy to answer in time
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellation);
        }
    }
}
