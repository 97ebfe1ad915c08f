using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Saturation;
using Keda.Inference.LoadTest.Tests.Sending;

namespace Keda.Inference.LoadTest.Tests.Saturation;

public sealed class SaturateTests
{
    [Fact]
    public void Cells_QueueGrows_ShowsInTheLowerRows()
    {
        // One a second; from the fifth on they are late, from the ninth on refused.
        var records = Enumerable.Range(0, 10).Select(i => new RequestRecord
        {
            Intended = i,
            Sent = i,
            Completed = i + (i < 5 ? 0.1 : 2),
            Outcome = i < 5 ? Outcome.OkWithinSlo : i < 9 ? Outcome.Late : Outcome.Rejected,
        }).ToArray();
        var cells = SaturationTable.Cells(records, [0, 5, 10]);
        cells.Select(cell => (cell.Total, cell.WithinSlo, cell.Ok)).ShouldBe([(0, null, null), (5, 1.0, 1.0), (10, 0.5, 0.9)]);
        cells[1].P99Ms.ShouldNotBeNull().ShouldBe(100, 1e-6);
    }

    [Fact]
    public async Task Saturate_AgainstAService_GivesTableAndRate()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"));
        var (output, error) = (new StringWriter(), new StringWriter());
        var folder = Directory.CreateTempSubdirectory("loadtest-");
        var code = await LoadTestProgram.RunAsync(
            ["saturate", "--target", service.Root.ToString(), "--rates", "10,20", "--durations", "500ms,1s", "--probe", "500ms", "--start-rate", "20",
                "--max-rate", "40", "--slo", "10s", "--small-pictures", "--max-lag", "10s", "--json", "--output", folder.FullName],
            output, error, TestContext.Current.CancellationToken);
        code.ShouldBe(0, error.ToString());
        var result = JsonDocument.Parse(output.ToString()).RootElement;
        result.GetProperty("table").EnumerateArray().Select(column => column.GetProperty("cells")[1].GetProperty("total").GetInt32()).ShouldBe([10, 20]);
        result.GetProperty("search").GetProperty("highest").GetDouble().ShouldBe(40);
        result.GetProperty("search").GetProperty("lowest_failed").ValueKind.ShouldBe(JsonValueKind.Null);
        var html = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "report.html"), TestContext.Current.CancellationToken);
        html.ShouldContain("Table 4.1");
        html.ShouldContain("<b>40 per second</b>");
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--rates 1,x", "--rates: 'x'")]
    [InlineData("--durations 10s,5s", "--durations: '5s' is not longer")]
    [InlineData("--rates none --no-search", "leave nothing to measure")]
    [InlineData("--cpu-limit 1", "--cpu-limit limits the worker that --local starts")]
    [InlineData("--local --target http://127.0.0.1:1", "--local and --target exclude each other")]
    public async Task Saturate_WrongUse_Is2(string arguments, string message)
    {
        var error = new StringWriter();
        (await LoadTestProgram.RunAsync(["saturate", .. arguments.Split(' ')], TextWriter.Null, error, TestContext.Current.CancellationToken)).ShouldBe(2);
        error.ToString().ShouldContain(message);
    }
}
