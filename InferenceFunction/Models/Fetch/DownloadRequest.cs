namespace Keda.Inference.InferenceFunction.Models.Fetch;

/// <summary>A file to download and what it must turn out to be.</summary>
/// <param name="Url">Where from.</param>
/// <param name="Output">Where to.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal digits.</param>
/// <param name="Size">Its length in bytes, or null when only the SHA-256 is known.</param>
internal sealed record DownloadRequest(Uri Url, string Output, string Sha256, long? Size)
{
    /// <summary>No model that is served here comes near this; a server that sends more is stopped.</summary>
    public const long MostBytes = 2L << 30;

    public const long ZooSize = 46_820_737;

    public const string ZooSha256 = "4e8f8653e7a2222b3904cc3fe8e304cd8b339ce1d05fd24688162f86fb6df52c";

    /// <summary>The ONNX zoo's ResNet18.</summary>
    public static Uri ZooUrl { get; } =
        new("https://github.com/onnx/models/raw/main/validated/vision/classification/resnet/model/resnet18-v1-7.onnx");

    /// <summary>What has arrived so far; kept when the download breaks off.</summary>
    public string PartFile => Output + ".part";
}
