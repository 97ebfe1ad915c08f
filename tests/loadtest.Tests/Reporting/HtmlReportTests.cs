using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Reporting;
using Keda.Inference.LoadTest.Reporting.Charts;
using Keda.Inference.LoadTest.Reporting.Html;
using Keda.Inference.LoadTest.Tests.Sending;

namespace Keda.Inference.LoadTest.Tests.Reporting;

public sealed class HtmlReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadtest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Compare_SimulateWithOutput_MakesASelfContainedReport()
    {
        var error = new StringWriter();
        var code = await LoadTestProgram.RunAsync(
            ["compare", "--simulate", "--policies", "queue-proportional,cpu-70", "--rate", "12", "--duration", "90s", "--seeds", "2", "--output", _folder],
            TextWriter.Null, error, TestContext.Current.CancellationToken);
        code.ShouldBe(0, error.ToString());

        var html = await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"), TestContext.Current.CancellationToken);
        foreach (var text in new[] { "Table 5.1", "Table 5.2", "Table 5.3", "Figure 1: queue-proportional", "Figure 2: cpu-70", "Queue depth", "SLO 500 ms", "Parameters", "Versions", "mean over 2 seeds" })
            html.ShouldContain(text);
        html.ShouldNotContain("<script");
        html.ShouldNotContain("src=");
        html.ShouldNotContain("href=");
        html.ShouldNotContain("@import");
        html.ShouldNotContain("url(");
        File.ReadLines(Path.Combine(_folder, "timeline.csv")).Count().ShouldBeGreaterThan(2 * 85);
        var json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_folder, "comparison.json"), TestContext.Current.CancellationToken)).RootElement;
        json.GetProperty("policies").GetArrayLength().ShouldBe(2);
        json.GetProperty("policies")[0].GetProperty("within_slo").GetDouble().ShouldBeInRange(0, 1);
        if (PngChart.FindFont() is not null)
            File.Exists(Path.Combine(_folder, "all-replicas.png")).ShouldBeTrue();
    }

    [Fact]
    public async Task Report_FromARunsFolder_MakesThePageAgain()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "<b>goldfish</b>"));
        var code = await LoadTestProgram.RunAsync(
            ["run", "--target", service.Root.ToString(), "--rate", "20", "--duration", "1s", "--small-pictures", "--max-lag", "10s", "--header", "X-Api-Key: very-secret", "--output", _folder],
            TextWriter.Null, TextWriter.Null, TestContext.Current.CancellationToken);
        code.ShouldBe(0);
        var page = Path.Combine(_folder, "report.html");
        var first = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        first.ShouldContain("from the intended send time");
        first.ShouldContain("X-Api-Key: …");
        first.ShouldContain("unknown: not measured in this run"); // the stub shows no queue
        Directory.EnumerateFiles(_folder).ShouldAllBe(file => !File.ReadAllText(file).Contains("very-secret"));

        File.Delete(page);
        var output = new StringWriter();
        (await LoadTestProgram.RunAsync(["report", _folder], output, TextWriter.Null, TestContext.Current.CancellationToken)).ShouldBe(0);
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldBe(first);
        output.ToString().Trim().ShouldBe(page);
    }

    [Theory]
    [InlineData("{ not json", "is no measurement")]
    [InlineData("""{"format":9,"measured_at":"2026-01-01T00:00:00Z","command":"","versions":{}}""", "format 9 is not known")]
    public async Task Report_WrongFile_Is2AndSaysWhy(string content, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "measurement.json"), content, TestContext.Current.CancellationToken);
        var error = new StringWriter();
        (await LoadTestProgram.RunAsync(["report", _folder], TextWriter.Null, error, TestContext.Current.CancellationToken)).ShouldBe(2);
        error.ToString().ShouldContain(message);
    }

    [Fact]
    public void Add_Values_AreEncodedAndFormatted() =>
        new HtmlText().Add($"<b>{"<script>&"}</b> {1.25:0.0}").ToString().ShouldBe("<b>&lt;script&gt;&amp;</b> 1.3");

    [Fact]
    public void Draw_UnknownValues_LeaveAGap()
    {
        var panel = new Panel
        {
            Title = "Replicas",
            XLabel = "s",
            XMaximum = 4,
            Series = [new Series("replicas", [0, 1, 2, 3, 4], [1, 1, null, 2, 2], 0, Steps: true)],
        };
        var svg = SvgChart.Draw(panel);
        var path = svg[svg.IndexOf(" d=\"", StringComparison.Ordinal)..];
        path[..path.IndexOf("\">", StringComparison.Ordinal)].Count(letter => letter == 'M').ShouldBe(2);
    }

    [Theory]
    [InlineData(6.3, new double[] { 0, 2, 4, 6 })]
    [InlineData(0.9, new double[] { 0, 0.5 })]
    [InlineData(525, new double[] { 0, 200, 400 })]
    public void Ticks_Until_AreRound(double maximum, double[] expected) => Ticks.Until(maximum, 4).ShouldBe(expected);
}
