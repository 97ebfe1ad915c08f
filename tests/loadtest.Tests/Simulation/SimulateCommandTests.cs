using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Tests.Simulation;

public class SimulateCommandTests
{
    [Theory]
    [InlineData("simulate")]
    [InlineData("compare", "--simulate")]
    public async Task Json_HasTheDocumentedFields(params string[] command)
    {
        var (code, output, _) = await RunAsync([.. command, "--policies", "slo,static-2", "--seeds", "2", "--step", "7:60s", "--json"]);
        code.ShouldBe(ExitCodes.Good);
        var policies = JsonDocument.Parse(output).RootElement.GetProperty("policies");
        policies.GetArrayLength().ShouldBe(2);
        foreach (var policy in policies.EnumerateArray())
        {
            foreach (var field in new[] { "total", "ok", "within_slo", "p50_ms", "p99_ms", "replica_seconds", "peak_replicas" })
                policy.GetProperty(field).ValueKind.ShouldBe(JsonValueKind.Number, field);
            policy.GetProperty("within_slo").GetDouble().ShouldBeInRange(0.5, 1);
        }
        policies[1].GetProperty("policy").GetString().ShouldBe("static-2");
        policies[1].GetProperty("replica_seconds").GetDouble().ShouldBe(120, 1e-6);
    }

    [Fact]
    public async Task Json_NothingToDivideBy_IsNullAndADashInTheTables()
    {
        var (code, output, _) = await RunAsync(["compare", "--simulate", "--policies", "static-0", "--seeds", "2", "--rate", "5", "--duration", "5s", "--json"]);
        code.ShouldBe(ExitCodes.Good);
        var none = JsonDocument.Parse(output).RootElement.GetProperty("policies")[0];
        none.GetProperty("mean_replicas").GetDouble().ShouldBe(0);
        none.GetProperty("utilisation").ValueKind.ShouldBe(JsonValueKind.Null);

        var trace = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(trace, "5\n", TestContext.Current.CancellationToken);
            string[] oneMoment = ["compare", "--simulate", "--policies", "static-1", "--seeds", "2", "--trace", trace];
            (code, output, _) = await RunAsync([.. oneMoment, "--json"]);
            code.ShouldBe(ExitCodes.Good);
            var one = JsonDocument.Parse(output).RootElement.GetProperty("policies")[0];
            one.GetProperty("total").GetDouble().ShouldBe(1);
            one.GetProperty("mean_replicas").ValueKind.ShouldBe(JsonValueKind.Null);
            one.GetProperty("utilisation").ValueKind.ShouldBe(JsonValueKind.Null);
            (_, output, _) = await RunAsync(oneMoment);
            output.ShouldContain("–");
            output.ShouldNotContain("NaN");
            output.ShouldNotContain("Infinity");
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [Fact]
    public async Task Text_HasTheReportsTables()
    {
        var (code, output, _) = await RunAsync(["simulate", "--policies", "slo,cpu-70", "--seeds", "1", "--step", "7:30s"]);
        code.ShouldBe(ExitCodes.Good);
        foreach (var text in new[] { "Table 5.1", "Requests Processed", "Table 5.2", "Peak Latency", "Table 5.3", "Scaling Efficiency", "cpu-70" })
            output.ShouldContain(text);
    }

    [Theory]
    [InlineData("--policies", "slo,fast", "'fast' is not one of")]
    [InlineData("--set", "slo.speed=3", "'speed' is no setting of slo")]
    [InlineData("--set", "slo", "is not POLICY.KEY=VALUE")]
    [InlineData("--set", "queue-depth.targetQueueLength=0", "it must be 1 or more")]
    [InlineData("--set", "queue-proportional.cooldownSeconds=long", "it must be a number")]
    [InlineData("--seeds", "0", "gives no seed")]
    [InlineData("--seeds", "a", "not a whole number")]
    [InlineData("--min", "9", "is above --max")]
    [InlineData("--order", "lifo", "lifo")]
    [InlineData("--service-cv", "-1", "not a number from 0 to 100")]
    [InlineData("--lead-in", "soon", "is not a duration")]
    [InlineData("--calibration", "/nowhere.json", "cannot be read")]
    public async Task WrongValue_IsNamed(string option, string value, string message)
    {
        var (code, _, error) = await RunAsync(["simulate", "--step", "7:10s", option, value]);
        code.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(message);
    }

    [Fact]
    public async Task Calibration_TakesTheTimesOfARecordedRun()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, """{"service_seconds":[0.2,0.2],"startup_seconds":[3],"overhead_seconds":0.1}""", TestContext.Current.CancellationToken);
            var (code, output, _) = await RunAsync(["simulate", "--policies", "static-6", "--seeds", "1", "--step", "1:60s", "--json", "--calibration", file]);
            code.ShouldBe(ExitCodes.Good);
            JsonDocument.Parse(output).RootElement.GetProperty("policies")[0].GetProperty("p50_ms").GetDouble().ShouldBe(300, 1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("""{"service_seconds":[0.2],"first_look_seconds":-1.4}""", ExitCodes.Good, "")]
    [InlineData("""{"service_seconds":[0.2]}""", ExitCodes.Usage, "does not say when its autoscaler looked")]
    [InlineData("""{"service_seconds":[0.2],"first_look_seconds":1e9}""", ExitCodes.Usage, "first_look_seconds must be")]
    public async Task Replay_NeedsTheMomentsOfTheRun(string calibration, int code, string message)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, calibration, TestContext.Current.CancellationToken);
        var ended = await RunAsync(["simulate", "--policies", "slo", "--seeds", "1", "--step", "1:60s", "--calibration", file, "--replay"]);
        File.Delete(file);
        ended.Code.ShouldBe(code);
        ended.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Replay_WithoutCalibration_SaysWhatItNeeds()
    {
        var (code, _, error) = await RunAsync(["simulate", "--step", "1:60s", "--replay"]);
        code.ShouldBe(ExitCodes.Usage);
        error.ShouldContain("give it with --calibration");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await LoadTestProgram.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
