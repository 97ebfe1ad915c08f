using System.CommandLine;
using Spectre.Console;

namespace Keda.Inference.InferenceFunction.Models.Fetch;

/// <summary><c>model fetch</c>: the ONNX zoo's ResNet18 into the cache.</summary>
internal static class FetchCommand
{
    private static readonly TimeSpan s_stallTimeout = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var url = UrlOption();
        var output = new Option<string?>("--output")
        {
            Description = "The file to write. Default: resnet18-v1-7.onnx in the cache, where a worker finds it by itself.",
        };
        var sha256 = Sha256Option();
        var size = SizeOption();
        var cache = ModelCommands.CacheOption();
        var command = new Command("fetch", "Download the ONNX zoo's trained ResNet18, going on where an earlier try broke off, and check it.")
        {
            url, output, sha256, size, cache,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var hash = parsed.GetRequiredValue(sha256);
            var path = parsed.GetValue(output) ?? ModelCache.In(parsed.GetValue(cache)).Fetched;
            var isZoos = hash.Equals(DownloadRequest.ZooSha256, StringComparison.OrdinalIgnoreCase);
            var length = parsed.GetValue(size) ?? (isZoos ? DownloadRequest.ZooSize : null);
            var request = new DownloadRequest(new Uri(parsed.GetRequiredValue(url)), path, hash, length);
            return ModelCommands.RunAsync(parsed, console => FetchAsync(request, console, cancellationToken));
        });
        return command;
    }

    private static Option<string> UrlOption()
    {
        var url = new Option<string>("--url")
        {
            Description = "Where to download from; a mirror must give the same file unless --sha256 says otherwise.",
            DefaultValueFactory = _ => DownloadRequest.ZooUrl.ToString(),
        };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValue(url), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                result.AddError($"--url must be an http or https address, not '{result.GetValue(url)}'.");
        });
        return url;
    }

    private static Option<string> Sha256Option()
    {
        var sha256 = new Option<string>("--sha256")
        {
            Description = "The SHA-256 the file must have, 64 hexadecimal digits.",
            DefaultValueFactory = _ => DownloadRequest.ZooSha256,
        };
        sha256.Validators.Add(result =>
        {
            if (result.GetValue(sha256) is not { Length: 64 } text || !text.All(char.IsAsciiHexDigit))
                result.AddError("--sha256 must be 64 hexadecimal digits.");
        });
        return sha256;
    }

    private static Option<long?> SizeOption()
    {
        var size = new Option<long?>("--size")
        {
            Description = $"The length the file must have, in bytes. Default: {DownloadRequest.ZooSize} for the zoo's file, unchecked with a --sha256 of your own.",
        };
        size.Validators.Add(result =>
        {
            if (result.GetValue(size) is < 1 or > DownloadRequest.MostBytes)
                result.AddError($"--size must be 1 to {DownloadRequest.MostBytes} bytes.");
        });
        return size;
    }

    private static async Task FetchAsync(DownloadRequest request, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (await ModelDownload.IsDoneAsync(request, cancellationToken))
        {
            console.Say($"{request.Output} is there already, with the right SHA-256.");
            return;
        }

        console.Say($"Downloading {request.Url}");
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("keda-inference");
        var download = new ModelDownload(http, TimeProvider.System, s_stallTimeout);
        await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("download", maxValue: request.Size ?? DownloadRequest.MostBytes);
                await download.RunAsync(
                    request,
                    (done, total) =>
                    {
                        task.MaxValue = total ?? task.MaxValue;
                        task.Value = done;
                    },
                    cancellationToken);
                task.Value = task.MaxValue;
            });
        console.Say($"Saved {request.Output} ({new FileInfo(request.Output).Length} bytes), SHA-256 as expected.");
    }
}
