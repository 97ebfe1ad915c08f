using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Keda.Inference.ExternalScaler.Hosting;

namespace Keda.Inference.ExternalScaler.Tls;

/// <summary>
/// The gRPC port's certificate and the authorities of its clients, out of mounted files. They are looked at again when a connection is made,
/// because a mounted secret changes by a swapped link, which file watchers miss. Files that cannot be used leave the former ones in force.
/// </summary>
internal sealed partial class TlsFiles
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ScalerTlsOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private ILogger? _logger;
    private Loaded _loaded;
    private long _lookedAt;

    /// <exception cref="CryptographicException">The files cannot be used.</exception>
    public TlsFiles(ScalerTlsOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _loaded = Load(Stamp());
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Where to say that the files changed.</summary>
    public void LogTo(ILogger logger) => _logger = logger;

    /// <summary>What a new connection is served with.</summary>
    public SslServerAuthenticationOptions ForConnection()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_lookedAt) >= LookAgain)
            {
                _lookedAt = _time.GetTimestamp();
                Refresh();
            }
            var options = new SslServerAuthenticationOptions { ServerCertificateContext = _loaded.Certificate };
            if (_loaded.Clients is { } authorities)
            {
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
                };
                options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }
            return options;
        }
    }

    private void Refresh()
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _loaded.Stamp)
                return;
            _loaded = Load(stamp);
            if (_logger is not null)
                LogReloaded(_logger, _loaded.Certificate.TargetCertificate.Subject, _loaded.Certificate.TargetCertificate.NotAfter);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            if (_logger is not null)
                LogKept(_logger, error.Message);
        }
    }

    private Loaded Load(string stamp)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_options.CertificatePath!);
        var certificate = X509Certificate2.CreateFromPemFile(_options.CertificatePath!, _options.KeyPath);
        X509Certificate2Collection? clients = null;
        if (_options.ClientCaPath is { Length: > 0 } path)
        {
            clients = [];
            clients.ImportFromPemFile(path);
            if (clients.Count == 0)
                throw new CryptographicException($"{path} has no certificate in it.");
        }
        return new Loaded(SslStreamCertificateContext.Create(certificate, chain, offline: true), clients, stamp);
    }

    private string Stamp() => string.Join(
        '|',
        new[] { _options.CertificatePath, _options.KeyPath, _options.ClientCaPath }.OfType<string>().Where(path => path.Length > 0)
            .Select(path => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path)
            .Select(path => $"{path}:{File.GetLastWriteTimeUtc(path).Ticks}:{new FileInfo(path).Length}"));

    [LoggerMessage(LogLevel.Information, "The TLS files changed; serving {Subject}, valid until {NotAfter}.")]
    private static partial void LogReloaded(ILogger logger, string subject, DateTime notAfter);

    [LoggerMessage(LogLevel.Error, "The TLS files changed and cannot be used; the former ones stay in force: {Reason}")]
    private static partial void LogKept(ILogger logger, string reason);

    private sealed record Loaded(SslStreamCertificateContext Certificate, X509Certificate2Collection? Clients, string Stamp);
}
