using System.Collections.Concurrent;
using Keda.Inference.EndToEnd.Tests.Support;
using Keda.Inference.InferenceFunction.Tests.Serving;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.EndToEnd.Tests.Faults;

/// <summary>Real services over a real Redis, as processes that can be killed. The model is tiny, so that what is tested is the queue.</summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    public const string QueueName = "faults";
    public const double LeaseSeconds = 1;

    private readonly ConcurrentDictionary<string, ServiceProcess> _running = new(StringComparer.Ordinal);
    private readonly TinyModel _model = new();
    private readonly IWorkQueues _queues;
    private readonly int _port = FreePorts.Take(1)[0];
    private int _workers;

    private FaultyCluster(RedisServer redis)
    {
        Redis = redis;
        _queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        Queue = _queues.Open(QueueName);
        Address = new Uri($"http://127.0.0.1:{_port}");
    }

    public RedisServer Redis { get; }

    public IWorkQueue Queue { get; }

    public Uri Address { get; }

    public static async Task<FaultyCluster> StartAsync(int workers, CancellationToken cancellation)
    {
        var cluster = new FaultyCluster(await RedisServer.StartOrSkipAsync(appendOnly: true));
        cluster.StartIngress();
        for (var i = 0; i < workers; i++)
            cluster.StartWorker();
        await cluster.ReadyAsync(workers, cancellation);
        return cluster;
    }

    public void StartIngress() => Start("Ingress", "ingress", BuiltPrograms.Services, new()
    {
        ["Ingress:Port"] = $"{_port}",
        ["Ingress:BindAddress"] = "127.0.0.1",
    });

    /// <summary>Starts a real worker and returns its name.</summary>
    public string StartWorker()
    {
        var name = $"worker-{Interlocked.Increment(ref _workers)}";
        Start("InferenceFunction", name, BuiltPrograms.Services, new()
        {
            ["Worker:Id"] = name,
            ["Worker:HttpPort"] = "0",
            ["Worker:BindAddress"] = "127.0.0.1",
            ["Model:Path"] = _model.Path,
            ["Model:Labels"] = _model.Labels,
            ["Model:CacheDirectory"] = _model.Folder,
        });
        return name;
    }

    /// <summary>Starts a worker that dies on a job whose request id begins with "poison".</summary>
    public string StartFaultWorker()
    {
        var name = $"fault-{Interlocked.Increment(ref _workers)}";
        Start("FaultWorker", name, BuiltPrograms.FaultWorker, new() { ["Worker:Id"] = name });
        return name;
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync(string name)
    {
        if (!_running.TryRemove(name, out var process))
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    /// <summary>Completes when a process has ended by itself.</summary>
    public Task EndOfAsync(string name, CancellationToken cancellation) => _running[name].WaitForExitAsync(cancellation);

    /// <summary>A running process' id.</summary>
    public int ProcessId(string name) => _running[name].Id;

    /// <summary>Until the ingress answers and so many workers say that they are ready.</summary>
    public async Task ReadyAsync(int workers, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
                    return answer.IsSuccessStatusCode && (await Queue.GetSignalsAsync(cancellation)).ReadyWorkers >= workers;
                }
                catch (Exception away) when (away is HttpRequestException or TaskCanceledException or WorkQueueUnavailableException)
                {
                    return false;
                }
            },
            $"{workers} ready workers and the ingress", cancellation);
    }

    /// <summary>Nothing waits, nothing is in flight, no lease is left.</summary>
    public Task DrainedAsync(CancellationToken cancellation) => Eventually.TrueAsync(
        async () => await Queue.GetSignalsAsync(cancellation) is { Waiting: 0, InFlight: 0 }, "an empty queue without leases", cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _running.Keys)
            await KillAsync(name);
        await _queues.DisposeAsync();
        await Redis.DisposeAsync();
        _model.Dispose();
    }

    private void Start(string service, string name, string folder, Dictionary<string, string> settings)
    {
        settings["Redis:ConnectionString"] = Redis.ConnectionString;
        settings["Queue:Name"] = QueueName;
        settings["Queue:LeaseSeconds"] = $"{LeaseSeconds}";
        _running[name] = ServiceProcess.Start(ServiceProcess.ProgramOf(service, folder), name, settings, quota: null, show: null);
    }
}
