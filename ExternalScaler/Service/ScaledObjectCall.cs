using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Service;

/// <summary>What every RPC is about, checked.</summary>
internal readonly record struct ScaledObjectCall(ScaledObjectKey Key, TriggerSettings Settings)
{
    /// <exception cref="TriggerException">Something is wrong with it.</exception>
    public static ScaledObjectCall Of(ScaledObjectRef? reference)
    {
        if (reference is null)
            throw new TriggerException(["scaledObjectRef is missing."]);
        var errors = new List<string>();
        if (!TriggerParser.IsObjectName(reference.Name))
            errors.Add($"scaledObjectRef.name is '{MetadataReader.Shorten(reference.Name)}'; the name of a ScaledObject is needed.");
        if (!TriggerParser.IsObjectName(reference.Namespace))
            errors.Add($"scaledObjectRef.namespace is '{MetadataReader.Shorten(reference.Namespace)}'; the name of a namespace is needed.");
        TriggerSettings? settings = null;
        try
        {
            settings = TriggerParser.Parse(reference.ScalerMetadata.AsReadOnly());
        }
        catch (TriggerException error)
        {
            errors.AddRange(error.Errors);
        }
        if (errors.Count > 0)
            throw new TriggerException(errors);
        return new ScaledObjectCall(new ScaledObjectKey(reference.Namespace, reference.Name, settings!.Queue), settings);
    }
}
