using Keda.Inference.Testing;
using Microsoft.Playwright;

namespace Keda.Inference.Ingress.Tests.Page;

/// <summary>The machine's own Chromium, driven by Playwright; skips the running test where there is none.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Where screenshots are kept for people to look at.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(
        Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public static async Task<Browser> StartOrSkipAsync()
    {
        var chromium = RedisServer.Find("chromium");
        Assert.SkipWhen(chromium is null, "chromium is not on PATH.");
        MakeDriverExecutable();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return new(playwright, browser);
    }

    /// <summary>A page that fails its test on any script error, refused resource or request to another host.</summary>
    public async Task<(IPage Page, List<string> Faults)> OpenAsync(Uri address, int width, int height, ColorScheme scheme, bool phone = false)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, HasTouch = phone, IsMobile = phone,
            DeviceScaleFactor = phone ? 2 : 1,
        });
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                faults.Add($"request to another host: {request.Url}");
        };
        return (page, faults);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    // NuGet does not keep the executable bit of the driver's node.
    private static void MakeDriverExecutable()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var node in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, ".playwright", "node"), "node", SearchOption.AllDirectories))
            File.SetUnixFileMode(node, File.GetUnixFileMode(node) | UnixFileMode.UserExecute);
    }
}
