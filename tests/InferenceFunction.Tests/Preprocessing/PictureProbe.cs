using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>Runs the preprocessing so that its planes are plain levels 0…255.</summary>
internal static class PictureProbe
{
    public static byte[] Bytes(ReadOnlyMemory<byte> encoded, PreprocessOptions options, int size = 224)
    {
        options.Mean = "0,0,0";
        options.Deviation = "1,1,1";
        using var preprocessor = new PicturePreprocessor(options, size, size);
        var planes = new float[preprocessor.Length];
        preprocessor.Process(encoded, planes);
        return Array.ConvertAll(planes, value => (byte)MathF.Round(value * 255f));
    }
}
