using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// Whom a TLS connection to Redis trusts and what it shows of itself, out of PEM files. They are read for every connection, so that
/// renewed ones need no restart.
/// </summary>
internal static class RedisTls
{
    /// <summary>Has every connection of a configuration use the files that the options name.</summary>
    public static void Apply(ConfigurationOptions configuration, RedisOptions options)
    {
        if (options.CaCertificateFile is not { Length: > 0 } && options.ClientCertificateFile is not { Length: > 0 })
            return;
        configuration.SslClientAuthenticationOptions = host => ForConnection(host, configuration, options);
    }

    /// <summary>One line for each option that cannot be used.</summary>
    /// <param name="options">The options.</param>
    /// <param name="encrypted">Whether the connection string asks for TLS.</param>
    public static IEnumerable<string> Validate(RedisOptions options, bool encrypted)
    {
        var authorities = options.CaCertificateFile is { Length: > 0 };
        var certificate = options.ClientCertificateFile is { Length: > 0 };
        if ((authorities || certificate) && !encrypted)
        {
            yield return $"Redis:{(authorities ? nameof(options.CaCertificateFile) : nameof(options.ClientCertificateFile))} is set, but "
                + "Redis:ConnectionString does not say ssl=true: nothing would be encrypted.";
        }

        if (authorities && Problem(() => Authorities(options.CaCertificateFile!)) is { } unusable)
            yield return $"Redis:{nameof(options.CaCertificateFile)} is '{options.CaCertificateFile}'; it must be a PEM file with the authority's certificate: {unusable}";
        if (certificate != options.ClientKeyFile is { Length: > 0 })
            yield return $"Redis:{nameof(options.ClientCertificateFile)} and Redis:{nameof(options.ClientKeyFile)} belong together; give both or neither.";
        else if (certificate && Problem(() => Own(options)) is { } unfit)
            yield return $"Redis:{nameof(options.ClientCertificateFile)} and Redis:{nameof(options.ClientKeyFile)} must be a certificate and its key in PEM: {unfit}";
    }

    private static SslClientAuthenticationOptions ForConnection(string host, ConfigurationOptions configuration, RedisOptions options)
    {
        var connection = new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = configuration.SslProtocols ?? SslProtocols.None };
        if (options.ClientCertificateFile is { Length: > 0 })
            connection.ClientCertificateContext = Own(options);
        if (options.CaCertificateFile is { Length: > 0 } file)
        {
            // Private authorities rarely publish what they revoke; to wait for a list that is nowhere would refuse every server.
            connection.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            connection.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities(file));
        }
        else
        {
            connection.CertificateRevocationCheckMode = configuration.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        }

        return connection;
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate.");
    }

    private static SslStreamCertificateContext Own(RedisOptions options)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(options.ClientCertificateFile!);
        return SslStreamCertificateContext.Create(
            X509Certificate2.CreateFromPemFile(options.ClientCertificateFile!, options.ClientKeyFile), chain, offline: true);
    }

    private static string? Problem(Func<object> load)
    {
        try
        {
            _ = load();
            return null;
        }
        catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return unusable.Message.Split('\n')[0];
        }
    }
}
