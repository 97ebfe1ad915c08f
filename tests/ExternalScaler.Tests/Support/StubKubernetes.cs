using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>As much of the Kubernetes API as the scaler talks to, with a server's bad days.</summary>
internal sealed class StubKubernetes : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new();
    private readonly ConcurrentDictionary<Channel<string>, string> _watches = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _kubeConfig = Path.GetTempFileName();
    private int _version = 100;

    private StubKubernetes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What to answer instead, or null to go on; gets verb, resource and name.</summary>
    public Func<string, string, int?>? Refuse { get; set; }

    /// <summary>While set, nothing is answered.</summary>
    public bool Hung { get; set; }

    /// <summary>Every request as a verb and a resource, the way RBAC names them.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public string KubeConfigPath => _kubeConfig;

    public static async Task<StubKubernetes> StartAsync()
    {
        var stub = new StubKubernetes();
        await stub._app.StartAsync();
        var address = stub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await File.WriteAllTextAsync(stub._kubeConfig, $$"""
            apiVersion: v1
            kind: Config
            clusters:
              - name: stub
                cluster:
                  server: "{{address}}"
            users:
              - name: stub
                user:
                  token: stub
            contexts:
              - name: stub
                context:
                  cluster: stub
                  user: stub
            current-context: stub
            """);
        return stub;
    }

    public void PutScaledObject(string name, string target, int? min = 1, int? max = 6, string? kind = null, string? annotation = null)
    {
        var metadata = new JsonObject();
        if (annotation?.Split('=') is [var key, var value])
            metadata["annotations"] = new JsonObject { [key] = value };
        Put("keda.sh/v1alpha1", "scaledobjects", name, new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["scaleTargetRef"] = new JsonObject { ["name"] = target, ["kind"] = kind }, ["minReplicaCount"] = min, ["maxReplicaCount"] = max,
            },
        });
    }

    public void PutWorkload(string name, int replicas, int ready, string plural = "deployments") =>
        Put("apps/v1", plural, name, new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["spec"] = new JsonObject { ["replicas"] = replicas },
            ["status"] = new JsonObject { ["readyReplicas"] = ready },
        });

    public int ReplicasOf(string name, string plural = "deployments")
    {
        lock (_objects)
            return (int)_objects[Key("apps/v1", plural, name)]["spec"]!["replicas"]!;
    }

    public void Delete(string groupVersion, string plural, string name)
    {
        lock (_objects)
        {
            if (_objects.TryRemove(Key(groupVersion, plural, name), out var gone))
                Tell(Prefix(groupVersion, plural), "DELETED", gone);
        }
    }

    /// <summary>Ends every open watch with 410 Gone, as a server does whose history is shorter.</summary>
    public void ExpireWatches()
    {
        foreach (var watch in _watches.Keys)
            watch.Writer.TryWrite("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410}}""");
    }

    /// <summary>How many watches are open.</summary>
    public int OpenWatches => _watches.Count;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
        File.Delete(_kubeConfig);
    }

    private void Put(string groupVersion, string plural, string name, JsonObject item)
    {
        lock (_objects)
        {
            var metadata = item["metadata"]!.AsObject();
            metadata["name"] = name;
            metadata["namespace"] = "default";
            metadata["resourceVersion"] = (++_version).ToString();
            var key = Key(groupVersion, plural, name);
            var type = _objects.ContainsKey(key) ? "MODIFIED" : "ADDED";
            _objects[key] = item;
            Tell(Prefix(groupVersion, plural), type, item);
        }
    }

    private void Tell(string path, string type, JsonObject item)
    {
        foreach (var (watch, of) in _watches)
        {
            if (of == path)
                watch.Writer.TryWrite(new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString());
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        // /apis/{group}/{version}/namespaces/{namespace}/{plural}[/{name}[/scale]], or without the namespace for the whole cluster
        var parts = path.Trim('/').Split('/').ToList();
        if (parts.Count > 3 && parts[3] == "namespaces")
            parts.RemoveRange(3, 2);
        var (groupVersion, plural) = ($"{parts[1]}/{parts[2]}", parts[3]);
        var name = parts.ElementAtOrDefault(4);
        var scale = parts.ElementAtOrDefault(5) == "scale";
        var watching = context.Request.Query["watch"] == "true";
        var verb = context.Request.Method == "PATCH" ? "patch" : name is not null ? "get" : watching ? "watch" : "list";
        Requests.Enqueue($"{verb} {plural}{(scale ? "/scale" : "")}");
        if (Hung)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (Refuse?.Invoke(verb, plural) is { } status)
            await RefuseAsync(context, status);
        else if (watching)
            await WatchAsync(context, Prefix(groupVersion, plural));
        else if (name is null)
            await ListAsync(context, Prefix(groupVersion, plural));
        else
            await OneAsync(context, Key(groupVersion, plural, name), scale);
    }

    private async Task ListAsync(HttpContext context, string path)
    {
        JsonObject list;
        lock (_objects)
        {
            list = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = _version.ToString() },
                ["items"] = new JsonArray([.. _objects.Where(pair => pair.Key.StartsWith(path)).Select(pair => pair.Value.DeepClone())]),
            };
        }
        await WriteAsync(context, list);
    }

    private async Task WatchAsync(HttpContext context, string path)
    {
        var channel = Channel.CreateUnbounded<string>();
        var since = int.Parse(context.Request.Query["resourceVersion"].ToString() is { Length: > 0 } text ? text : "0");
        lock (_objects)
        {
            foreach (var item in _objects.Where(pair => pair.Key.StartsWith(path)).Select(pair => pair.Value))
            {
                if (int.Parse((string)item["metadata"]!["resourceVersion"]!) > since)
                    channel.Writer.TryWrite(new JsonObject { ["type"] = "MODIFIED", ["object"] = item.DeepClone() }.ToJsonString());
            }
            _watches[channel] = path;
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync(end.Token);
            await foreach (var line in channel.Reader.ReadAllAsync(end.Token))
            {
                await context.Response.WriteAsync(line + "\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                if (line.Contains("\"ERROR\"", StringComparison.Ordinal))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // The scaler, or the test, has gone.
        }
        finally
        {
            _watches.TryRemove(channel, out _);
        }
    }

    private async Task OneAsync(HttpContext context, string key, bool scale)
    {
        if (!_objects.TryGetValue(key, out var item))
        {
            await RefuseAsync(context, 404);
            return;
        }
        if (context.Request.Method == "PATCH")
        {
            var patch = (await JsonNode.ParseAsync(context.Request.Body))!;
            lock (_objects)
            {
                item = _objects[key];
                if ((string?)patch["metadata"]?["resourceVersion"] != (string?)item["metadata"]!["resourceVersion"])
                    item = null;
            }
            if (item is null)
            {
                await RefuseAsync(context, 409);
                return;
            }
            var parts = key.Split('/');
            PutWorkload(parts[^1], (int)patch["spec"]!["replicas"]!, (int)item["status"]!["readyReplicas"]!, parts[^2]);
            item = _objects[key];
        }
        await WriteAsync(context, scale
            ? new JsonObject { ["metadata"] = item["metadata"]!.DeepClone(), ["spec"] = new JsonObject { ["replicas"] = item["spec"]!["replicas"]!.DeepClone() } }
            : item);
    }

    private static async Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = status });
    }

    private static string Prefix(string groupVersion, string plural) => $"{groupVersion}/{plural}/";

    private static string Key(string groupVersion, string plural, string name) => $"{groupVersion}/{plural}/{name}";
}
