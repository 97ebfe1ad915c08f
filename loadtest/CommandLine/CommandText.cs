using System.Buffers;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>The command line as it goes into a report: everything that was asked for, without the secrets in request headers.</summary>
internal static class CommandText
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" <>|&;'\"");

    public static string Of(ParseResult parsed)
    {
        var words = new List<string>();
        var hidesNext = false;
        foreach (var token in parsed.Tokens)
        {
            words.Add(hidesNext && token.Type == TokenType.Argument ? Quote($"{token.Value.Split(':')[0]}: …") : Quote(token.Value));
            hidesNext = token.Value is "--header" or "-H";
        }

        return string.Join(' ', words);
    }

    private static string Quote(string word) => word.AsSpan().ContainsAny(NeedQuotes) ? $"'{word}'" : word;
}
