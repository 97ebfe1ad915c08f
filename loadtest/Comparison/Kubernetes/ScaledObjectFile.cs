using System.Globalization;
using System.Text.Json.Nodes;
using Keda.Inference.LoadTest.CommandLine;
using YamlDotNet.Core;

namespace Keda.Inference.LoadTest.Comparison.Kubernetes;

/// <summary>One autoscaler of a cluster: a ScaledObject, or a fixed number of replicas for the same workload.</summary>
internal sealed record ScaledObjectFile
{
    private const string StaticPrefix = "static-";

    /// <summary>The object as it is applied.</summary>
    public required JsonObject Object { get; init; }

    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The Deployment that is scaled.</summary>
    public required string Deployment { get; init; }

    public required int MinReplicas { get; init; }

    public required int MaxReplicas { get; init; }

    /// <summary>Instead of an autoscaler; null for none.</summary>
    public int? StaticReplicas { get; init; }

    /// <summary>Replicas at which a run may start.</summary>
    public int QuietReplicas => StaticReplicas ?? MinReplicas;

    /// <summary>POLICY.yaml of the folder; static-N takes its workload from the folder's first ScaledObject.</summary>
    public static ScaledObjectFile Read(string folder, string policy)
    {
        if (!policy.StartsWith(StaticPrefix, StringComparison.Ordinal))
            return ReadFile(Path.Combine(folder, policy + ".yaml"), policy);
        if (!Directory.Exists(folder) || Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).FirstOrDefault() is not { } any)
            throw new UsageException($"--scaled-objects: {folder} has no ScaledObject that names the workload for '{policy}'.");
        var workload = ReadFile(any, policy);
        if (policy == "static-max")
            return workload with { StaticReplicas = workload.MaxReplicas };
        return int.TryParse(policy.AsSpan(StaticPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? workload with { StaticReplicas = replicas }
            : throw new UsageException($"--policies: '{policy}' is not static-N or static-max.");
    }

    /// <summary>One autoscaler takes the other's place only if all are the same ScaledObject of the same Deployment.</summary>
    /// <exception cref="UsageException">They are not.</exception>
    public static void RequireOneWorkload(IEnumerable<ScaledObjectFile> files)
    {
        var workloads = files.Select(file => $"{file.Namespace}/{file.Name} for Deployment {file.Deployment}").Distinct().ToList();
        if (workloads.Count > 1)
            throw new UsageException($"--scaled-objects: the files describe different things ({string.Join("; ", workloads)}); they must be the same ScaledObject of the same Deployment.");
    }

    internal static ScaledObjectFile Parse(string yaml, string name)
    {
        JsonNode? document;
        try
        {
            document = YamlToJson.Convert(yaml);
        }
        catch (YamlException problem)
        {
            throw new UsageException($"{name} is no YAML: {problem.Message}");
        }

        if (document is not JsonObject root || (string?)root["kind"] != "ScaledObject")
            throw new UsageException($"{name} is no ScaledObject.");
        var spec = root["spec"] as JsonObject ?? throw new UsageException($"{name} has no spec.");
        if ((string?)spec["scaleTargetRef"]?["kind"] is { } kind && kind != "Deployment")
            throw new UsageException($"{name} scales a {kind}; only Deployments can be compared.");
        return new ScaledObjectFile
        {
            Object = root,
            Name = Text(root["metadata"]?["name"], "metadata.name"),
            Namespace = (string?)root["metadata"]?["namespace"] ?? "default",
            Deployment = Text(spec["scaleTargetRef"]?["name"], "spec.scaleTargetRef.name"),
            MinReplicas = (int?)(long?)spec["minReplicaCount"] ?? 0,
            MaxReplicas = (int?)(long?)spec["maxReplicaCount"] ?? 100, // KEDA's own default
        };

        string Text(JsonNode? node, string path) => (string?)node ?? throw new UsageException($"{name} has no {path}.");
    }

    private static ScaledObjectFile ReadFile(string path, string policy)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--policies: '{policy}' has no file that can be read: {problem.Message} Give --scaled-objects FOLDER with {policy}.yaml.");
        }
    }
}
