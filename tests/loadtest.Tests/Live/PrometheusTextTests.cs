using Keda.Inference.LoadTest.Live;

namespace Keda.Inference.LoadTest.Tests.Live;

public sealed class PrometheusTextTests
{
    private const string Page = """
        # HELP queue_waiting Jobs waiting.
        # TYPE queue_waiting gauge
        queue_waiting{queue="a"} 3
        queue_waiting{queue="b {odd} one"} 4.5 1700000000000
        queue_waiting_total 99
        plain 7
        broken{x="1"} NaN
        """;

    [Theory]
    [InlineData("queue_waiting", 7.5)]
    [InlineData("plain", 7.0)]
    [InlineData("broken", null)]
    [InlineData("absent", null)]
    public void Sum_Metric_AddsItsSeriesAndKnowsNothingOfAbsentOnes(string metric, double? expected) =>
        PrometheusText.Sum(Page, metric).ShouldBe(expected);
}
