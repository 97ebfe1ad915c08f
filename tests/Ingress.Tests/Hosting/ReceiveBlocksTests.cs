using Keda.Inference.Ingress.Hosting;

namespace Keda.Inference.Ingress.Tests.Hosting;

public sealed class ReceiveBlocksTests
{
    [Fact]
    public void Rent_ManyHeldAtOnce_GivesSmallBlocksUntilSomeComeBack()
    {
        using var pool = new ReceiveBlocks().Create();
        var held = Enumerable.Range(0, 512).Select(_ => pool.Rent()).ToList();
        held.ShouldAllBe(block => block.Memory.Length == 64 * 1024);

        using (var small = pool.Rent())
            small.Memory.Length.ShouldBe(4 * 1024);
        using (var asked = pool.Rent(5000))
            asked.Memory.Length.ShouldBeGreaterThanOrEqualTo(5000);

        held.ForEach(block => block.Dispose());
        using var again = pool.Rent();
        again.Memory.Length.ShouldBe(64 * 1024);
    }
}
