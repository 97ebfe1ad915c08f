using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Keda.Inference.ExternalScaler.Inspection;

/// <summary>How to reach the scaler that is inspected.</summary>
internal sealed record InspectClientOptions(
    string Address, string? AuthorityPath, string? CertificatePath, string? KeyPath, TimeSpan Timeout);

/// <summary>Opens a channel as KEDA does: cleartext, TLS, or mutual TLS.</summary>
internal static class InspectChannel
{
    public static GrpcChannel Open(InspectClientOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (options.AuthorityPath is { } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(authority);
            tls.CertificateChainPolicy = policy;
        }
        if (options.CertificatePath is { } certificate)
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, options.KeyPath)];
        return GrpcChannel.ForAddress(
            options.Address, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = tls }, DisposeHttpClient = true });
    }
}
