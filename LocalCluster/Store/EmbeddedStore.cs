using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace Keda.Inference.LocalCluster;

/// <summary>
/// A Redis-compatible server (Garnet) inside this process, in memory only, on loopback. For machines without Redis; a real deployment
/// uses Redis.
/// </summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>What to give to StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts one on <paramref name="port"/>, or on a free port for 0.</summary>
    public static EmbeddedStore Start(int port = 0)
    {
        if (port == 0)
            port = FreePort();
        // Scripts must be atomic as Redis' are: with transaction mode each locks the keys it declares, and all scripts
        // of a queue declare one key in common.
        var server = new GarnetServer(new GarnetServerOptions(null)
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            EnableLua = true,
            LuaTransactionMode = true,
            LuaOptions = new LuaOptions(),
            LogMemorySize = "1g",
            IndexMemorySize = "32m",
            QuietMode = true,
        });
        server.Start();
        return new EmbeddedStore(server, port);
    }

    public void Dispose() => _server.Dispose();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
