using System.Collections.Concurrent;
using k8s;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>
/// Mirrors one kind of object of a namespace (or of the cluster): a list, then watches from its version on, and a list afresh now and then
/// or when the server says 410 Gone. What it holds counts only while it is in touch with the server.
/// </summary>
internal sealed partial class Reflector<T> : IAsyncDisposable where T : KubeObject
{
    /// <summary>The longest that a server may be silent before it is asked again.</summary>
    private static readonly TimeSpan WatchDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly KubernetesApi _api;
    private readonly KubeResource _resource;
    private readonly string? _namespace;
    private readonly TimeSpan _resync;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile ConcurrentDictionary<string, T> _objects = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterUnavailableException? _trouble;
    private long _lastUsed;

    public Reflector(KubernetesApi api, KubeResource resource, string? @namespace, TimeSpan resync, TimeProvider time, ILogger logger)
    {
        (_api, _resource, _namespace, _resync, _time, _logger) = (api, resource, @namespace, resync, time, logger);
        _lastUsed = time.GetTimestamp();
        _running = Task.Run(RunAsync);
    }

    /// <summary>How long nobody has asked.</summary>
    public TimeSpan Idle => _time.GetElapsedTime(Interlocked.Read(ref _lastUsed));

    /// <summary>Why nothing is known, or null.</summary>
    public string? Trouble => _trouble?.Message;

    /// <summary>The object, or null when there is none of that name.</summary>
    /// <exception cref="ClusterUnavailableException">Nothing is known.</exception>
    public async ValueTask<T?> FindAsync(string @namespace, string name, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _lastUsed, _time.GetTimestamp());
        if (!_attempted.Task.IsCompleted)
            await _attempted.Task.WaitAsync(cancellation);
        if (_trouble is { } trouble)
            throw new ClusterUnavailableException(trouble.Message, trouble);
        return _objects.GetValueOrDefault(Name(@namespace, name));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        var retry = FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(stop);
                retry = FirstRetry;
                await FollowAsync(version, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is ClusterUnavailableException || KubernetesErrors.IsFailure(error))
            {
                // Gone is how a server says that the version is too old, not that it is in trouble.
                if (KubernetesErrors.IsGone(error))
                {
                    LogGone(_resource.FullName, _namespace ?? "every namespace");
                    continue;
                }
                _trouble = error as ClusterUnavailableException
                    ?? KubernetesErrors.Explain(error, "watch", _resource, _namespace, null, WatchDuration);
                _attempted.TrySetResult();
                LogTrouble(_trouble.Message, retry.TotalSeconds);
                await Task.Delay(retry, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = TimeSpan.FromTicks(Math.Min(LongestRetry.Ticks, retry.Ticks * 2));
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken stop)
    {
        var list = await _api.ListAsync<T>(_resource, _namespace, stop);
        _objects = new(list.Items.Select(item => KeyValuePair.Create(Name(item), item)), StringComparer.Ordinal);
        _trouble = null;
        _attempted.TrySetResult();
        return list.Metadata.ResourceVersion ?? "0";
    }

    private async Task FollowAsync(string version, CancellationToken stop)
    {
        var listed = _time.GetTimestamp();
        while (_time.GetElapsedTime(listed) is var age && age < _resync)
        {
            var duration = _resync - age < WatchDuration ? _resync - age : WatchDuration;
            await foreach (var (type, item) in _api.WatchAsync<T>(_resource, _namespace, version, duration, stop))
            {
                version = item.Metadata.ResourceVersion ?? version;
                if (type is WatchEventType.Added or WatchEventType.Modified)
                    _objects[Name(item)] = item;
                else if (type is WatchEventType.Deleted)
                    _objects.TryRemove(Name(item), out _);
            }
        }
    }

    private static string Name(T item) => Name(item.Metadata.Namespace, item.Metadata.Name);

    private static string Name(string @namespace, string name) => $"{@namespace}/{name}";

    [LoggerMessage(LogLevel.Information, "The watch of {Resource} in {Namespace} is too old; listing afresh.")]
    private partial void LogGone(string resource, string @namespace);

    [LoggerMessage(LogLevel.Warning, "{Trouble} Trying again in {Seconds} s.")]
    private partial void LogTrouble(string trouble, double seconds);
}
