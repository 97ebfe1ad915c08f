using System.Net;
using Keda.Inference.Ingress.Callbacks;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Reports every unusable setting at once.</summary>
internal sealed class IngressOptionsValidator : IValidateOptions<IngressOptions>
{
    public ValidateOptionsResult Validate(string? name, IngressOptions options)
    {
        var errors = new List<string>();
        void Require(bool holds, string setting, object? value, string rule)
        {
            if (!holds)
                errors.Add($"{IngressOptions.Section}:{setting} is '{value}', but must be {rule}.");
        }

        Require(options.Port is >= 0 and <= 65535, "Port", options.Port, "0 to 65535");
        Require(IPAddress.TryParse(options.BindAddress, out _), "BindAddress", options.BindAddress, "an IP address such as 0.0.0.0");
        Require(options.MaxBodyBytes is >= 1024 and <= 1 << 30, "MaxBodyBytes", options.MaxBodyBytes, "1024 to 1073741824");
        Require(options.MaxBufferedBytes >= options.MaxBodyBytes, "MaxBufferedBytes", options.MaxBufferedBytes, "at least MaxBodyBytes");
        Require(options.MinBodyBytesPerSecond >= 0, "MinBodyBytesPerSecond", options.MinBodyBytesPerSecond, "0 (no limit) or more");
        Require(options.HeadersTimeoutSeconds is > 0 and <= 300, "HeadersTimeoutSeconds", options.HeadersTimeoutSeconds, "above 0, at most 300");
        Require(options.MaxHeaderBytes is >= 1024 and <= 1 << 20, "MaxHeaderBytes", options.MaxHeaderBytes, "1024 to 1048576");
        Require(options.MaxHeaderCount is >= 16 and <= 1000, "MaxHeaderCount", options.MaxHeaderCount, "16 to 1000");
        Require(options.MaxConnections >= 1, "MaxConnections", options.MaxConnections, "at least 1");
        Require(options.MaxLiveStreams >= 0, "MaxLiveStreams", options.MaxLiveStreams, "0 or more");
        Require(options.DefaultTimeoutSeconds is > 0 and <= 3600, "DefaultTimeoutSeconds", options.DefaultTimeoutSeconds, "above 0, at most 3600");
        Require(options.MaxBatchItems is >= 1 and <= 1000, "MaxBatchItems", options.MaxBatchItems, "1 to 1000");
        Require(options.SweepIntervalSeconds is >= 0.1 and <= 60, "SweepIntervalSeconds", options.SweepIntervalSeconds, "0.1 to 60");
        Require(options.DrainDelaySeconds is >= 0 and <= 300, "DrainDelaySeconds", options.DrainDelaySeconds, "0 to 300");
        Require(options.DrainTimeoutSeconds is >= 0 and <= 3600, "DrainTimeoutSeconds", options.DrainTimeoutSeconds, "0 to 3600");
        ValidateFunctions(options.Functions, Require);
        ValidateKeys(options.ApiKeys, Require);
        ValidateCallbacks(options.Callbacks, Require);
        for (var i = 0; i < options.CorsOrigins.Count; i++)
        {
            var origin = options.CorsOrigins[i];
            Require(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority) == origin,
                $"CorsOrigins:{i}", origin, "scheme and host such as https://example.org");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void ValidateFunctions(List<string> functions, Action<bool, string, object?, string> require)
    {
        for (var i = 0; i < functions.Count; i++)
            require(FunctionNames.IsValid(functions[i]), $"Functions:{i}", functions[i], "1 to 63 of a-z, 0-9, '-' and '.'");
        require(functions.Distinct().Count() == functions.Count, "Functions", string.Join(',', functions), "without repetition");
    }

    private static void ValidateKeys(List<ApiKeyOptions> keys, Action<bool, string, object?, string> require)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i];
            require(key.Name.Length is > 0 and <= 64, $"ApiKeys:{i}:Name", key.Name, "1 to 64 characters");
            require(
                key.Sha256.Length == 64 && key.Sha256.All(char.IsAsciiHexDigit), $"ApiKeys:{i}:Sha256",
                $"{key.Sha256.Length} characters", "the 64 hexadecimal digits that 'printf %s KEY | sha256sum' prints");
            require(key.RequestsPerSecond is >= 0 and <= 1e6, $"ApiKeys:{i}:RequestsPerSecond", key.RequestsPerSecond, "0 to 1000000");
            require(key.Burst is >= 0 and <= 1_000_000, $"ApiKeys:{i}:Burst", key.Burst, "0 to 1000000");
        }

        require(keys.Select(key => key.Name).Distinct().Count() == keys.Count, "ApiKeys", "…", "a list of different names");
    }

    private static void ValidateCallbacks(CallbackOptions callbacks, Action<bool, string, object?, string> require)
    {
        // The value is a secret, so it is never repeated.
        require(
            callbacks.Secret is null || CallbackSigner.TryReadSecret(callbacks.Secret, out _), "Callbacks:Secret", "(hidden)",
            "at least 24 bytes in base64, with or without the prefix whsec_");
        require(callbacks.TimeoutSeconds is > 0 and <= 300, "Callbacks:TimeoutSeconds", callbacks.TimeoutSeconds, "above 0, at most 300");
        require(callbacks.MaxTries is >= 1 and <= 100, "Callbacks:MaxTries", callbacks.MaxTries, "1 to 100");
        require(callbacks.FirstPauseSeconds is > 0 and <= 3600, "Callbacks:FirstPauseSeconds", callbacks.FirstPauseSeconds, "above 0, at most 3600");
        require(callbacks.PollSeconds is >= 0.05 and <= 60, "Callbacks:PollSeconds", callbacks.PollSeconds, "0.05 to 60");
    }
}

internal static class FunctionNames
{
    public static bool IsValid(string name) =>
        name.Length is >= 1 and <= 63 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}
