using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Submission;

/// <summary>What the headers of a submission ask for.</summary>
/// <param name="Timeout">The deadline, from now.</param>
/// <param name="IdempotencyKey">The key as the queue knows it, or null.</param>
/// <param name="RespondAsync">Whether the caller prefers 202 and will come back.</param>
/// <param name="WaitFirst">How long to wait for the answer before that.</param>
/// <param name="Callback">Where to tell the end, or null.</param>
internal sealed record SubmissionHeaders(
    TimeSpan Timeout, string? IdempotencyKey, bool RespondAsync, TimeSpan WaitFirst, string? Callback)
{
    public const string TimeoutHeader = "X-Request-Timeout";
    public const string IdempotencyHeader = "Idempotency-Key";
    public const string CallbackHeader = "X-Callback-Url";

    public static SubmissionHeaders Read(HttpContext http, TimeSpan defaultTimeout, TimeSpan maxTimeout)
    {
        var headers = http.Request.Headers;
        var (respondAsync, wait) = ReadPreference(headers["Prefer"].ToString());
        return new(
            ReadTimeout(headers[TimeoutHeader].ToString(), defaultTimeout, maxTimeout),
            ReadKey(headers[IdempotencyHeader].ToString(), http.User.Identity?.Name),
            respondAsync, wait,
            headers[CallbackHeader].ToString() is { Length: > 0 } callback ? callback : null);
    }

    private static TimeSpan ReadTimeout(string value, TimeSpan @default, TimeSpan max)
    {
        if (value.Length == 0)
            return @default < max ? @default : max;
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || !(seconds >= 0.001) || seconds > max.TotalSeconds)
        {
            throw new ProblemException(
                ProblemKind.InvalidHeader, $"{TimeoutHeader} must be seconds, above 0 and at most {max.TotalSeconds}.");
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private static string? ReadKey(string value, string? caller)
    {
        if (value.Length == 0)
            return null;
        if (value.Length > 255 || value.Any(c => c is < ' ' or > '~'))
            throw new ProblemException(ProblemKind.InvalidHeader, $"{IdempotencyHeader} must be 1 to 255 printable ASCII characters.");
        // Of fixed size, and two callers may use the same key.
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{value}")).AsSpan(0, 16));
    }

    private static (bool RespondAsync, TimeSpan Wait) ReadPreference(string value)
    {
        var respondAsync = false;
        var wait = TimeSpan.Zero;
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
                respondAsync = true;
            else if (part.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                     && int.TryParse(part.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                wait = TimeSpan.FromSeconds(Math.Min(seconds, 3600));
        }

        return (respondAsync, wait);
    }
}
