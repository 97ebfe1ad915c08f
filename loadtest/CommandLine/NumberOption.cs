using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>Number options that say which values are right.</summary>
internal static class NumberOption
{
    /// <summary>A number with a default.</summary>
    public static Option<double> Create(string name, string description, double standard, double above, double atMost) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Parse(result, name, above, atMost),
    };

    /// <summary>A number that may be left out.</summary>
    public static Option<double?> Optional(string name, string description, double above, double atMost) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, name, above, atMost),
    };

    /// <summary>A whole number with a default.</summary>
    public static Option<int> Whole(string name, string description, int standard, int from, int to) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to)
                return number;
            result.AddError($"{name}: '{text}' is not a whole number from {from} to {to}.");
            return default;
        },
    };

    private static double Parse(ArgumentResult result, string name, double above, double atMost)
    {
        var text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > above && number <= atMost)
            return number;
        result.AddError($"{name}: '{text}' is not a number above {above} and at most {atMost}.");
        return default;
    }
}
