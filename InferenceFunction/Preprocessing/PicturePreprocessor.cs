namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// One encoded picture to one item of the model's input, pixel for pixel as torchvision's Resize, CenterCrop, ToTensor and Normalize
/// over PIL. Keeps its buffers; not for concurrent use.
/// </summary>
internal sealed class PicturePreprocessor : IDisposable
{
    private readonly PictureDecoder _decoder;
    private readonly StreamingResampler _resampler;
    private readonly int _resize;
    private readonly int _width;
    private readonly int _height;

    public PicturePreprocessor(PreprocessOptions options, int width, int height)
    {
        (_resize, _width, _height) = (options.Resize, width, height);
        _decoder = new PictureDecoder(options);
        _resampler = new StreamingResampler(new Normaliser(PreprocessOptions.ParseTriple(options.Mean), PreprocessOptions.ParseTriple(options.Deviation)), width, height);
    }

    /// <summary>Floats of one item.</summary>
    public int Length => 3 * _width * _height;

    /// <summary>Writes the planes of red, green and blue.</summary>
    /// <exception cref="UnusableInputException">It is no picture, damaged, or beyond a limit.</exception>
    public unsafe void Process(ReadOnlyMemory<byte> encoded, Span<float> planes)
    {
        if (planes.Length != Length)
            throw new ArgumentException($"The planes have {planes.Length} floats instead of {Length}.", nameof(planes));
        fixed (float* pinned = planes)
        {
            var sink = new Sink(this, pinned);
            _decoder.Decode(encoded, ref sink);
        }
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _resampler.Dispose();
    }

    private readonly unsafe struct Sink(PicturePreprocessor owner, float* planes) : PictureDecoder.IRowSink
    {
        public (int First, int End) Begin(int width, int height)
        {
            owner._resampler.Begin(
                width, height, CropGeometry.For(width, height, owner._resize, owner._width, owner._height));
            return (owner._resampler.FirstRow, owner._resampler.EndRow);
        }

        public void Row(ReadOnlySpan<byte> row) => owner._resampler.Accept(row, new Span<float>(planes, owner.Length));
    }
}
