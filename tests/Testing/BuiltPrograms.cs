namespace Keda.Inference.Testing;

/// <summary>Where the programs under test were built, in the same configuration as these tests.</summary>
public static class BuiltPrograms
{
    /// <summary>LocalCluster's output folder, which has every service beside it.</summary>
    public static string Services => Folder("LocalCluster");

    /// <summary>The output folder of the worker without a model.</summary>
    public static string FaultWorker => Folder("tests", "FaultWorker");

    private static string Folder(params string[] project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return RepositoryPaths.Of([.. project, "bin", output.Parent!.Name, output.Name]);
    }
}
