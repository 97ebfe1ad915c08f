using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster.Tests.Hpa;

public class ExternalReplicaTests
{
    [Theory]
    [InlineData(8.6, 2.15, 3, 0.1, 4)]
    [InlineData(14.4, 2.15, 5, 0.1, 7)]
    [InlineData(4, 1, 4, 0.1, 4)]
    [InlineData(0, 1, 3, 0.1, 0)]
    [InlineData(5, 1, 0, 0.1, 5)]
    [InlineData(0, 1, 0, 0.1, 0)]
    // With a target of 1 every step up to 9 is exact; from 10 a step of one is swallowed unless the tolerance is 0.
    [InlineData(9, 1, 8, 0.1, 9)]
    [InlineData(10, 1, 9, 0.1, 10)]
    [InlineData(11, 1, 10, 0.1, 10)]
    [InlineData(11, 1, 10, 0, 11)]
    [InlineData(9, 1, 10, 0.1, 10)]
    [InlineData(9, 1, 10, 0, 9)]
    [InlineData(12, 1, 10, 0.1, 12)]
    // A fraction of a thousandth is rounded up on the wire.
    [InlineData(2.0004, 1, 1, 0, 3)]
    public void External_AverageValue_ProposesReplicas(double value, double target, int replicas, double tolerance, int expected)
    {
        var calculator = new ReplicaCalculator(new HpaControllerFlags(), tolerance, tolerance);
        calculator.ForExternal(new(value, target), replicas).ShouldBe(expected);
    }

    [Fact]
    public void External_Unreadable_ProposesNothing()
    {
        new ReplicaCalculator(new HpaControllerFlags(), 0.1, 0.1).ForExternal(new(null, 1), 3).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0.5, 11, 11)]
    [InlineData(0, 0.5, 9, 10)]
    [InlineData(0.5, 0, 11, 10)]
    [InlineData(0.5, 0, 9, 9)]
    public void External_ToleranceOfOneDirection_HoldsForThatOne(double up, double down, double value, int expected)
    {
        new ReplicaCalculator(new HpaControllerFlags(), up, down).ForExternal(new(value, 1), 10).ShouldBe(expected);
    }
}
