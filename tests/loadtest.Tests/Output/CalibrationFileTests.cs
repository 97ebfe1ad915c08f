using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Output;

namespace Keda.Inference.LoadTest.Tests.Output;

public sealed class CalibrationFileTests
{
    [Fact]
    public void Of_JobsThatWaited_AreKeptApart()
    {
        var records = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? Record(2, 80) : Record(500, 120)).ToArray();
        var calibration = CalibrationFile.Of(records, [2.5], -1.5).ShouldNotBeNull();
        calibration.ServiceSeconds.ShouldBe(Enumerable.Repeat(0.08, 20));
        calibration.WaitedServiceSeconds.ShouldBe(Enumerable.Repeat(0.12, 20));
        calibration.StartupSeconds.ShouldBe([2.5]);
        calibration.FirstLookSeconds.ShouldBe(-1.5);
        // Neither waiting nor service: 7 ms of network and ingress.
        calibration.OverheadSeconds.ShouldBe(0.007, 1e-9);
    }

    [Fact]
    public void Of_TooFewThatWaited_AreAllOfOneKind()
    {
        var calibration = CalibrationFile.Of([Record(2, 80), Record(500, 120)], [], null).ShouldNotBeNull();
        calibration.ServiceSeconds.ShouldBe([0.08, 0.12]);
        calibration.WaitedServiceSeconds.ShouldBeEmpty();
    }

    [Fact]
    public void Of_ServiceWithoutTimes_IsNothing() =>
        CalibrationFile.Of([Record(double.NaN, double.NaN) with { ServerMs = double.NaN }], [], null).ShouldBeNull();

    private static RequestRecord Record(double queueMs, double serviceMs) => new()
    {
        Outcome = Outcome.OkWithinSlo,
        Sent = 1,
        Completed = 1 + (queueMs + serviceMs + 7) / 1000,
        QueueMs = queueMs,
        ServiceMs = serviceMs,
        ServerMs = queueMs + serviceMs + 5,
    };
}
