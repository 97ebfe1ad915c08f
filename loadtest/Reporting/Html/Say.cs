using System.Globalization;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>Numbers as the report shows them; unknown is a dash.</summary>
internal static class Say
{
    public const string Unknown = "–";

    public static string Share(double? value) => value is { } known ? (known * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %" : Unknown;

    public static string Number(double? value, string format = "0.#") => value is { } known ? known.ToString(format, CultureInfo.InvariantCulture) : Unknown;

    /// <summary>Milliseconds below a second, seconds above.</summary>
    public static string Latency(double? milliseconds) => milliseconds >= 1000 ? (milliseconds.Value / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " s" : Milliseconds(milliseconds);

    public static string Milliseconds(double? value) => value is { } known ? known.ToString("0", CultureInfo.InvariantCulture) + " ms" : Unknown;

    public static string Seconds(double? milliseconds) => milliseconds is { } known ? (known / 1000).ToString("0.00", CultureInfo.InvariantCulture) + " s" : Unknown;
}
