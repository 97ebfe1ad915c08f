using Keda.Inference.LoadTest.Simulation;

namespace Keda.Inference.LoadTest.Tests.Simulation;

public sealed class StartupDeckTests
{
    [Fact]
    public void Next_SeveralTimes_DealsEachOnceBeforeAnyAgain()
    {
        var deck = new StartupDeck([1, 2, 3], new Random(5));
        deck.Any().ShouldBeInRange(1, 3);
        for (var round = 0; round < 4; round++)
            new[] { deck.Next(), deck.Next(), deck.Next() }.Order().ShouldBe([1, 2, 3]);
    }
}
