using System.CommandLine;
using System.Security.Cryptography;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Models.Fetch;
using Keda.Inference.InferenceFunction.Tests.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class ModelFetchTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_000);
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private FileServer _server = null!;

    private string Target => _directory.Of("model.onnx");

    private string Part => Target + ".part";

    private string Sha256 => Convert.ToHexStringLower(SHA256.HashData(_content));

    public async ValueTask InitializeAsync()
    {
        _server = await FileServer.StartAsync();
        _server.Content = _content;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Fetch_GoodFile_IsSavedUnderItsName()
    {
        (await FetchAsync()).ShouldBe(0);

        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).ShouldBe(_content);
        File.Exists(Part).ShouldBeFalse();
        _output.ToString().ShouldContain("SHA-256 as expected");
    }

    [Fact]
    public async Task Fetch_Again_DownloadsNothing()
    {
        await FetchAsync();

        (await FetchAsync()).ShouldBe(0);

        _server.Ranges.Count.ShouldBe(1);
        _output.ToString().ShouldContain("is there already");
    }

    [Fact]
    public async Task Fetch_AfterABrokenConnection_GoesOnWhereItStopped()
    {
        _server.CutAfter = 100_000;
        (await FetchAsync()).ShouldBe(1);
        var kept = new FileInfo(Part).Length;
        kept.ShouldBeInRange(1, 100_000);
        _error.ToString().ShouldContain($"{kept} bytes are kept");
        _server.CutAfter = null;

        (await FetchAsync()).ShouldBe(0);

        _server.Ranges.ShouldBe(["", $"bytes={kept}-"]);
        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).ShouldBe(_content);
    }

    [Fact]
    public async Task Fetch_WithABegunFileAndAServerWithoutRanges_StartsOver()
    {
        await File.WriteAllBytesAsync(Part, new byte[1000], TestContext.Current.CancellationToken);
        _server.HasRanges = false;

        (await FetchAsync()).ShouldBe(0);

        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).ShouldBe(_content);
    }

    [Fact]
    public async Task Fetch_WithABegunFileOfFullLengthButOfUnknownSize_StartsOverWhenTheServerHasNoMore()
    {
        await File.WriteAllBytesAsync(Part, new byte[_content.Length], TestContext.Current.CancellationToken);

        (await FetchAsync(size: null)).ShouldBe(0);

        _server.Ranges.ShouldBe([$"bytes={_content.Length}-", ""]);
        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).ShouldBe(_content);
    }

    [Fact]
    public async Task Fetch_OtherContent_IsDeletedAndBothHashesAreSaid()
    {
        _server.Content = [.. _content];
        _server.Content[5] ^= 1;

        (await FetchAsync()).ShouldBe(1);

        Directory.GetFiles(_directory.Path).ShouldBeEmpty();
        var actual = Convert.ToHexStringLower(SHA256.HashData(_server.Content));
        _error.ToString().ShouldBe(
            $"{_server.Url} gave a file with SHA-256 {actual}, and {Sha256} was expected. The file was deleted.{Environment.NewLine}");
    }

    [Fact]
    public async Task Fetch_OtherLength_IsRefusedBeforeItIsDownloaded()
    {
        (await FetchAsync(size: 299_999)).ShouldBe(1);

        Directory.GetFiles(_directory.Path).ShouldBeEmpty();
        _error.ToString().ShouldContain("has 300000 bytes, and 299999 were expected");
    }

    [Fact]
    public async Task Fetch_NotFound_SaysTheStatus()
    {
        _server.Status = 404;

        (await FetchAsync()).ShouldBe(1);

        _error.ToString().ShouldContain("the server answered 404 Not Found");
    }

    [Theory]
    [InlineData("--url", "ftp://example.org/x", "--url must be an http or https address")]
    [InlineData("--sha256", "abc", "--sha256 must be 64 hexadecimal digits")]
    [InlineData("--size", "0", "--size must be 1 to")]
    public void Options_OfNoUse_AreRefusedByName(string option, string value, string message) =>
        ModelCommands.Create().Parse(["fetch", option, value]).Errors.Select(error => error.Message).ShouldContain(text => text.Contains(message));

    [Fact]
    public async Task Download_FromAServerThatFallsSilent_Ends()
    {
        using var http = new HttpClient(new SilentHandler());
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var download = new ModelDownload(http, clock, TimeSpan.FromSeconds(60));

        var run = download.RunAsync(new DownloadRequest(new Uri(_server.Url), Target, Sha256, null), (_, _) => { }, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(61));

        (await Should.ThrowAsync<ModelException>(run)).Message.ShouldContain("nothing arrived for 60 s");
    }

    private Task<int> FetchAsync() => FetchAsync(_content.Length);

    private Task<int> FetchAsync(long? size)
    {
        string[] args = ["fetch", "--url", _server.Url, "--output", Target, "--sha256", Sha256, .. size is null ? (string[])[] : ["--size", $"{size}"]];
        return ModelCommands.Create().Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Not reached.");
        }
    }
}
