using Keda.Inference.LocalCluster;
using Keda.Inference.WorkQueue;
using Microsoft.Playwright;

namespace Keda.Inference.Ingress.Tests.Page;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests(Store store) : IngressTest(store)
{
    private static readonly float s_patience = 20_000;

    [Fact]
    public async Task Page_PictureChosenAndBurstSent_ShowsLabelsAndMovesTheCharts()
    {
        var host = await StartAsync();
        await using var browser = await Browser.StartOrSkipAsync();
        // Slow enough that a burst has to wait.
        host.Serve(SlowlyAsync, claims: 1);
        var (page, faults) = await browser.OpenAsync(host.Address, 1280, 900, ColorScheme.Light);
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("#link-text")).ToHaveTextAsync("live", new() { Timeout = s_patience });
        await page.Locator("#file").SetInputFilesAsync(new FilePayload
        {
            Name = "picture.jpg", MimeType = "image/jpeg", Buffer = GeneratedPictures.Jpeg(seed: 3),
        });
        await Expect(page.Locator("#labels li")).ToHaveCountAsync(5, new() { Timeout = s_patience });
        await Expect(page.Locator("#labels li").First).ToContainTextAsync("tench", new() { Timeout = s_patience });
        await Expect(page.Locator("#total")).ToContainTextAsync("ms");
        await Expect(page.Locator("#untrained")).ToBeVisibleAsync();
        await ScreenshotAsync(page, "desktop-result");

        await page.Locator("#count").FillAsync("60");
        await page.Locator("#rate").FillAsync("60");
        await page.Locator("#go").ClickAsync();
        await page.WaitForFunctionAsync(
            "() => +document.querySelector('[data-chart=waiting] .now').textContent > 5", null, new() { Timeout = s_patience });
        await page.WaitForFunctionAsync(
            "() => document.querySelector('[data-chart=p50] .now').textContent.includes('ms')", null, new() { Timeout = s_patience });
        await ScreenshotAsync(page, "desktop-burst");
        await Expect(page.Locator("#burst-status")).ToHaveTextAsync("60 of 60 sent, 60 answered.", new() { Timeout = s_patience });
        await page.WaitForFunctionAsync(
            "() => document.querySelector('[data-chart=waiting] .now').textContent === '0'", null, new() { Timeout = s_patience });
        (await page.Locator("[data-chart=waiting] path.line").GetAttributeAsync("d")).ShouldNotBeNull().Length.ShouldBeGreaterThan(20);
        (await page.Locator("[data-chart=replicas] .now").TextContentAsync()).ShouldBe("1");
        await ScreenshotAsync(page, "desktop-after");
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("phone-dark", 390, 844, true)]
    [InlineData("desktop-dark", 1280, 900, false)]
    public async Task Page_DarkAndSmall_FitsAndWorksByKeyboard(string name, int width, int height, bool phone)
    {
        var host = await StartAsync();
        await using var browser = await Browser.StartOrSkipAsync();
        host.Serve(SlowlyAsync);
        var (page, faults) = await browser.OpenAsync(host.Address, width, height, ColorScheme.Dark, phone);
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("#link-text")).ToHaveTextAsync("live", new() { Timeout = s_patience });

        // Everything by keyboard: skip link, API, file, made-up picture.
        await page.Locator("#sample").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#labels li")).ToHaveCountAsync(5, new() { Timeout = s_patience });
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("count");
        await page.Keyboard.TypeAsync("12");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#burst-status")).ToContainTextAsync("answered.", new() { Timeout = s_patience });

        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0);
        await ScreenshotAsync(page, name);
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_PictureRefused_SaysWhy()
    {
        var host = await StartAsync();
        await using var browser = await Browser.StartOrSkipAsync();
        host.Serve(FakeWorker.RejectAsync);
        var (page, _) = await browser.OpenAsync(host.Address, 1000, 800, ColorScheme.Light);
        await page.GotoAsync(host.Address.ToString());
        await page.Locator("#sample").ClickAsync();
        await Expect(page.Locator("#status")).ToContainTextAsync("cannot be decoded", new() { Timeout = s_patience });
        (await page.Locator("#result").IsVisibleAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Page_WithApiKeys_AsksForOne()
    {
        const string Key = "a key of a visitor";
        var host = await StartAsync(StoreKind.Embedded, "Ingress:ApiKeys:0:Name=visitor", $"Ingress:ApiKeys:0:Sha256={Hash(Key)}");
        await using var browser = await Browser.StartOrSkipAsync();
        host.Serve();
        var (page, _) = await browser.OpenAsync(host.Address, 1000, 800, ColorScheme.Light);
        await page.GotoAsync(host.Address.ToString());
        await Expect(page.Locator("#link-text")).ToHaveTextAsync("needs a key", new() { Timeout = s_patience });
        await page.Locator("#key").FillAsync(Key);
        await page.Locator("#key").PressAsync("Enter");
        await Expect(page.Locator("#link-text")).ToHaveTextAsync("live", new() { Timeout = s_patience });
        await page.Locator("#sample").ClickAsync();
        await Expect(page.Locator("#labels li")).ToHaveCountAsync(5, new() { Timeout = s_patience });
    }

    [Fact]
    public async Task Docs_InBrowser_ShowTheApiFromThisHostOnly()
    {
        var host = await StartAsync();
        await using var browser = await Browser.StartOrSkipAsync();
        var (page, faults) = await browser.OpenAsync(host.Address, 1280, 900, ColorScheme.Light);
        await page.GotoAsync(host.Address + "docs");
        await Expect(page.GetByText("/functions/{function}/predict").First).ToBeVisibleAsync(new() { Timeout = s_patience });
        await ScreenshotAsync(page, "docs");
        faults.ShouldBeEmpty();
    }

    private static string Hash(string key) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    private static async Task SlowlyAsync(IWorkQueue queue, ClaimedJob job, CancellationToken cancellation)
    {
        await Task.Delay(40, cancellation);
        var result = new InferenceResult(
            new("resnet18", "untrained", "fp32"),
            [new(0, "tench", 0.62), new(1, "goldfish", 0.17), new(7, "cock", 0.08), new(22, "bald eagle", 0.03), new(999, "toilet tissue", 0.004)],
            new(job.QueueWait.TotalMilliseconds, 5.3, 34.2));
        await queue.CompleteAsync(job, result.ToPayload(), TimeSpan.FromMilliseconds(40), cancellation);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private static Task<byte[]> ScreenshotAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Screenshots, name + ".png"), FullPage = true });
}
