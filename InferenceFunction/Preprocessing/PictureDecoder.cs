using System.Buffers;
using SkiaSharp;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// Decodes a picture to rows of red, green, blue and an unused byte, as PIL's <c>convert('RGB')</c> would show it: alpha is dropped,
/// not blended. Checks the limits before any pixel is decoded.
/// </summary>
internal sealed class PictureDecoder(PreprocessOptions options) : IDisposable
{
    // Enough rows for each call into the codec to be cheap, few enough to stay in the second-level cache.
    private const int StripBytes = 128 * 1024;

    private byte[] _pixels = [];

    /// <summary>What takes the rows.</summary>
    internal interface IRowSink
    {
        /// <summary>Called once, before the first row. Returns the range of rows that are wanted.</summary>
        (int First, int End) Begin(int width, int height);

        /// <summary>One wanted row, padded by <see cref="ResampleKernels.RowPadding"/> readable bytes.</summary>
        void Row(ReadOnlySpan<byte> row);
    }

    /// <summary>Decodes a picture's first frame.</summary>
    /// <exception cref="UnusableInputException">It is no picture, damaged, or beyond a limit.</exception>
    public unsafe void Decode<TSink>(ReadOnlyMemory<byte> encoded, ref TSink sink)
        where TSink : struct, IRowSink
    {
        if (encoded.Length > options.MaxBytes)
            throw new UnusableInputException(InputErrors.TooLarge, $"The picture has {encoded.Length} bytes; at most {options.MaxBytes} are allowed.");
        if (encoded.IsEmpty)
            throw new UnusableInputException(InputErrors.Undecodable, "The picture is empty.");
        using var pin = encoded.Pin();
        using var data = SKData.Create((nint)pin.Pointer, encoded.Length);
        using var codec = SKCodec.Create(data) ?? throw new UnusableInputException(
            InputErrors.Undecodable, "The data is no picture in a known format (JPEG, PNG, WebP, GIF, BMP).");
        CheckLimits(codec);
        var scaled = ScaledSize(codec);
        var info = new SKImageInfo(scaled.Width, scaled.Height, SKColorType.Rgba8888, AlphaOf(codec), null);
        var turned = options.HonourOrientation && codec.EncodedOrigin != SKEncodedOrigin.TopLeft;
        if (turned || !TryStream(codec, info, ref sink))
            DecodeWhole(codec, info, turned ? codec.EncodedOrigin : SKEncodedOrigin.TopLeft, ref sink);
    }

    public void Dispose() => Release();

    private void CheckLimits(SKCodec codec)
    {
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1)
            throw new UnusableInputException(InputErrors.Undecodable, "The picture has no pixels.");
        if ((long)width * height > options.MaxPixels)
            throw new UnusableInputException(
                InputErrors.TooLarge, $"The picture has {width} x {height} pixels; at most {options.MaxPixels} are allowed.");
        if (codec.EncodedFormat is SKEncodedImageFormat.Gif or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Png
            && codec.FrameCount > options.MaxFrames)
            throw new UnusableInputException(
                InputErrors.TooManyFrames, $"The picture has {codec.FrameCount} frames; at most {options.MaxFrames} are allowed.");
    }

    private static SKAlphaType AlphaOf(SKCodec codec) =>
        codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;

    private SKSizeI ScaledSize(SKCodec codec)
    {
        var full = new SKSizeI(codec.Info.Width, codec.Info.Height);
        if (!options.ScaledDecode || codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
            return full;
        foreach (var eighths in (ReadOnlySpan<int>)[1, 2, 4])
        {
            var scaled = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(scaled.Width, scaled.Height) >= options.Resize * 2)
                return scaled;
        }

        return full;
    }

    private unsafe bool TryStream<TSink>(SKCodec codec, SKImageInfo info, ref TSink sink)
        where TSink : struct, IRowSink
    {
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png)
            || codec.StartScanlineDecode(info) != SKCodecResult.Success
            || codec.ScanlineOrder != SKCodecScanlineOrder.TopDown)
            return false;
        var (first, end) = sink.Begin(info.Width, info.Height);
        var rowBytes = info.RowBytes;
        var rows = Math.Clamp(StripBytes / rowBytes, 1, info.Height);
        Reserve(checked((rows * rowBytes) + ResampleKernels.RowPadding));
        fixed (byte* pixels = _pixels)
        {
            if (first > 0 && !codec.SkipScanlines(first))
                throw Damaged(SKCodecResult.IncompleteInput);
            for (var row = first; row < end;)
            {
                var wanted = Math.Min(rows, end - row);
                if (codec.GetScanlines((nint)pixels, wanted, rowBytes) != wanted)
                    throw Damaged(SKCodecResult.IncompleteInput);
                for (var i = 0; i < wanted; i++, row++)
                    sink.Row(_pixels.AsSpan(i * rowBytes, rowBytes + ResampleKernels.RowPadding));
            }

            // The rows below the crop are not needed, but a truncated file must not pass because its loss is down there. Skipping does
            // not notice it; reading the last row does.
            var below = info.Height - end;
            if ((below > 1 && !codec.SkipScanlines(below - 1)) || (below > 0 && codec.GetScanlines((nint)pixels, 1, rowBytes) != 1))
                throw Damaged(SKCodecResult.IncompleteInput);
        }

        return true;
    }

    private static unsafe void DecodeWhole<TSink>(SKCodec codec, SKImageInfo info, SKEncodedOrigin origin, ref TSink sink)
        where TSink : struct, IRowSink
    {
        // Not pooled: a pool would keep the memory of the largest picture that ever came.
        using var pixels = new NativeBuffer(info.BytesSize64 + ResampleKernels.RowPadding);
        var result = codec.GetPixels(info, (nint)pixels.Pointer, info.RowBytes, SKCodecOptions.Default);
        if (result != SKCodecResult.Success)
            throw Damaged(result);
        if (origin == SKEncodedOrigin.TopLeft)
        {
            Deliver(pixels.Pointer, info.Width, info.Height, ref sink);
            return;
        }

        using var turned = new NativeBuffer(pixels.Length);
        var (width, height) = ExifOrientation.Apply(
            (uint*)pixels.Pointer, info.Width, info.Height, origin, (uint*)turned.Pointer);
        Deliver(turned.Pointer, width, height, ref sink);
    }

    private static unsafe void Deliver<TSink>(byte* pixels, int width, int height, ref TSink sink)
        where TSink : struct, IRowSink
    {
        var (first, end) = sink.Begin(width, height);
        for (var row = first; row < end; row++)
            sink.Row(new ReadOnlySpan<byte>(pixels + ((long)row * width * 4), (width * 4) + ResampleKernels.RowPadding));
    }

    private static UnusableInputException Damaged(SKCodecResult result) => new(
        InputErrors.Undecodable,
        result == SKCodecResult.IncompleteInput ? "The picture is truncated." : $"The picture is damaged ({result}).");

    private void Reserve(int bytes)
    {
        if (_pixels.Length >= bytes)
            return;
        Release();
        _pixels = ArrayPool<byte>.Shared.Rent(bytes);
    }

    private void Release()
    {
        if (_pixels.Length > 0)
            ArrayPool<byte>.Shared.Return(_pixels);
        _pixels = [];
    }
}
