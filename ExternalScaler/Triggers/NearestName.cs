namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>Finds what somebody who mistyped a name most likely meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The candidate with the fewest edits, letter case not counted; one that contains the name goes first, because whoever writes
    /// <c>max</c> means a longer name and not a short one of other letters.
    /// </summary>
    public static string Of(string name, IEnumerable<string> candidates) =>
        candidates.OrderByDescending(candidate => name.Length > 1 && candidate.Contains(name, StringComparison.OrdinalIgnoreCase))
            .ThenBy(candidate => Distance(name, candidate)).First();

    /// <summary>Levenshtein's distance, letter case not counted.</summary>
    public static int Distance(string left, string right)
    {
        Span<int> row = stackalloc int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            row[column] = column;
        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var cost = char.ToLowerInvariant(left[line - 1]) == char.ToLowerInvariant(right[column - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(row[column] + 1, row[column - 1] + 1), diagonal + cost);
                diagonal = row[column];
                row[column] = best;
            }
        }
        return row[right.Length];
    }
}
