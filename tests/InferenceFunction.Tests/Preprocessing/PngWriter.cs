using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>Writes PNG files of any colour type and depth, true or lying about their size.</summary>
internal static class PngWriter
{
    public const byte Grey = 0;
    public const byte Colour = 2;
    public const byte Palette = 3;
    public const byte GreyAlpha = 4;
    public const byte ColourAlpha = 6;

    /// <param name="width">Width in the header.</param>
    /// <param name="height">Height in the header.</param>
    /// <param name="depth">Bits for each sample.</param>
    /// <param name="type">The colour type.</param>
    /// <param name="rows">The rows' bytes, without filters.</param>
    /// <param name="extra">Chunks between header and data.</param>
    public static byte[] Write(int width, int height, byte depth, byte type, IEnumerable<byte[]> rows, params (string Name, byte[] Data)[] extra)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, type);
        Chunk(png, "IHDR", header);
        foreach (var (name, data) in extra)
            Chunk(png, name, data);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        Chunk(png, "IDAT", packed.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static void Chunk(Stream png, string name, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. data];
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        png.Write(number);
    }
}
