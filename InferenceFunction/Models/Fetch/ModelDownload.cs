using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Keda.Inference.InferenceFunction.Models.Fetch;

/// <summary>
/// Downloads a file into <c>OUTPUT.part</c>, goes on where an earlier try broke off, checks length and hash, and only then gives it its
/// name.
/// </summary>
internal sealed class ModelDownload(HttpClient http, TimeProvider clock, TimeSpan stallTimeout)
{
    /// <summary>Whether the file is there already and is the right one.</summary>
    public static async Task<bool> IsDoneAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        if (!File.Exists(request.Output))
            return false;
        await using var file = File.OpenRead(request.Output);
        return (request.Size is null || file.Length == request.Size)
            && Matches(await SHA256.HashDataAsync(file, cancellationToken), request);
    }

    /// <summary>Downloads; <paramref name="progress"/> is told the bytes so far and the length, once that is known.</summary>
    /// <exception cref="ModelException">It could not be downloaded, or is not what it should be.</exception>
    public async Task RunAsync(DownloadRequest request, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(request.Output))!);
            await using (var part = OpenPart(request))
            {
                await FillAsync(request, part, progress, cancellationToken);
                await VerifyAsync(request, part, cancellationToken);
            }

            File.Move(request.PartFile, request.Output, overwrite: true);
        }
        catch (WrongContentException error)
        {
            File.Delete(request.PartFile);
            throw new ModelException($"{error.Message} The file was deleted.", error) { ExitCode = 1 };
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            var kept = File.Exists(request.PartFile) && new FileInfo(request.PartFile).Length is > 0 and var length
                ? $" {length} bytes are kept in {request.PartFile}: run the command again to go on from there."
                : "";
            throw new ModelException($"{request.Url} could not be downloaded to {request.Output}: {error.Message}{kept}", error) { ExitCode = 1 };
        }
    }

    private static FileStream OpenPart(DownloadRequest request)
    {
        try
        {
            return new FileStream(request.PartFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16, useAsync: true);
        }
        catch (IOException error) when (File.Exists(request.PartFile))
        {
            throw new IOException($"{request.PartFile} is in use; another download may be running. ({error.Message})", error);
        }
    }

    private async Task FillAsync(DownloadRequest request, FileStream part, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        if (part.Length > (request.Size ?? DownloadRequest.MostBytes))
            part.SetLength(0);
        if (part.Length > 0 && part.Length == request.Size)
            return;

        using var response = await SendAsync(request, part, cancellationToken);
        var most = request.Size ?? DownloadRequest.MostBytes;
        var total = part.Length + response.Content.Headers.ContentLength;
        if (total is not null && (total > most || (request.Size is not null && total != request.Size)))
            throw new WrongContentException($"{request.Url} has {total} bytes, and {Expected(request)} were expected.");

        part.Seek(0, SeekOrigin.End);
        progress(part.Position, total ?? request.Size);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[1 << 16];
        while (await WithinAsync(token => body.ReadAsync(buffer, token), cancellationToken) is > 0 and var read)
        {
            if (part.Position + read > most)
                throw new WrongContentException($"{request.Url} sends more than the {Expected(request)} bytes that were expected.");
            await part.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress(part.Position, total ?? request.Size);
        }

        await part.FlushAsync(cancellationToken);
        if (total is not null && part.Length < total)
            throw new IOException($"the connection ended after {part.Length} of {total} bytes.");
    }

    // Asks for the rest of a begun file; a server that cannot send a part, or whose part does not fit on, makes it start over.
    private async Task<HttpResponseMessage> SendAsync(DownloadRequest request, FileStream part, CancellationToken cancellationToken)
    {
        while (true)
        {
            var begun = part.Length;
            using var message = new HttpRequestMessage(HttpMethod.Get, request.Url);
            if (begun > 0)
                message.Headers.Range = new RangeHeaderValue(begun, null);
            var response = await WithinAsync(
                token => new ValueTask<HttpResponseMessage>(http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token)),
                cancellationToken);

            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    part.SetLength(0);
                    return response;
                case HttpStatusCode.PartialContent when begun > 0 && response.Content.Headers.ContentRange?.From == begun:
                    return response;
                case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable when begun > 0:
                    response.Dispose();
                    part.SetLength(0);
                    continue;
                default:
                    var answer = $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}.";
                    response.Dispose();
                    throw new HttpRequestException(answer);
            }
        }
    }

    private async ValueTask<T> WithinAsync<T>(Func<CancellationToken, ValueTask<T>> act, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(stallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stall.Token);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"nothing arrived for {stallTimeout.TotalSeconds:0} s.");
        }
    }

    private static async Task VerifyAsync(DownloadRequest request, FileStream part, CancellationToken cancellationToken)
    {
        if (request.Size is { } size && part.Length != size)
            throw new WrongContentException($"{request.Url} gave {part.Length} bytes, and {size} were expected.");
        part.Position = 0;
        var hash = await SHA256.HashDataAsync(part, cancellationToken);
        if (!Matches(hash, request))
            throw new WrongContentException($"{request.Url} gave a file with SHA-256 {Convert.ToHexStringLower(hash)}, and {request.Sha256} was expected.");
    }

    private static bool Matches(byte[] hash, DownloadRequest request) =>
        Convert.ToHexString(hash).Equals(request.Sha256, StringComparison.OrdinalIgnoreCase);

    private static string Expected(DownloadRequest request) => request.Size?.ToString() ?? $"at most {DownloadRequest.MostBytes}";

    private sealed class WrongContentException(string message) : Exception(message);
}
