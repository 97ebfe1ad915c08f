using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Keda.Inference.Ingress.Tests;

/// <summary>A connection that sends exactly the bytes it is told, for what no well-behaved client sends.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        return connection;
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>The status of the answer and everything that came; 0 when the connection was closed without one.</summary>
    public async Task<(int Status, string Text)> ReadAnswerAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while (!Complete(text.ToString()) && await Stream.ReadAsync(buffer, limit.Token) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: what has come counts.
        }

        var answer = text.ToString();
        return (answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0, answer);
    }

    public void Dispose() => _client.Dispose();

    private static bool Complete(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0 || at > head)
            return text.Contains("\r\n0\r\n\r\n", StringComparison.Ordinal);
        var length = int.Parse(text.AsSpan(at + 16, text.IndexOf('\r', at) - at - 16), CultureInfo.InvariantCulture);
        return text.Length >= head + 4 + length;
    }
}
