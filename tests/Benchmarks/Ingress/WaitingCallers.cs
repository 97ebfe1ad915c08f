namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>Callers who have sent their picture and wait.</summary>
internal sealed class WaitingCallers(int port, byte[] picture)
{
    private const int AtOnce = 32;
    private readonly List<HttpConnection> _connections = [];

    public async Task ArriveAsync(int count, CancellationToken cancellation)
    {
        var arriving = Enumerable.Range(0, count).Select(_ => new HttpConnection(port, picture)).ToList();
        _connections.AddRange(arriving);
        // One after the other, as callers come; the memory of a crowd at the door would be that of receiving, not of waiting.
        await Parallel.ForEachAsync(arriving, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (connection, stop) =>
        {
            await connection.ConnectAsync(stop);
            await connection.SendAsync(stop);
        });
    }

    /// <summary>How many got another answer than 200.</summary>
    public async Task<int> LeaveAnsweredAsync(CancellationToken cancellation)
    {
        var statuses = await Task.WhenAll(_connections.Select(connection => connection.ReceiveAsync(cancellation).AsTask()));
        _connections.ForEach(connection => connection.Dispose());
        return statuses.Count(status => status != 200);
    }
}
