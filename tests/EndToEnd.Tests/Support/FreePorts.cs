using System.Net;
using System.Net.Sockets;

namespace Keda.Inference.EndToEnd.Tests.Support;

internal static class FreePorts
{
    /// <summary>Ports on 127.0.0.1 that nobody has, all different.</summary>
    public static int[] Take(int count)
    {
        var probes = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var probe in probes)
            probe.Start();
        var ports = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port).ToArray();
        foreach (var probe in probes)
            probe.Dispose();
        return ports;
    }
}
