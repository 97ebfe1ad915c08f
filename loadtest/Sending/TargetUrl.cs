using System.CommandLine.Parsing;

namespace Keda.Inference.LoadTest.Sending;

/// <summary><c>--target</c>: where requests are posted; without a path, <c>/predict</c> is added.</summary>
internal static class TargetUrl
{
    /// <summary>Reads the option's value; null, with an error on the result, when it is no http(s) URL.</summary>
    public static Uri? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url.AbsolutePath == "/" ? new Uri(url, "/predict") : url;
        result.AddError($"--target: '{text}' is not an http(s) URL such as http://127.0.0.1:8080.");
        return null;
    }
}
