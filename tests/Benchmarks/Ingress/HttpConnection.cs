using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>
/// A kept-alive connection that sends the same picture again and again with as little work as possible: what the client costs is missing
/// from the cores that the server has.
/// </summary>
internal sealed class HttpConnection(int port, byte[] picture) : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[4096];
    private readonly byte[] _request =
    [
        .. Encoding.ASCII.GetBytes($"POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n"),
        .. picture,
    ];

    public Task ConnectAsync(CancellationToken cancellation) => _socket.ConnectAsync(IPAddress.Loopback, port, cancellation).AsTask();

    public async ValueTask SendAsync(CancellationToken cancellation)
    {
        for (var sent = 0; sent < _request.Length;)
            sent += await _socket.SendAsync(_request.AsMemory(sent), cancellation);
    }

    /// <summary>The answer's status.</summary>
    public async ValueTask<int> ReceiveAsync(CancellationToken cancellation)
    {
        var received = 0;
        while (!IsComplete(_answer.AsSpan(0, received)))
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(received), cancellation);
            if (read == 0)
                throw new IOException("The ingress closed the connection.");
            received += read;
        }

        return int.Parse(_answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public async ValueTask<int> AskAsync(CancellationToken cancellation)
    {
        await SendAsync(cancellation);
        return await ReceiveAsync(cancellation);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        var length = answer.IndexOf("Content-Length: "u8);
        if (length < 0 || length > head)
            return answer.EndsWith("\r\n0\r\n\r\n"u8);
        var digits = answer[(length + 16)..];
        return answer.Length == head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
