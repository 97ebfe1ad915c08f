using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Tests.Measuring;

public sealed class ThresholdTests
{
    [Theory]
    [InlineData("p99<500ms", true)]
    [InlineData("p99<100ms", false)]
    [InlineData("p50<=100.05ms", true)]
    [InlineData("p99.9 < 0.5s", true)]
    [InlineData("max<=0.41s", true)]
    [InlineData("mean<50ms", false)]
    [InlineData("ok>99.9%", false)]
    [InlineData("ok>=80%", true)]
    [InlineData("within-slo>=70%", true)]
    [InlineData("within-slo>70%", false)]
    [InlineData("error<3", true)]
    [InlineData("error<2", false)]
    [InlineData("rejected<=0%", true)]
    [InlineData("late<=10%", true)]
    [InlineData("top1>1%", false)]
    [InlineData("lag<1ms", true)]
    public void Check_KnownRun_DecidesByItsNumbers(string expression, bool met) =>
        Summarise(expression).Thresholds.Single().Met.ShouldBe(met);

    [Fact]
    public void Check_NothingMeasured_IsUnknownAndMissed() =>
        Summarise("top5>50%").Thresholds.Single().ShouldBe(new ThresholdResult("top5>50%", false, "unknown"));

    [Theory]
    [InlineData("p99", "expected METRIC<VALUE")]
    [InlineData("p99=500ms", "expected METRIC<VALUE")]
    [InlineData("p99<500", "a duration")]
    [InlineData("p99<50%", "a duration")]
    [InlineData("p101<5ms", "no metric 'p101'")]
    [InlineData("speed>5", "no metric 'speed'")]
    [InlineData("ok>101%", "at most 100%")]
    [InlineData("ok>9ms", "a share or a count")]
    [InlineData("rate>50%", "requests per second")]
    [InlineData("ok>0.999", "such as ok>99.9%")]
    [InlineData("within-slo>=.5", "such as within-slo>=50%")]
    [InlineData("error<2.5", "such as error<2.5%")]
    [InlineData("top1>5", "a share")]
    public void Parse_Wrong_SaysWhatWouldBeRight(string expression, string message) =>
        Should.Throw<UsageException>(() => Threshold.Parse(expression)).Message.ShouldContain(message);

    /// <summary>Ten requests, a second apart: seven take 100 ms, one 400 ms and is late, two fail.</summary>
    private static RunSummary Summarise(string expression)
    {
        var records = Enumerable.Range(0, 10).Select(i => new RequestRecord
        {
            Intended = i,
            Sent = i + 0.0005,
            Completed = i + (i == 7 ? 0.4 : 0.1),
            Outcome = i < 7 ? Outcome.OkWithinSlo : i == 7 ? Outcome.Late : Outcome.Error,
            ServerMs = double.NaN,
        }).ToArray();
        var plan = new RunPlan
        {
            Target = new Uri("http://127.0.0.1/predict"),
            Times = [.. records.Select(record => record.Intended)],
            Pictures = [],
            Seed = 1,
        };
        var recording = new RunRecording
        {
            Plan = plan,
            StartedAt = DateTimeOffset.UnixEpoch,
            Records = records,
            Interrupted = false,
            PoolDelays = [],
            MeanBodyBytes = 1,
            Signals = [],
        };
        return Summariser.Summarise(recording, "test", TimeSpan.FromMilliseconds(5), [Threshold.Parse(expression)]);
    }
}
