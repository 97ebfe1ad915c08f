namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>Which pixels of which resized picture are wanted: torchvision's Resize(short side) and CenterCrop.</summary>
/// <param name="ResizedWidth">Width after the resize. A thread-thin picture's long side can exceed 32 bits.</param>
/// <param name="ResizedHeight">Height after the resize.</param>
/// <param name="Left">First column of the crop.</param>
/// <param name="Top">First row of the crop.</param>
internal readonly record struct CropGeometry(long ResizedWidth, long ResizedHeight, long Left, long Top)
{
    public static CropGeometry For(int width, int height, int resize, int cropWidth, int cropHeight)
    {
        // int(resize * long / short) of torchvision: an exact product, one rounded division, truncated.
        var longSide = (long)((double)((long)resize * Math.Max(width, height)) / Math.Min(width, height));
        (long resizedWidth, long resizedHeight) = width <= height ? (resize, longSide) : (longSide, (long)resize);
        return new CropGeometry(
            resizedWidth, resizedHeight, Centre(resizedWidth, cropWidth), Centre(resizedHeight, cropHeight));
    }

    // Python's round(): half to even.
    private static long Centre(long size, int crop) => (long)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);
}
