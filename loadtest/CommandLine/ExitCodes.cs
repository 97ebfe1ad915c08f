namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>What the process returns; scripts and CI rely on it.</summary>
internal static class ExitCodes
{
    /// <summary>All went well and every threshold was met.</summary>
    public const int Good = 0;

    /// <summary>The work could not be done: no answer from the target, an invalid run, a file that cannot be written.</summary>
    public const int Failure = 1;

    /// <summary>The command line or an input file is wrong; the message says what would be right.</summary>
    public const int Usage = 2;

    /// <summary>The run is valid, but a <c>--threshold</c> was missed.</summary>
    public const int ThresholdMissed = 99;
}
