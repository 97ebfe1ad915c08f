using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>Durations as people write them: 500ms, 30s, 1.5s, 10m, 2h; a bare number is seconds.</summary>
internal static class Durations
{
    public const string Form = "a duration such as 500ms, 30s, 1.5s, 10m or 2h";

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("us", 0.000001), ("s", 1), ("m", 60), ("h", 3600)];

    public static bool TryParse([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        var trimmed = text?.Trim() ?? "";
        var (unit, seconds) = Units.FirstOrDefault(unit => trimmed.EndsWith(unit.Unit, StringComparison.Ordinal), ("", 1));
        var number = trimmed[..^unit.Length];
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || !double.IsFinite(value) || value < 0 || value * seconds > TimeSpan.FromDays(30).TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(value * seconds);
        return true;
    }

    public static TimeSpan Parse(string text, string name) =>
        TryParse(text, out var duration) ? duration : throw new UsageException($"{name}: '{text}' is not {Form}.");
}
