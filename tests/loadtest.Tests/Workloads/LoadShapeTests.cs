using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Tests.Workloads;

public sealed class LoadShapeTests
{
    private static readonly LoadShape Mixed = new([new(10, 2, 8), new(5, 0, 0), new(10, 8, 8), new(20, 8, 0)]);

    [Fact]
    public void TimeOf_AnyCount_InvertsRequestsUntil()
    {
        for (var requests = 0.25; requests < Mixed.Requests; requests += 0.25)
            Mixed.RequestsUntil(Mixed.TimeOf(requests)).ShouldBe(requests, 1e-6);
    }

    [Fact]
    public void Requests_Ramp_IsItsArea() => Mixed.Requests.ShouldBe(10 * 5 + 80 + 80);

    [Fact]
    public void TimeOf_SilentStretch_IsNeverInsideIt()
    {
        for (var requests = 49.0; requests < 51; requests += 0.01)
            Mixed.TimeOf(requests).ShouldNotBeInRange(10.001, 14.999);
    }

    [Fact]
    public void Scale_TimeAndRate_MultiplyLengthAndCount()
    {
        var scaled = Mixed.Scale(0.5, 3);
        scaled.Seconds.ShouldBe(Mixed.Seconds * 0.5);
        scaled.Requests.ShouldBe(Mixed.Requests * 1.5, 1e-9);
        scaled.PeakRate.ShouldBe(24);
    }

    [Fact]
    public void First_CutInsideARamp_KeepsItsSlope()
    {
        var cut = Mixed.First(5);
        cut.Seconds.ShouldBe(5);
        cut.Requests.ShouldBe(Mixed.RequestsUntil(5), 1e-9);
    }
}
