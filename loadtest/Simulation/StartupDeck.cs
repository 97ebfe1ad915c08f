namespace Keda.Inference.LoadTest.Simulation;

/// <summary>
/// Start-up times dealt like cards: in random order, each once before any comes again, so that a short recorded list is replayed as it was.
/// </summary>
internal sealed class StartupDeck(IReadOnlyList<double> seconds, Random random)
{
    private readonly List<double> _left = [];

    /// <summary>The next replica's.</summary>
    public double Next()
    {
        if (_left.Count == 0)
            _left.AddRange(seconds);
        var card = random.Next(_left.Count);
        var dealt = _left[card];
        _left.RemoveAt(card);
        return dealt;
    }

    /// <summary>One of them, for a replica that started long ago; it stays in the deck.</summary>
    public double Any() => seconds[random.Next(seconds.Count)];
}
