using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Keda.Inference.Ingress.Callbacks;

/// <summary>
/// Signs callbacks as Standard Webhooks has it: HMAC-SHA256 over id, Unix time and body, so that a receiver can check them with the
/// libraries there are.
/// </summary>
internal sealed class CallbackSigner(byte[] secret)
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;

    public static bool TryReadSecret(string text, out byte[] secret)
    {
        var base64 = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        secret = new byte[base64.Length];
        var valid = Convert.TryFromBase64String(base64, secret, out var length) && length >= MinBytes;
        secret = secret[..(valid ? length : 0)];
        return valid;
    }

    public void Sign(HttpRequestMessage request, string id, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add(IdHeader, id);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Signature(id, timestamp, body));
    }

    public string Signature(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
