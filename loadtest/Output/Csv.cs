using System.Globalization;

namespace Keda.Inference.LoadTest.Output;

/// <summary>Comma-separated values as spreadsheets and pandas read them; unknown is an empty field.</summary>
internal static class Csv
{
    public static async Task WriteAsync(string path, string header, IEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(path);
        await writer.WriteLineAsync(header.AsMemory(), cancellation);
        foreach (var row in rows)
            await writer.WriteLineAsync(string.Join(',', row.Select(Field)).AsMemory(), cancellation);
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        double number => double.IsFinite(number) ? number.ToString("0.######", CultureInfo.InvariantCulture) : "",
        string text when text.AsSpan().ContainsAny(",\"\r\n") => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        bool flag => flag ? "1" : "0",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
