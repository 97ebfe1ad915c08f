using System.Net;
using System.Net.Sockets;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Callbacks;

/// <summary>Says which addresses may be called back, at submission and again at every connection.</summary>
internal sealed class CallbackAddresses(IOptions<IngressOptions> options)
{
    private const int MaxLength = 2048;
    private readonly CallbackOptions _options = options.Value.Callbacks;

    /// <summary>Refuses an address at submission, so that the caller learns of it.</summary>
    public async Task CheckAsync(string callback, CancellationToken cancellation)
    {
        if (_options.Secret is null)
            throw Refused("Callbacks are not set up here: Ingress:Callbacks:Secret is not configured");
        if (callback.Length > MaxLength || !Uri.TryCreate(callback, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw Refused($"It must be an absolute http or https address without user name, at most {MaxLength} characters");
        try
        {
            await ResolveAsync(uri.DnsSafeHost, cancellation);
        }
        catch (SocketException)
        {
            throw Refused("Its host name cannot be resolved");
        }
        catch (HttpRequestException exception)
        {
            throw Refused(exception.Message);
        }
    }

    /// <summary>
    /// Connects to an address that was checked after its name was resolved: a name that points elsewhere by then (DNS rebinding) gains
    /// nothing.
    /// </summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellation);
        if (_options.AllowPrivateAddresses)
            return addresses;
        // One private address among public ones is a trick too.
        return addresses.Length > 0 && addresses.All(PublicAddresses.IsPublic)
            ? addresses
            : throw new HttpRequestException("It leads to an address that is not public, which Ingress:Callbacks:AllowPrivateAddresses forbids");
    }

    private static ProblemException Refused(string why) => new(ProblemKind.InvalidCallback, why + ".");
}
