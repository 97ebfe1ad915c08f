using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster.Tests.Hpa;

public class KedaActivationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 3, 3)]
    [InlineData(2, 0, 2)]
    public void Poll_Active_WakesToTheMinimum(int current, int min, int expected)
    {
        new KedaActivation { MinReplicas = min }.OnPoll(true, current, Start).ShouldBe(expected);
    }

    [Fact]
    public void Poll_InactiveForTheCooldown_GoesToNone()
    {
        var keda = new KedaActivation { MinReplicas = 0 };
        keda.OnPoll(true, 3, Start).ShouldBe(3);
        keda.OnPoll(false, 3, Start.AddSeconds(299)).ShouldBe(3);
        keda.OnPoll(true, 3, Start.AddSeconds(299.5)).ShouldBe(3);
        keda.OnPoll(false, 3, Start.AddSeconds(598)).ShouldBe(3);
        keda.OnPoll(false, 3, Start.AddSeconds(599.5)).ShouldBe(0);
    }

    [Fact]
    public void Poll_NeverActive_GoesToNoneAtOnce()
    {
        new KedaActivation { MinReplicas = 0 }.OnPoll(false, 3, Start).ShouldBe(0);
    }

    [Fact]
    public void Poll_Inactive_NeverGoesBelowAMinimumOfOne()
    {
        var keda = new KedaActivation { MinReplicas = 1, CooldownPeriod = TimeSpan.Zero };
        keda.OnPoll(false, 3, Start).ShouldBe(3);
        keda.OnPoll(false, 0, Start).ShouldBe(1);
    }

    [Fact]
    public void Poll_Unknown_ChangesNothing()
    {
        new KedaActivation { CooldownPeriod = TimeSpan.Zero }.OnPoll(null, 3, Start).ShouldBe(3);
    }

    [Fact]
    public void Poll_IdleReplicas_RestsAtThemAndWakesToTheMinimum()
    {
        var keda = new KedaActivation { MinReplicas = 3, IdleReplicas = 0, CooldownPeriod = TimeSpan.FromSeconds(10) };
        keda.OnPoll(true, 0, Start).ShouldBe(3);
        keda.OnPoll(false, 3, Start.AddSeconds(10)).ShouldBe(0);
    }

    [Fact]
    public void Push_WakesAtOnceButNeverFromOneUpwards()
    {
        var keda = new KedaActivation();
        keda.OnPush(0, Start).ShouldBe(1);
        keda.OnPush(1, Start).ShouldBe(1);
        keda.HpaMinReplicas.ShouldBe(1);
    }
}
