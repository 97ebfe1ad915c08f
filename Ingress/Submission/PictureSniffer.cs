using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Tells pictures by their first bytes, whatever the request says they are.</summary>
internal static class PictureSniffer
{
    /// <summary>Bytes that decide.</summary>
    public const int Needed = 12;

    public const string Supported = "JPEG, PNG, WebP, GIF and BMP";

    /// <summary>The media type, or null for anything else.</summary>
    public static string? Sniff(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        _ => null,
    };

    public static string SniffOrThrow(ReadOnlySpan<byte> picture) => Sniff(picture)
        ?? throw new ProblemException(ProblemKind.NotAPicture, $"The first bytes are of none of the supported formats: {Supported}.");

    /// <summary>Refuses what is no picture as soon as its first bytes are there.</summary>
    public static bool LookEarly(ReadOnlySpan<byte> soFar)
    {
        if (soFar.Length < Needed)
            return false;
        SniffOrThrow(soFar);
        return true;
    }
}
