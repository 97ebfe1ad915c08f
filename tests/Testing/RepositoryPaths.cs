namespace Keda.Inference.Testing;

/// <summary>Finds the repository's root and the test data beside it.</summary>
public static class RepositoryPaths
{
    /// <summary>The folder with Keda.Inference.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the repository.</summary>
    public static string Of(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>
    /// A file or folder of the test data beside the repository (<c>../shared</c>); skips the running test with its reason where it
    /// is absent.
    /// </summary>
    public static string SharedOrSkip(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. parts]));
        Xunit.Assert.SkipUnless(Path.Exists(path), $"Test data ../shared/{string.Join('/', parts)} is not there.");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Keda.Inference.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Keda.Inference.sln is in no folder above the tests.");
    }
}
