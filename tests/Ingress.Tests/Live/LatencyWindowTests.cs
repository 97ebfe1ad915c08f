using Keda.Inference.Ingress.Live;
using Microsoft.Extensions.Time.Testing;

namespace Keda.Inference.Ingress.Tests.Live;

public sealed class LatencyWindowTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Percentiles_OfNothing_AreUnknown() => new LatencyWindow(_time).Percentiles().ShouldBeNull();

    [Fact]
    public void Percentiles_OfKnownLatencies_AreExactWithinABucket()
    {
        var window = new LatencyWindow(_time);
        for (var ms = 1; ms <= 1000; ms++)
            window.Record(TimeSpan.FromMilliseconds(ms));
        var (p50, p99) = window.Percentiles().ShouldNotBeNull();
        p50.ShouldBe(500, 500 * 0.05);
        p99.ShouldBe(990, 990 * 0.05);
    }

    [Fact]
    public void Percentiles_AfterTheWindow_AreForgotten()
    {
        var window = new LatencyWindow(_time);
        window.Record(TimeSpan.FromMilliseconds(5000));
        _time.Advance(TimeSpan.FromSeconds(9));
        window.Record(TimeSpan.FromMilliseconds(10));
        window.Percentiles()!.Value.P99.ShouldBeGreaterThan(4000);
        _time.Advance(TimeSpan.FromSeconds(2));
        window.Percentiles()!.Value.P99.ShouldBeLessThan(11);
        _time.Advance(TimeSpan.FromSeconds(10));
        window.Percentiles().ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e9)]
    public void Record_OfExtremes_StaysWithinTheBuckets(double ms)
    {
        var window = new LatencyWindow(_time);
        window.Record(TimeSpan.FromMilliseconds(ms));
        window.Percentiles().ShouldNotBeNull();
    }
}
