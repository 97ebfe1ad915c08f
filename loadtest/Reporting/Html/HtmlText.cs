using System.Globalization;
using System.Net;
using System.Text;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>HTML whose inserted values are always encoded.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Markup of ours; values in braces are encoded.</summary>
    public HtmlText Add(FormattableString markup)
    {
        _text.Append(markup.ToString(Encoding.Instance));
        return this;
    }

    /// <summary>Markup that is complete already, such as a chart.</summary>
    public HtmlText AddMarkup(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>A table; the first column is text, the others are numbers.</summary>
    public HtmlText AddTable(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Add($"<table><caption>{caption}</caption><thead><tr>");
        foreach (var cell in header)
            Add($"<th scope=\"col\">{cell}</th>");
        Add($"</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Add($"<tr><th scope=\"row\">{row[0]}</th>");
            foreach (var cell in row.Skip(1))
                Add($"<td>{cell}</td>");
            Add($"</tr>");
        }

        return Add($"</tbody></table>");
    }

    public override string ToString() => _text.ToString();

    private sealed class Encoding : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoding Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => WebUtility.HtmlEncode(
            arg is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString() ?? "");
    }
}
